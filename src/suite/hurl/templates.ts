// Text with placeholders and escapes, in all the places that a Hurl file has it. Each place has its rules: where
// the text ends, and what a backslash may stand before.
import { readFilters } from "./filters.ts";
import { isSpace, skipSpaces } from "./lines.ts";
import { isAlphanumeric, isDigit, isHexDigit, isNamePart, readWord } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import type {
  Delimiter,
  FunctionCall,
  Placeholder,
  Position,
  Template,
  TemplatePart,
  Variable,
} from "./tree.ts";

/** How a text is read. */
export interface TextRules {
  readonly ends: (scanner: Scanner) => boolean;
  /** What a backslash may stand before; "" where it is a character as any other. */
  readonly escapes: string;
  /** Which of them stay as they are written, for whoever reads the text next. */
  readonly kept?: string;
  /** How "\u" goes on: `\u{1f600}`, or JSON's `\ud83d\ude00`. */
  readonly unicode: "braces" | "four";
  readonly placeholders: boolean;
}

const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const FUNCTIONS = ["newDate", "newUuid"] as const;

const QUOTED: TextRules = {
  ends: (scanner) => scanner.char === '"' || scanner.atLineEnd,
  escapes: '"#\\/bfnrtu',
  unicode: "braces",
  placeholders: true,
};

const ONE_LINE: TextRules = { ...QUOTED, ends: endsOneLine, escapes: "`#\\bfnrtu" };
const FILENAME: TextRules = { ...QUOTED, ends: endsFilename, escapes: "\\bfnrt#; {}u" };
// A colon in a name must not be taken for the one before the password.
const FILENAME_PASSWORD: TextRules = { ...FILENAME, escapes: "\\bfnrt#; {}:u", kept: ":" };

/** The parts of a text under `rules`, up to where they end it. */
export function readParts(scanner: Scanner, rules: TextRules): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let start = scanner.position;
  let value = "";
  const flush = (): void => {
    const raw = scanner.slice(start);
    if (raw !== "") parts.push({ kind: "text", value, raw, source: scanner.since(start) });
    scanner.emit("text");
  };
  while (!scanner.atEnd && !rules.ends(scanner)) {
    if (rules.placeholders && scanner.startsWith("{{")) {
      flush();
      parts.push(readPlaceholder(scanner));
      start = scanner.position;
      value = "";
    } else value += takeCharacter(scanner, rules);
  }
  flush();
  return parts;
}

/** A template without delimiters. */
export function readBare(scanner: Scanner, rules: TextRules): Template {
  const start = scanner.position;
  return template("", start, readParts(scanner, rules), scanner);
}

/** `"..."`, on one line: else `EXPECTED`. */
export function readQuoted(scanner: Scanner): Template {
  return readDelimited(scanner, '"', QUOTED);
}

/** A text between backticks, on one line. */
export function readBackticked(scanner: Scanner): Template {
  return readDelimited(scanner, "`", ONE_LINE);
}

/** `delimiter`, a text under `rules`, and `delimiter` again: else `EXPECTED`. */
export function readDelimited(scanner: Scanner, delimiter: Delimiter, rules: TextRules): Template {
  const start = scanner.position;
  scanner.expect(delimiter);
  const parts = readParts(scanner, rules);
  scanner.expect(delimiter);
  return template(delimiter, start, parts, scanner);
}

/** The rest of a line without its comment and the spaces before that. */
export function readValue(scanner: Scanner): Template {
  return readBare(scanner, { ...QUOTED, ends: valueEnd() });
}

/** The name of a file: else `FILENAME`. */
export function readFilename(scanner: Scanner): Template {
  const name = readBare(scanner, FILENAME);
  if (name.parts.length === 0) throw scanner.error("FILENAME", "expecting a filename");
  return name;
}

/** The name of a file and perhaps ":" and a password; other colons stay `\:`. Else `FILENAME`. */
export function readFilenamePassword(scanner: Scanner): Template {
  const name = readBare(scanner, FILENAME_PASSWORD);
  if (name.parts.length === 0) throw scanner.error("FILENAME", "expecting a filename");
  return name;
}

