// A GraphQL request: its query, and after a blank line its variables, which are JSON. Knows nothing of the language.
import { HurlSyntaxError } from "../hurl/errors.ts";
import { readJsonObject } from "../hurl/json-value.ts";
import { Scanner } from "../hurl/scanner.ts";
import type {
  JsonObject,
  JsonValue,
  Multiline,
  Placeholder,
  Span,
  Template,
  TemplatePart,
} from "../hurl/tree.ts";
import type { BodyPiece } from "./region.ts";

type LinePiece = Extract<BodyPiece, { readonly kind: "line" }>;

/** The body of a GraphQL request from lines of the file `text`: else `JSON`, or `GRAPHQL_VARIABLES`. */
export function graphqlBody(lines: readonly LinePiece[], text: string, source: Span): Multiline {
  for (const { source: at } of lines) {
    if (!/^\s*gql\s+\S+\s*</.test(text.slice(at.start.offset, at.end.offset))) continue;
    throw new HurlSyntaxError(
      "FILENAME",
      at.start,
      "a query is not read from a file here: write it in the request",
    );
  }
  const split = variablesAt(lines, text);
  const parts = linesText(lines.slice(0, split), text);
  const value: Template = { delimiter: "", parts, source };
  const rest = lines.slice(split);
  const variables = rest.length === 0 ? undefined : readVariables(rest, text);
  return { kind: "multiline", language: "graphql", attributes: [], value, variables, source };
}

/** The lines' parts with `newline` between one and the next; `text` is the whole file. */
export function linesText(
  lines: readonly LinePiece[],
  text: string,
  newline = "\n",
): readonly TemplatePart[] {
  return lines.flatMap((line, index) =>
    index === lines.length - 1 ? line.parts : [...line.parts, newlinePart(line, text, newline)],
  );
}

/** What ends a piece of a body, and what it means there. */
export function newlinePart({ newline: source }: BodyPiece, text: string, value: string): TemplatePart {
  return { kind: "text", value, raw: text.slice(source.start.offset, source.end.offset), source };
}

/** The line that the variables begin on: one after a blank line, with an object of JSON rather than a selection. */
function variablesAt(lines: readonly LinePiece[], text: string): number {
  const blank = ({ source }: LinePiece): boolean =>
    text.slice(source.start.offset, source.end.offset).trim() === "";
  const end = lines.at(-1)?.source.end.offset ?? 0;
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before === undefined || !blank(before)) continue;
    if (/^\s*\{\s*(?:"|\})/.test(text.slice(line.source.start.offset, end))) return index;
  }
  return lines.length;
}

/**
 * Hurl's reader of JSON reads the variables. It does not know the names that placeholders have here, so it gets
 * others of the same length, and what is meant is put back by its place.
 */
function readVariables(lines: readonly LinePiece[], text: string): JsonObject {
  const start = lines[0]?.source.start.offset ?? 0;
  const end = lines.at(-1)?.source.end.offset ?? start;
  const meant = new Map<number, Placeholder>();
  let readable = text.slice(0, end);
  for (const part of lines.flatMap(({ parts }) => parts)) {
    if (part.kind === "text") continue;
    const from = part.source.start.offset;
    const to = part.source.end.offset;
    meant.set(from, part);
    readable = `${readable.slice(0, from)}{{${"x".repeat(to - from - 4)}}}${readable.slice(to)}`;
  }
  const scanner = new Scanner(readable);
  scanner.advance(start - scanner.offset);
  scanner.takeWhile((char) => char === " " || char === "\t");
  const object = readJsonObject(scanner);
  scanner.takeWhile((char) => /\s/.test(char));
  if (!scanner.atEnd) {
    throw scanner.error("GRAPHQL_VARIABLES", "expecting nothing after the variables of the query");
  }
  return restored(object, meant) as JsonObject;
}

function restored(value: JsonValue, meant: ReadonlyMap<number, Placeholder>): JsonValue {
  const original = (placeholder: Placeholder): Placeholder =>
    meant.get(placeholder.source.start.offset) ?? placeholder;
  const template = (one: Template): Template => ({
    ...one,
    parts: one.parts.map((part) => (part.kind === "text" ? part : original(part))),
  });
  switch (value.kind) {
    case "placeholder":
      return original(value);
    case "string":
      return { ...value, value: template(value.value) };
    case "array":
      return { ...value, elements: value.elements.map((element) => restored(element, meant)) };
    case "object": {
      const members = value.members.map((member) => ({
        ...member,
        name: template(member.name),
        value: restored(member.value, meant),
      }));
      return { ...value, members };
    }
    default:
      return value;
  }
}
