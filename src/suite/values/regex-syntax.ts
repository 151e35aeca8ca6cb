// From the syntax of Rust's regexes, which Hurl's patterns have, to RE2's. Both are close; what differs is here:
// in Rust "\w", "\d" and "\s" are Unicode's classes, "\u" escapes exist, a "{" that repeats nothing is an error, and
// brackets may stand in brackets, which RE2 cannot do. What stays different: "\b" sees the words of ASCII only.

/** What "\w" holds (UTS #18, Annex C); the last two are Join_Control. */
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200C}\\x{200D}";

// By the letter of the escape: alone, and between brackets.
const CLASSES: { readonly [letter: string]: readonly [string, string | (() => string)] } = {
  d: ["\\p{Nd}", "\\p{Nd}"],
  D: ["\\P{Nd}", "\\P{Nd}"],
  s: ["\\p{White_Space}", "\\p{White_Space}"],
  S: ["\\P{White_Space}", "\\P{White_Space}"],
  w: [`[${WORD}]`, WORD],
  // RE2 cannot say "none of these" between brackets.
  W: [`[^${WORD}]`, otherThanWords],
};

const CODE_POINT = /\\(?:u\{([0-9A-Fa-f]+)\}|U\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/y;
const REPETITION = /\{\d+(?:,\d*)?\}/y;

/** The same pattern for RE2. Throws SyntaxError for what RE2 would take and Rust does not. */
export function translatePattern(pattern: string): string {
  let result = "";
  let brackets = false;
  for (let at = 0; at < pattern.length; ) {
    const piece = pieceAt(pattern, at, brackets);
    result += piece.text;
    at += piece.length;
    brackets = piece.brackets;
  }
  return result;
}

interface Piece {
  readonly text: string;
  /** Of what it stands for in the pattern. */
  readonly length: number;
  /** Whether the next piece stands between brackets. */
  readonly brackets: boolean;
}

function pieceAt(pattern: string, at: number, brackets: boolean): Piece {
  const char = pattern[at] as string;
  if (char === "\\") return { ...escapeAt(pattern, at, brackets), brackets };
  if (brackets) {
    // "[:alpha:]" is a class within the brackets.
    const named = /\[:\^?\w+:\]/y;
    named.lastIndex = at;
    const text = named.exec(pattern)?.[0] ?? char;
    if (text === "[") throw new SyntaxError('a "[" between brackets is written "\\["');
    if (text === "&" && pattern[at + 1] === "&")
      throw new SyntaxError('"&&" between brackets is not supported');
    return { text, length: text.length, brackets: text !== "]" };
  }
  if (char === "[") {
    // A "]" that comes first is one of the class.
    const text = /^\[\^?\]?/.exec(pattern.slice(at, at + 3))?.[0] ?? char;
    return { text, length: text.length, brackets: true };
  }
  if (char === "{") {
    REPETITION.lastIndex = at;
    const text = REPETITION.exec(pattern)?.[0];
    if (text === undefined || at === 0) throw new SyntaxError('a "{" that repeats nothing is written "\\{"');
    return { text, length: text.length, brackets };
  }
  return { text: char, length: 1, brackets };
}

function escapeAt(pattern: string, at: number, brackets: boolean): { text: string; length: number } {
  const letter = pattern[at + 1] ?? "";
  const known = CLASSES[letter];
  if (known !== undefined) {
    const text = known[brackets ? 1 : 0];
    return { text: typeof text === "string" ? text : text(), length: 2 };
  }
  CODE_POINT.lastIndex = at;
  const code = CODE_POINT.exec(pattern);
  if (code !== null) {
    return { text: `\\x{${code.slice(1).find((digits) => digits !== undefined)}}`, length: code[0].length };
  }
  // "\p{Hangul}" and the like have braces of their own.
  const braced = /\\[pPx]\{[^}]*\}/y;
  braced.lastIndex = at;
  const text = braced.exec(pattern)?.[0] ?? pattern.slice(at, at + 2);
  return { text, length: text.length };
}

let others: string | undefined;

/** The ranges of all that "\w" does not hold. */
function otherThanWords(): string {
  if (others !== undefined) return others;
  const word = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{Cs}]$/u;
  const ranges: string[] = [];
  let first: number | undefined;
  for (let code = 0; code <= 0x11_0000; code += 1) {
    const other = code <= 0x10_ffff && !word.test(String.fromCodePoint(code));
    if (other) first ??= code;
    else if (first !== undefined) {
      ranges.push(`\\x{${first.toString(16)}}-\\x{${(code - 1).toString(16)}}`);
      first = undefined;
    }
  }
  others = ranges.join("");
  return others;
}