/** `{{`, a variable or a function, filters, `}}`: else `TEMPLATE_VARIABLE` or `EXPECTED`. */
export function readPlaceholder(scanner: Scanner): Placeholder {
  return scanner.nested("NESTING", () => {
    const start = scanner.position;
    scanner.expect("{{");
    skipSpaces(scanner);
    const value = readVariable(scanner);
    const filters = isSpace(scanner.char)
      ? readFilters(scanner, { quoted: readQuoted, placeholder: readPlaceholder })
      : [];
    skipSpaces(scanner);
    scanner.expect("}}");
    return { kind: "placeholder", value, filters, source: scanner.since(start) };
  });
}

function template(
  delimiter: Delimiter,
  start: Position,
  parts: readonly TemplatePart[],
  scanner: Scanner,
): Template {
  return { delimiter, parts, source: scanner.since(start) };
}

function readVariable(scanner: Scanner): Variable | FunctionCall {
  if (!isAlphanumeric(scanner.char) || isDigit(scanner.char)) {
    throw scanner.error("TEMPLATE_VARIABLE", "expecting a variable");
  }
  const { text, source } = readWord(scanner, isNamePart);
  const called = FUNCTIONS.find((name) => name === text);
  return called === undefined
    ? { kind: "variable", name: text, source }
    : { kind: "function", name: called, source };
}

/** Passes a character or an escape, and gives the text that it means. */
function takeCharacter(scanner: Scanner, rules: TextRules): string {
  const char = scanner.char;
  scanner.advance(char.length);
  if (char !== "\\" || rules.escapes === "") return char;
  const escaped = scanner.char;
  if (escaped === "" || !rules.escapes.includes(escaped)) {
    throw scanner.error("ESCAPE", "the escaping sequence is not valid");
  }
  scanner.advance(1);
  if (rules.kept?.includes(escaped)) return char + escaped;
  if (escaped !== "u") return CONTROLS[escaped] ?? escaped;
  return rules.unicode === "four" ? takeFourDigits(scanner) : takeBraces(scanner);
}

function takeFourDigits(scanner: Scanner): string {
  const start = scanner.position;
  for (let count = 0; count < 4; count += 1) {
    if (!isHexDigit(scanner.char)) throw scanner.error("HEX_DIGIT", "expecting a valid hexadecimal number");
    scanner.advance(1);
  }
  return String.fromCharCode(Number.parseInt(scanner.slice(start), 16));
}

function takeBraces(scanner: Scanner): string {
  if (scanner.char !== "{") throw scanner.error("EXPECTED", "expecting '{'");
  scanner.advance(1);
  const start = scanner.position;
  const digits = scanner.takeWhile(isHexDigit);
  if (digits === "") throw scanner.error("HEX_DIGIT", "expecting a valid hexadecimal number");
  const point = Number.parseInt(digits, 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    throw scanner.error("UNICODE", "Invalid unicode literal", start);
  }
  if (!scanner.startsWith("}")) throw scanner.error("EXPECTED", "expecting '}'");
  scanner.advance(1);
  return String.fromCodePoint(point);
}

function endsOneLine(scanner: Scanner): boolean {
  return scanner.char === "`" || scanner.atLineEnd;
}

function endsFilename(scanner: Scanner): boolean {
  if (scanner.startsWith("{{")) return false;
  return scanner.atLineEnd || "#;{} ".includes(scanner.char);
}

/** Ends a value before its comment or newline and the spaces before those; looks at each space once. */
function valueEnd(): TextRules["ends"] {
  let insideUntil = 0;
  return (scanner) => {
    if (scanner.atLineEnd || scanner.char === "#") return true;
    const { offset } = scanner;
    if (offset < insideUntil || !isSpace(scanner.char)) return false;
    const { text } = scanner;
    insideUntil = offset;
    while (isSpace(text[insideUntil] ?? "")) insideUntil += 1;
    const after = text[insideUntil];
    return after === undefined || after === "#" || after === "\n" || text.startsWith("\r\n", insideUntil);
  };
}
