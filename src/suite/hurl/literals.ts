// The small literals: words, numbers, booleans, null and regular expressions between slashes. Knows no strings.
import type { Scanner } from "./scanner.ts";
import type { BooleanValue, IntegerValue, NullValue, NumberValue, RegexLiteral, Word } from "./tree.ts";

const ALPHANUMERIC = /^[\p{Alphabetic}\p{N}]$/u;

export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

export function isHexDigit(char: string): boolean {
  return isDigit(char) || (char.length === 1 && "abcdefABCDEF".includes(char));
}

export function isCapital(char: string): boolean {
  return char >= "A" && char <= "Z" && char.length === 1;
}

/** Letters and digits of every script, as Hurl's names have them. */
export function isAlphanumeric(char: string): boolean {
  return ALPHANUMERIC.test(char);
}

/** Characters of a variable's name after the first one. */
export function isNamePart(char: string): boolean {
  return char === "_" || char === "-" || isAlphanumeric(char);
}

/** Characters of keywords: names of queries, filters and predicates. */
export function isKeywordPart(char: string): boolean {
  return (char.length === 1 && char >= "a" && char <= "z") || isCapital(char) || isDigit(char);
}

/** The keyword at the cursor, which does not move. */
export function peekKeyword(scanner: Scanner): string {
  let length = 0;
  while (length < 64 && isKeywordPart(scanner.charAt(length))) length += 1;
  return scanner.text.slice(scanner.offset, scanner.offset + length);
}

/** Whether `word` stands here and no longer one does. */
export function atKeyword(scanner: Scanner, word: string): boolean {
  return scanner.startsWith(word) && !isNamePart(scanner.charAt(word.length));
}

/** Passes what `accepts`, as a word. */
export function readWord(scanner: Scanner, accepts: (char: string) => boolean): Word {
  const start = scanner.position;
  const text = scanner.takeWhile(accepts);
  scanner.emit("keyword");
  return { text, source: scanner.since(start) };
}

/** `null`, `true` or `false`; undefined when none of them stands here. */
export function readConstant(scanner: Scanner): NullValue | BooleanValue | undefined {
  const word = ["null", "true", "false"].find((one) => atKeyword(scanner, one));
  if (word === undefined) return undefined;
  const start = scanner.position;
  scanner.take(word, "keyword");
  const source = scanner.since(start);
  return word === "null" ? { kind: "null", source } : { kind: "boolean", value: word === "true", source };
}

/** Whether a number begins here. */
export function atNumber(scanner: Scanner): boolean {
  return isDigit(scanner.char) || (scanner.char === "-" && isDigit(scanner.charAt(1)));
}

/** An integer of any size, or a number with a fraction; the caller knows that a number begins here. */
export function readNumber(scanner: Scanner): NumberValue {
  const start = scanner.position;
  takeWhole(scanner);
  const float = scanner.char === "." && isDigit(scanner.charAt(1));
  if (float) {
    scanner.advance(1);
    scanner.takeWhile(isDigit);
  }
  scanner.emit("number");
  return { kind: float ? "float" : "integer", text: scanner.slice(start), source: scanner.since(start) };
}

/** An integer, negative or not: else `EXPECTED`. */
export function readInteger(scanner: Scanner): IntegerValue {
  if (!atNumber(scanner)) throw scanner.error("EXPECTED", "expecting 'integer'");
  const start = scanner.position;
  takeWhole(scanner);
  scanner.emit("number");
  return { kind: "integer", text: scanner.slice(start), source: scanner.since(start) };
}

/** A regular expression between slashes, on one line; the caller knows that a slash stands here. */
export function readRegex(scanner: Scanner): RegexLiteral {
  const start = scanner.position;
  scanner.expect("/");
  let pattern = "";
  while (scanner.char !== "/") {
    if (scanner.atLineEnd) throw scanner.error("EXPECTED", "expecting '/'");
    pattern += takePatternPiece(scanner);
  }
  scanner.emit("text");
  scanner.expect("/");
  return { kind: "regex", pattern, source: scanner.since(start) };
}

/** Digits, negative or not; nothing follows a zero at the front, as in JSON. */
function takeWhole(scanner: Scanner): void {
  if (scanner.char === "-") scanner.advance(1);
  if (scanner.char === "0") scanner.advance(1);
  else scanner.takeWhile(isDigit);
}

/** One character of a pattern, or two where the first is a backslash: it stays, unless it only hides a slash. */
function takePatternPiece(scanner: Scanner): string {
  const first = scanner.char;
  scanner.advance(first.length);
  if (first !== "\\" || scanner.atLineEnd) return first;
  const second = scanner.char;
  scanner.advance(second.length);
  return second === "/" ? second : first + second;
}
