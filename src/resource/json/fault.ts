// What is wrong with a text that is no JSON, and where: for the person who wrote it. JSON.parse() decides whether
// it is one; this is asked only when it has said no.

import { printParseErrorCode, visit } from "jsonc-parser";

/** The first place where a text stops being JSON. */
export interface JsonFault {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (code points). */
  readonly column: number;
  /** What is wrong there, as the end of a sentence. */
  readonly reason: string;
}

/** Finds the first fault of a text that JSON.parse() refuses. Its nesting must be bounded: the parser is recursive. */
export function findJsonFault(text: string): JsonFault {
  if (text.trim() === "") return { line: 1, column: 1, reason: "it is empty" };
  const { code, offset } = firstError(text);
  const [at, reason] = explain(code, offset, text);
  return { ...positionOf(text, at), reason };
}

/** Line and column, each from 1, of an offset in UTF-16 units. A line ends with LF, CR or both. */
export function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

interface Found {
  readonly code: string;
  readonly offset: number;
}

class Stop extends Error {
  readonly found: Found;

  constructor(found: Found) {
    super(found.code);
    this.found = found;
  }
}

// Left at the first error: behind it the parser guesses, and may see nesting that nobody has bounded.
function firstError(text: string): Found {
  try {
    visit(
      text,
      {
        onError: (code, offset) => {
          throw new Stop({ code: printParseErrorCode(code), offset });
        },
      },
      { disallowComments: true },
    );
  } catch (error) {
    if (error instanceof Stop) return error.found;
    throw error;
  }
  return { code: "", offset: text.length };
}

const AT_THE_END = "it ends too early";

/** Where exactly, and why: the parser's code says what it missed, the text there says what somebody meant. */
function explain(code: string, offset: number, text: string): readonly [offset: number, reason: string] {
  const here = text.slice(offset, offset + 40);
  const before = text.slice(0, offset).trimEnd();
  switch (code) {
    case "CloseBraceExpected":
      return [offset, `${AT_THE_END}: a closing "}" is missing`];
    case "CloseBracketExpected":
      return [offset, `${AT_THE_END}: a closing "]" is missing`];
    case "InvalidCommentToken":
    case "UnexpectedEndOfComment":
      return [offset, "JSON has no comments"];
    case "UnexpectedEndOfString":
    case "InvalidCharacter":
      return brokenString(offset, text);
    case "InvalidUnicode":
      return [badEscape(offset, text), 'an escape "\\u" takes four hexadecimal digits'];
    case "InvalidEscapeCharacter":
      return [
        badEscape(offset, text),
        'there is no such escape: only \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX. A backslash itself is written "\\\\"',
      ];
    case "UnexpectedEndOfNumber":
      return [offset, "a number is cut short: a digit has to follow its point or exponent"];
    case "PropertyNameExpected":
    case "ValueExpected":
    case "CommaExpected":
      return misplaced(code, offset, here, before);
    case "ColonExpected":
      return [offset, `a colon is missing between a name and its value${ended(here)}`];
    case "EndOfFileExpected":
      return [offset, `it goes on with ${shown(here)} after its end`];
    default:
      return [offset, invalidSymbol(here, before)];
  }
}

function misplaced(
  code: string,
  offset: number,
  here: string,
  before: string,
): readonly [offset: number, reason: string] {
  if (here === "" && code !== "CommaExpected") return [offset, `${AT_THE_END}: a value is missing`];
  if (/^[}\]]/.test(here) && before.endsWith(",")) {
    return [before.length - 1, `a comma may not stand before ${shown(here)}`];
  }
  if (code === "CommaExpected") {
    if (/^[}\]]/.test(here))
      return [offset, `${shown(here)} closes what was not opened with its counterpart`];
    if (/\b-?0$/.test(before) && /^\d/.test(here)) return [offset, "a number does not begin with a zero"];
    return [offset, `a comma is missing before ${shown(here)}`];
  }
  if (code === "PropertyNameExpected" || (here.startsWith(",") && before.endsWith("{"))) {
    return [offset, `a name in double quotes has to stand here, not ${shown(here)}`];
  }
  return [offset, `a value is missing before ${shown(here)}`];
}

function invalidSymbol(here: string, before: string): string {
  if (here.startsWith("'")) return "names and texts take double quotes, not single ones";
  if (/^[“”„‟«»‘’]/.test(here)) return `names and texts take straight double quotes, not ${shown(here)}`;
  if (/^\+/.test(here)) return 'a number does not begin with "+"';
  if (/^-?\./.test(here)) return "a number does not begin with its point: a digit stands before it";
  if (/^-?(?:NaN|Infinity)\b/.test(here)) return `JSON has no ${shown(here)}: null may do`;
  if (/^(?:undefined|None|nil)\b/.test(here)) return `JSON has no ${shown(here)}: nothing is null`;
  const literal = /^(?:true|false|null)\b/i.exec(here)?.[0];
  if (literal !== undefined)
    return `it is written ${JSON.stringify(literal.toLowerCase())}, in small letters`;
  const inObject = before.endsWith("{") || before.endsWith(",");
  if (inObject && /^[^\s"{}[\],:]+\s*:/.test(here))
    return `the name ${shown(here)} has no double quotes around it`;
  if (/^[\p{L}\p{N}_]/u.test(here)) return `${shown(here)} is not JSON: a text takes double quotes`;
  return `${shown(here)} has no place here`;
}

// The parser tells where the string begins; what breaks it stands further on.
function brokenString(start: number, text: string): readonly [offset: number, reason: string] {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x0a || code === 0x0d) {
      return [
        at,
        'a text ends at the end of its line: a closing double quote is missing, or a line break is to be written "\\n"',
      ];
    } else if (code < 0x20) {
      const written = code === 9 ? "\\t" : `\\u${code.toString(16).padStart(4, "0")}`;
      return [at, `a control character in a text is written "${written}"`];
    } else if (code === 0x22) break;
  }
  return [text.length, `${AT_THE_END}: a text has no closing double quote`];
}

/** Where the first escape stands that is none. */
function badEscape(start: number, text: string): number {
  const escapes = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})?/g;
  escapes.lastIndex = start;
  for (let found = escapes.exec(text); found !== null; found = escapes.exec(text)) {
    if (found[0] === "\\") return found.index;
  }
  return start;
}

function ended(here: string): string {
  return here === "" ? ": it ends before it" : "";
}

const WORD = /^(?:[\p{L}\p{N}_$.+-]+|.)/u;

/** A word, or one character, as it can stand in a message. */
function shown(here: string): string {
  if (here.startsWith('"')) return "a text";
  return JSON.stringify(WORD.exec(here)?.[0] ?? here.slice(0, 1));
}
