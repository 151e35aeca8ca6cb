// A text between "```": its language, its attributes, and GraphQL's variables. Knows nothing of what the text
// means in its language.

import type { HurlSyntaxError } from "./errors.ts";
import { readJsonObject } from "./json-value.ts";
import { skipSpaces } from "./lines.ts";
import { isKeywordPart, peekKeyword } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { readBare, type TextRules } from "./templates.ts";
import type { JsonObject, Multiline, MultilineAttribute, MultilineLanguage, Position } from "./tree.ts";

const FENCE = "```";
const LANGUAGES: readonly MultilineLanguage[] = ["base64", "hex", "json", "xml", "graphql", "raw"];
const ATTRIBUTES: readonly MultilineAttribute[] = ["escape", "novariable"];
const ESCAPES = "\\bfnrt`u";

interface Hints {
  readonly language: MultilineLanguage | undefined;
  readonly attributes: readonly MultilineAttribute[];
}

/** A text between fences; on one line it has no language. Else `EXPECTED` or `MULTILINE_ATTRIBUTE`. */
export function readMultiline(scanner: Scanner): Multiline {
  const start = scanner.position;
  scanner.expect(FENCE);
  const hints = closesOnLine(scanner) ? { language: undefined, attributes: [] } : readHints(scanner);
  const value = readBare(scanner, rulesFor(hints));
  const end = scanner.position;
  const variables = scanner.startsWith("variables") ? readVariables(scanner) : undefined;
  const written = variables === undefined ? {} : { variablesText: scanner.slice(end) };
  scanner.expect(FENCE);
  const source = scanner.since(start);
  return { kind: "multiline", ...hints, value, variables, ...written, source };
}

/** Whether the closing fence stands on the opening one's line. */
function closesOnLine(scanner: Scanner): boolean {
  let at = scanner.offset;
  while (at < scanner.text.length && scanner.text[at] !== "\n") {
    if (scanner.text.startsWith(FENCE, at)) return true;
    at += 1;
  }
  return false;
}

/** The words after the opening fence, and its newline. The attributes are of Hurl before version 8. */
function readHints(scanner: Scanner): Hints {
  let language: MultilineLanguage | undefined;
  const attributes: MultilineAttribute[] = [];
  let start = scanner.position;
  for (let first = true; first || scanner.take(",", "mark"); first = false) {
    skipSpaces(scanner);
    if (first) start = scanner.position;
    const word = peekKeyword(scanner);
    const known = first ? LANGUAGES.find((name) => name === word) : undefined;
    const attribute = ATTRIBUTES.find((name) => name === word);
    if (known !== undefined) language = known;
    else if (attribute !== undefined) attributes.push(attribute);
    else if (!mayBeMissing(scanner, first, language)) throw invalidHint(scanner, start);
    scanner.advance(word.length);
    scanner.emit("keyword");
    skipSpaces(scanner);
    start = scanner.position;
  }
  if (!scanner.atLineEnd) throw invalidHint(scanner, start);
  if (scanner.atEnd) throw scanner.error("EXPECTED", "expecting 'newline'");
  scanner.advance(scanner.char === "\r" ? 2 : 1);
  scanner.emit("newline");
  return { language, attributes };
}

/** Whether no word has to stand here: in front, and after the comma that GraphQL may have. */
function mayBeMissing(scanner: Scanner, first: boolean, language: MultilineLanguage | undefined): boolean {
  if (first) return scanner.atLineEnd || scanner.char === ",";
  return scanner.atLineEnd && language === "graphql";
}

/** What is wrong with the rest of the line, from `start` on. */
function invalidHint(scanner: Scanner, start: Position): HurlSyntaxError {
  scanner.takeWhile((char) => !scanner.atLineEnd && char !== "`");
  return scanner.error("MULTILINE_ATTRIBUTE", `Invalid language hint ${scanner.slice(start)}`, start);
}

function rulesFor({ language, attributes }: Hints): TextRules {
  const graphql = language === "graphql";
  return {
    ends: (scanner) => scanner.startsWith(FENCE) || (graphql && atVariables(scanner)),
    escapes: attributes.includes("escape") ? ESCAPES : "",
    unicode: "braces",
    placeholders: language !== "raw" && !attributes.includes("novariable"),
  };
}

/** Whether a line begins here with the word "variables". */
function atVariables(scanner: Scanner): boolean {
  if (!scanner.startsWith("variables") || scanner.text[scanner.offset - 1] !== "\n") return false;
  return !isKeywordPart(scanner.charAt("variables".length)) && scanner.charAt("variables".length) !== "_";
}

function readVariables(scanner: Scanner): JsonObject {
  scanner.expect("variables", "keyword");
  skipSpaces(scanner);
  if (scanner.char !== "{") {
    throw scanner.error("GRAPHQL_VARIABLES", "GraphQL variables is not a valid JSON object");
  }
  const variables = readJsonObject(scanner);
  scanner.takeWhile((char) => char === " " || char === "\t" || char === "\n" || char === "\r");
  scanner.emit("space");
  return variables;
}
