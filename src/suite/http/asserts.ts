// `?? status == 200`: the asserts of httpyac, told in Hurl's queries, filters and predicates. This file reads the
// line; what an operator comes to is told by predicates.ts.
import { skipSpaces } from "../hurl/lines.ts";
import { suggestion } from "../hurl/suggestions.ts";
import type { Assert, Query, Span, Template } from "../hurl/tree.ts";
import { jsonPathOf } from "./json-paths.ts";
import { endLine, textEnd } from "./lines.ts";
import { isOperator, OPERATORS, type Operator, type Subject } from "./operators.ts";
import { judgement } from "./predicates.ts";
import { isVariable, plainText, type Reading, readTemplate, textTemplate } from "./templates.ts";

const KINDS = ["status", "header", "body", "duration", "xpath", "js"] as const;
type Kind = (typeof KINDS)[number];

const SYMBOLS = OPERATORS.filter((operator) => /^\W/.test(operator)).map((one) =>
  one.replace(/[=<>!]/g, "[$&]"),
);
const WORDS = OPERATORS.filter((operator) => /^\w/.test(operator));
const OPERATOR = new RegExp(`(?<=^|\\s)(?:${SYMBOLS.join("|")}|(?:${WORDS.join("|")})(?=\\s|$))`, "g");

/** `?? kind subject operator expected`: else `ASSERT`, or what is wrong with a part. */
export function readHttpAssert(reading: Reading): Assert {
  const { scanner } = reading;
  skipSpaces(scanner);
  const start = scanner.position;
  const end = textEnd(scanner);
  scanner.take("??", "mark");
  skipSpaces(scanner);
  const kind = readKind(reading);
  const place = findOperator(kind, scanner.text.slice(scanner.offset, end));
  if (place === undefined) {
    throw scanner.error("ASSERT", `expecting an operator. Valid values are ${OPERATORS.join(", ")}`);
  }
  const subject = readSubject(reading, kind, scanner.offset + place.subject.length);
  skipSpaces(scanner);
  const operator = readOperator(reading, place.operator);
  if (scanner.offset < end) skipSpaces(scanner);
  const expected = readTemplate(reading, end);
  const source: Span = scanner.since(start);
  const judged = judgement(subject, operator, expected, scanner);
  return { kind: "assert", before: [], ...judged, ending: endLine(scanner), source };
}

function readKind({ scanner }: Reading): Kind {
  const start = scanner.position;
  const word = scanner.takeWhile((char) => !/\s/.test(char));
  const kind = KINDS.find((one) => one === word);
  if (kind === undefined) {
    throw scanner.error("ASSERT", `the assert is not valid. ${suggestion(KINDS, word)}`, start);
  }
  scanner.emit("keyword");
  skipSpaces(scanner);
  return kind;
}

interface Place {
  readonly subject: string;
  readonly operator: Operator;
}

/** Expressions may have operators in them, so there it is the last; elsewhere the value may, so it is the first. */
function findOperator(kind: Kind, rest: string): Place | undefined {
  const found = [...rest.matchAll(OPERATOR)];
  const match = kind === "xpath" || kind === "js" ? found.at(-1) : found[0];
  const operator = match?.[0];
  if (match === undefined || !isOperator(operator)) return undefined;
  return { subject: rest.slice(0, match.index).trimEnd(), operator };
}

function readOperator(
  { scanner }: Reading,
  name: Operator,
): { readonly name: Operator; readonly source: Span } {
  const start = scanner.position;
  scanner.take(name, "keyword");
  return { name, source: scanner.since(start) };
}

/** What is looked at: from the cursor to `end`. */
function readSubject(reading: Reading, kind: Kind, end: number): Subject {
  const { scanner } = reading;
  const start = scanner.position;
  const text = scanner.text.slice(scanner.offset, end);
  if (kind === "js") return readExpression(reading, text);
  const written = readTemplate(reading, end);
  const source = text === "" ? scanner.since(start) : written.source;
  const missing = (what: string): Error => scanner.error("ASSERT", `expecting ${what}`, start);
  switch (kind) {
    case "status":
      if (text !== "") throw missing("an operator");
      return { of: "number", query: { kind, source } };
    case "duration":
      if (text !== "" && text !== "total") {
        throw missing("an operator: only the total duration can be asked for");
      }
      return { of: "number", query: { kind, source } };
    case "header":
      if (text === "") throw missing("the name of a header");
      return { of: "text", query: { kind, name: written, source } };
    case "xpath":
      if (text === "") throw missing("an XPath expression");
      return { of: "xpath", query: { kind, expression: written, source } };
    case "body":
      if (text === "") return { of: "body", query: { kind, source } };
      return { of: "json", query: { kind: "jsonpath", expression: pathTemplate(written), source } };
  }
}

/** A path as JSONPath; one with variables in it is taken to be a path of short names and indexes. */
function pathTemplate(path: Template): Template {
  const { source, parts } = path;
  const text = plainText(path);
  if (text !== undefined) return textTemplate(jsonPathOf(text), source, text);
  const [first] = parts;
  const begins = first?.kind === "text" ? first.value.charAt(0) : "";
  if (begins === "$") return path;
  const root = { kind: "text", value: begins === "[" ? "$" : "$.", raw: "", source } as const;
  return { ...path, parts: [root, ...parts] };
}

const HEADER = /^(?:response\.)?headers(?:\.([\w-]+)|\[(["'])(.+)\2\])$/;

/** The paths of JavaScript that say what a query says, too: else `EXPRESSION`. */
function readExpression({ scanner, uses }: Reading, text: string): Subject {
  const start = scanner.position;
  scanner.advance(text.length);
  const source = scanner.since(start);
  scanner.emit("text");
  const json = /^response\.parsedBody(?=$|[.[])/.exec(text);
  const header = HEADER.exec(text);
  const query = ((): Query | undefined => {
    if (/^response\.(?:statusCode|status)$/.test(text)) return { kind: "status", source };
    if (text === "response.timings.total") return { kind: "duration", source };
    if (text === "response.body") return { kind: "body", source };
    if (header === null) return undefined;
    return { kind: "header", name: textTemplate(header[1] ?? header[3] ?? "", source), source };
  })();
  if (query !== undefined) {
    const of = query.kind === "body" ? "body" : query.kind === "header" ? "text" : "number";
    return { of, query };
  }
  if (json !== null && isVariable(`a${text.slice(json[0].length)}`)) {
    const path = jsonPathOf(text.slice(json[0].length).replace(/^\./, ""));
    return { of: "json", query: { kind: "jsonpath", expression: textTemplate(path, source, text), source } };
  }
  if (text.startsWith("response.") || !isVariable(text)) {
    const problem =
      "JavaScript is not evaluated; response.parsedBody with a path of names, such as " +
      "response.parsedBody.items[0].id, and names of variables can be asked for";
    throw scanner.error("EXPRESSION", text === "" ? "expecting a path or a variable" : problem, start);
  }
  uses.push({ kind: "variable", name: text, source });
  return { of: "variable", query: { kind: "variable", name: textTemplate(text, source), source } };
}
