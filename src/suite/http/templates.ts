// Text with `{{…}}` in `.http` files: variables, dynamic variables, and parts of earlier answers. A part of an
// answer is a variable here, named as it is written: who looks for the answer is told by references.ts.
import { skipSpaces } from "../hurl/lines.ts";
import type { Scanner } from "../hurl/scanner.ts";
import type { Placeholder, Span, Template, TemplatePart, Variable } from "../hurl/tree.ts";
import { dynamicVariable } from "./dynamic-variables.ts";

/** Where a line's text is read from, and the variables that were met. */
export interface Reading {
  readonly scanner: Scanner;
  uses: Variable[];
}

const PLAIN = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;
const OF_ANSWER = /^[\p{L}\p{N}_-]+\.(?:request|response)\.(?:body|headers)(?:\.\S.*)?$/u;
const PATH = /^[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}_][\p{L}\p{N}_-]*|\[\d+\]|\["[^"]*"\]|\['[^']*'\])+$/u;

/** Whether `text` names a variable or a part of an earlier answer. */
export function isVariable(text: string): boolean {
  return PLAIN.test(text) || OF_ANSWER.test(text) || PATH.test(text);
}

/** Text up to the offset `end`. `meaning` changes what stands between placeholders, which do not go over a line's end. */
export function readParts(
  reading: Reading,
  end: number,
  meaning: (text: string) => string = same,
): readonly TemplatePart[] {
  const { scanner } = reading;
  const parts: TemplatePart[] = [];
  let start = scanner.position;
  const flush = (): void => {
    const raw = scanner.slice(start);
    const source = scanner.since(start);
    if (raw !== "") parts.push({ kind: "text", value: unescaped(meaning(raw)), raw, source });
    scanner.emit("text");
  };
  let line = { end: scanner.offset, lastClose: -1 };
  while (scanner.offset < end) {
    if (scanner.offset >= line.end) line = lineFrom(scanner, end);
    // Of "{{{a}}}" the outer braces are text.
    const opens = scanner.startsWith("{{") && scanner.charAt(2) !== "{";
    if (scanner.startsWith("\\{\\{")) scanner.advance(4);
    else if (!opens || line.lastClose < scanner.offset + 2) scanner.advance(1);
    else {
      flush();
      parts.push(readPlaceholder(reading));
      start = scanner.position;
    }
  }
  flush();
  return parts;
}

/** The same as a template. */
export function readTemplate(
  reading: Reading,
  end: number,
  meaning: (text: string) => string = same,
): Template {
  const start = reading.scanner.position;
  const parts = readParts(reading, end, meaning);
  return { delimiter: "", parts, source: reading.scanner.since(start) };
}

/** A template of one text that stands at `source`. */
export function textTemplate(value: string, source: Span, raw: string = value): Template {
  const parts = value === "" ? [] : [{ kind: "text", value, raw, source } as const];
  return { delimiter: "", parts, source };
}

/** The one placeholder that a template consists of. */
export function onlyPlaceholder({ parts }: Template): Placeholder | undefined {
  const [part] = parts;
  return parts.length === 1 && part?.kind === "placeholder" ? part : undefined;
}

/** The text of a template without placeholders. */
export function plainText({ parts }: Template): string | undefined {
  return parts.every((part) => part.kind === "text") ? parts.map((part) => part.value).join("") : undefined;
}

/** Where the line at the cursor ends, and where on it the last placeholder can end. */
function lineFrom(
  { text, offset }: Scanner,
  most: number,
): { readonly end: number; readonly lastClose: number } {
  const newline = text.indexOf("\n", offset);
  const end = newline === -1 ? most : Math.min(newline + 1, most);
  return { end, lastClose: text.lastIndexOf("}}", end - 2) };
}

/** `{{`, a variable, `}}`; the caller knows that all of it stands on this line. */
function readPlaceholder({ scanner, uses }: Reading): Placeholder {
  const start = scanner.position;
  const close = scanner.text.indexOf("}}", scanner.offset + 2);
  scanner.take("{{", "mark");
  skipSpaces(scanner);
  const first = scanner.position;
  const text = scanner.text.slice(scanner.offset, Math.max(close, scanner.offset)).trimEnd();
  scanner.advance(text.length);
  const source = scanner.since(first);
  scanner.emit("keyword");
  skipSpaces(scanner);
  scanner.expect("}}");
  // How httpyac's scripts name a variable of the process.
  const dynamic = text.replace(/^process\.env\.(?=\w+$)/, "$env.");
  if (dynamic.startsWith("$")) {
    const value = dynamicVariable(dynamic, source, (expected) => scanner.error("FUNCTION", expected, first));
    if (value.kind === "variable") uses.push(value);
    return { kind: "placeholder", value, filters: [], source: scanner.since(start) };
  }
  if (!isVariable(text)) {
    const problem =
      text === ""
        ? "expecting a variable"
        : "expecting the name of a variable: expressions of JavaScript are not evaluated. " +
          "Define it with @name = value, or write \\{\\{ and \\}\\} for the braces themselves";
    throw scanner.error("EXPRESSION", problem, first);
  }
  const value: Variable = { kind: "variable", name: text, source };
  uses.push(value);
  return { kind: "placeholder", value, filters: [], source: scanner.since(start) };
}

function unescaped(text: string): string {
  return text.replaceAll("\\{\\{", "{{").replaceAll("\\}\\}", "}}");
}

function same(text: string): string {
  return text;
}
