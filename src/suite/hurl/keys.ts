// Keys: the names of headers, parameters, cookies, captures and options; and whether a line begins with one. A key
// is told from a body or a request by the colon after it, which takes a look along the line.
import { isSpace, skipSpaces } from "./lines.ts";
import { isAlphanumeric, isHexDigit } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { readBare, type TextRules } from "./templates.ts";
import type { Template } from "./tree.ts";

const KEY: TextRules = {
  ends: (scanner) => !(isKeyPart(scanner.char) || scanner.char === "\\" || scanner.startsWith("{{")),
  escapes: "#:\\/bfnrtu",
  unicode: "braces",
  placeholders: true,
};

/** A key, its colon and the spaces around that; the caller knows that they stand here. */
export function readKeyAndColon(scanner: Scanner): Template {
  const key = readBare(scanner, KEY);
  skipSpaces(scanner);
  scanner.expect(":");
  skipSpaces(scanner);
  return key;
}

/** Whether a key and a colon stand here. It looks no further than the line's end. */
export function atKeyValue(scanner: Scanner): boolean {
  const { text, offset } = scanner;
  // A key cannot begin with "[", which begins a section.
  if (text[offset] === "[") return false;
  let at = offset;
  for (let next = afterKeyPart(scanner, at); next !== at; next = afterKeyPart(scanner, at)) at = next;
  if (at === offset) return false;
  while (isSpace(text[at] ?? "")) at += 1;
  return text[at] === ":";
}

/** The offset after the piece of a key at `at`; `at` itself where there is none. */
function afterKeyPart(scanner: Scanner, at: number): number {
  const { text } = scanner;
  if (text.startsWith("{{", at)) return afterPlaceholder(text, at);
  if (text.startsWith("\\u{", at)) return afterDigits(text, at + 3);
  if (text[at] === "\\") return isLineEnd(text[at + 1]) ? at : at + 2;
  const char = scanner.charAt(at - scanner.offset);
  return isKeyPart(char) ? at + char.length : at;
}

/** The offset after the digits of `\u{1f600}` and its brace. */
function afterDigits(text: string, at: number): number {
  let next = at;
  while (isHexDigit(text.charAt(next))) next += 1;
  return text[next] === "}" ? next + 1 : next;
}

/** The offset after a placeholder's "}}"; `at` itself where the line ends first. */
function afterPlaceholder(text: string, at: number): number {
  // What is open, by what closes it: a placeholder, a string in it, a placeholder in that; or a pattern.
  const open = ["}}"];
  let next = at + 2;
  for (let close = open.at(-1); close !== undefined; close = open.at(-1)) {
    if (isLineEnd(text[next])) return at;
    if (text.startsWith(close, next)) {
      open.pop();
      next += close.length;
    } else if (close === "}}") {
      if (text[next] === '"' || text[next] === "/") open.push(text.charAt(next));
      next += 1;
    } else if (close === '"' && text.startsWith("{{", next)) {
      open.push("}}");
      next += 2;
    } else next += text[next] === "\\" && !isLineEnd(text[next + 1]) ? 2 : 1;
  }
  return next;
}

function isLineEnd(unit: string | undefined): boolean {
  return unit === undefined || unit === "\n";
}

function isKeyPart(char: string): boolean {
  return isAlphanumeric(char) || (char !== "" && "_-.[]@$".includes(char));
}
