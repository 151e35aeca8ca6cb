// JSON as a body, with placeholders for values and inside strings (RFC 8259 for the rest). It keeps the values in
// their order and the numbers as they are written.
import { isDigit, readConstant } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { readDelimited, readPlaceholder, type TextRules } from "./templates.ts";
import type { JsonMember, JsonObject, JsonValue, Template } from "./tree.ts";

const STRING: TextRules = {
  ends: (scanner) => scanner.char === '"',
  escapes: '"\\/bfnrtu',
  unicode: "four",
  placeholders: true,
};

/** Any JSON value: else `JSON`. */
export function readJsonValue(scanner: Scanner): JsonValue {
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  const start = scanner.position;
  if (scanner.char === "{") return readJsonObject(scanner);
  if (scanner.char === "[") {
    const elements = readList(scanner, "[", "]", readJsonValue);
    return { kind: "array", elements, source: scanner.since(start) };
  }
  if (scanner.char === '"') {
    const value = readString(scanner);
    return { kind: "string", value, source: value.source };
  }
  if (isDigit(scanner.char) || scanner.char === "-") {
    const text = takeNumber(scanner);
    return { kind: "number", text, source: scanner.since(start) };
  }
  const constant = readConstant(scanner);
  if (constant !== undefined) return constant;
  throw scanner.error("JSON", "expecting a boolean, number, string, array, object or null");
}

/** `{...}`: else `JSON` or `EXPECTED`. */
export function readJsonObject(scanner: Scanner): JsonObject {
  const start = scanner.position;
  const members = readList(scanner, "{", "}", readMember);
  return { kind: "object", members, source: scanner.since(start) };
}

function readMember(scanner: Scanner): JsonMember {
  const start = scanner.position;
  const name = readString(scanner);
  skipWhitespace(scanner);
  scanner.expect(":");
  skipWhitespace(scanner);
  const value = readJsonValue(scanner);
  return { name, value, source: scanner.since(start) };
}

function readString(scanner: Scanner): Template {
  return readDelimited(scanner, '"', STRING);
}

function readList<T>(
  scanner: Scanner,
  open: string,
  close: string,
  read: (scanner: Scanner) => T,
): readonly T[] {
  return scanner.nested("JSON", () => {
    const items: T[] = [];
    scanner.expect(open);
    skipWhitespace(scanner);
    while (!scanner.take(close, "mark")) {
      if (items.length > 0) skipComma(scanner, close);
      items.push(read(scanner));
      skipWhitespace(scanner);
    }
    return items;
  });
}

/** Passes the comma between two elements; it must not be the last thing in its list, nor stand twice. */
function skipComma(scanner: Scanner, close: string): void {
  const comma = scanner.position;
  if (scanner.char !== ",") throw scanner.error("EXPECTED", `expecting '${close}'`);
  scanner.expect(",");
  skipWhitespace(scanner);
  if (scanner.char === ",") throw scanner.error("JSON", "expecting an element; found empty element instead");
  if (scanner.startsWith(close)) throw scanner.error("JSON", "trailing comma is not allowed", comma);
}

function takeNumber(scanner: Scanner): string {
  const start = scanner.position;
  if (scanner.char === "-") scanner.advance(1);
  if (scanner.char === "0") scanner.advance(1);
  else takeDigits(scanner);
  if (scanner.char === ".") {
    scanner.advance(1);
    takeDigits(scanner);
  }
  if (scanner.char === "e" || scanner.char === "E") {
    scanner.advance(1);
    if (scanner.startsWith("+") || scanner.startsWith("-")) scanner.advance(1);
    takeDigits(scanner);
  }
  scanner.emit("number");
  return scanner.slice(start);
}

function takeDigits(scanner: Scanner): void {
  if (scanner.takeWhile(isDigit) === "") throw scanner.error("JSON", "expecting a digit");
}

function skipWhitespace(scanner: Scanner): void {
  scanner.takeWhile((char) => char === " " || char === "\t" || char === "\n" || char === "\r");
  scanner.emit("space");
}
