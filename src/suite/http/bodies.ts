// The body of a request: lines and files, joined as their media type has it.
import { HurlSyntaxError } from "../hurl/errors.ts";
import type { BodyValue, HurlBody, MixedBody, StringValue, Template, TemplatePart } from "../hurl/tree.ts";
import { graphqlBody, linesText, newlinePart } from "./graphql.ts";
import { noLineEnd } from "./lines.ts";
import { type BodyPiece, isBlankPiece } from "./region.ts";

/** How the pieces of a body belong together. */
export type BodyForm = "text" | "multipart" | "form" | "form-as-written" | "graphql";

type LinePiece = Extract<BodyPiece, { readonly kind: "line" }>;

/** A body without the blank lines around it; undefined when nothing is left. `text` is the whole file. */
export function bodyOf(pieces: readonly BodyPiece[], form: BodyForm, text: string): HurlBody | undefined {
  const kept = trimmed(pieces);
  const [first] = kept;
  const last = kept.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const source = { start: first.source.start, end: last.source.end };
  const value = { ...bodyValue(kept, form, text, source), source };
  return { before: [], value, ending: noLineEnd(source.end), source };
}

function bodyValue(
  pieces: readonly BodyPiece[],
  form: BodyForm,
  text: string,
  source: HurlBody["source"],
): BodyValue {
  const lines = pieces.filter((piece) => piece.kind === "line");
  const file = pieces.find((piece) => piece.kind === "file")?.file;
  if (file === undefined)
    return form === "graphql" ? graphqlBody(lines, text, source) : textBody(lines, form, text, source);
  if (form === "graphql") {
    const problem = "a GraphQL query is not read from a file here: write it in the request";
    throw new HurlSyntaxError("FILENAME", file.source.start, problem);
  }
  if (file.kind === "file" && pieces.length === 1) return file;
  return { kind: "mixed", pieces: mixed(pieces, text, newlineOf(form)), source };
}

function textBody(
  lines: readonly LinePiece[],
  form: BodyForm,
  text: string,
  source: HurlBody["source"],
): BodyValue {
  const parts =
    form === "form" || form === "form-as-written"
      ? formParts(lines, form)
      : linesText(lines, text, newlineOf(form));
  const value: Template = { delimiter: "", parts, source };
  return { kind: "multiline", language: "raw", attributes: [], value, variables: undefined, source };
}

/** Runs of lines as texts, and the files between them. */
function mixed(pieces: readonly BodyPiece[], text: string, newline: string): MixedBody["pieces"] {
  const found: (StringValue | Extract<BodyPiece, { readonly kind: "file" }>["file"])[] = [];
  let run: TemplatePart[] = [];
  const flush = (): void => {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) return;
    const source = { start: first.source.start, end: last.source.end };
    found.push({ kind: "string", value: { delimiter: "", parts: run, source }, source });
    run = [];
  };
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === "line") run.push(...piece.parts);
    else {
      flush();
      found.push(piece.file);
    }
    if (index < pieces.length - 1) run.push(newlinePart(piece, text, newline));
  }
  flush();
  return found;
}

/** The lines of a multipart body end in CRLF (RFC 2046, 5.1.1); of others, whatever the file has, in LF. */
function newlineOf(form: BodyForm): string {
  return form === "multipart" ? "\r\n" : "\n";
}

/** A form over several lines is one line, and the white space around its names and values is not meant. */
function formParts(lines: readonly LinePiece[], form: "form" | "form-as-written"): readonly TemplatePart[] {
  return lines.flatMap(({ parts }) =>
    parts.map((part, index): TemplatePart => {
      if (part.kind === "placeholder") return part;
      let value = part.value.replace(/\s*([&=])\s*/g, "$1");
      if (index === 0) value = value.trimStart();
      if (index === parts.length - 1) value = value.trimEnd();
      return { ...part, value: form === "form" ? encoded(value) : value };
    }),
  );
}

/** What may not stand in a form, percent-encoded; what is encoded already, or holds the form together, stays. */
function encoded(text: string): string {
  return text.replace(/[^!$&'()*+,\-./0-9:;=?@A-Z_a-z~%[\]]+/gu, (run) =>
    [...Buffer.from(run, "utf8")]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

function trimmed(pieces: readonly BodyPiece[]): readonly BodyPiece[] {
  const first = pieces.findIndex((piece) => !isBlankPiece(piece));
  const last = pieces.findLastIndex((piece) => !isBlankPiece(piece));
  return first === -1 ? [] : pieces.slice(first, last + 1);
}
