// JSON for reading: indented and coloured, token by token. A text stays what it is: numbers of any size, the
// order of names and names that are there twice are not touched, as parsing and writing again would.

import { printable } from "../text/printable.ts";

export type JsonPart = "name" | "string" | "number" | "literal" | "mark";

export interface JsonStyle {
  /** Puts the white space of the text aside and indents by two; `\u` escapes of letters become the letters. */
  readonly indent: boolean;
  readonly paint: (part: JsonPart, text: string) => string;
}

const SPACE = /[ \t\r\n]*/y;
const ATOM = /[^\s"{}[\],:]+/y;

/** Gives the text in the style asked for, without a line end; undefined when it is no JSON. */
export function formatJson(text: string, style: JsonStyle): string | undefined {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (!isJson(source)) return undefined;
  const writer = new Writer(style);
  for (let at = 0; ; ) {
    const space = match(SPACE, source, at);
    writer.space(space);
    at += space.length;
    if (at >= source.length) return writer.text;
    const token = tokenAt(source, at);
    writer.token(token);
    at += token.length;
  }
}

/** Whether there is nothing but JSON in a text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

class Writer {
  text = "";
  readonly #style: JsonStyle;
  /** "{" and "[" that are open. */
  readonly #open: string[] = [];
  #previous = "";

  constructor(style: JsonStyle) {
    this.#style = style;
  }

  space(space: string): void {
    if (!this.#style.indent) this.text += space;
  }

  token(token: string): void {
    const closes = token === "}" || token === "]";
    const part = this.#partOf(token);
    if (closes) this.#open.pop();
    if (this.#style.indent) this.text += this.#spaceBefore(token, closes);
    const shown = part === "string" || part === "name" ? this.#readable(token) : token;
    this.text += this.#style.paint(part, shown);
    if (token === "{" || token === "[") this.#open.push(token);
    this.#previous = token;
  }

  #partOf(token: string): JsonPart {
    const first = token[0] as string;
    if (first === '"') {
      const named = this.#open.at(-1) === "{" && this.#previous !== ":";
      return named ? "name" : "string";
    }
    if ("{}[],:".includes(first)) return "mark";
    return first === "-" || (first >= "0" && first <= "9") ? "number" : "literal";
  }

  #spaceBefore(token: string, closes: boolean): string {
    const after = this.#previous;
    if (after === ":") return " ";
    if (closes) return after === "{" || after === "[" ? "" : this.#newLine();
    return after === "," || after === "{" || after === "[" ? (token === "," ? "" : this.#newLine()) : "";
  }

  #newLine(): string {
    return `\n${"  ".repeat(this.#open.length)}`;
  }

  #readable(token: string): string {
    return printable(this.#style.indent ? withLetters(token) : token);
  }
}

function tokenAt(source: string, at: number): string {
  const first = source[at] as string;
  if (first === '"') return source.slice(at, stringEnd(source, at));
  return "{}[],:".includes(first) ? first : match(ATOM, source, at);
}

/** Behind the closing quote: the first one with an even number of backslashes before it. */
function stringEnd(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); end !== -1; end = source.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (source[end - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return source.length;
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|[^u])/g;
const LETTER = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/** Many programs escape all that is not ASCII; a person wants to read it. */
function withLetters(token: string): string {
  if (!token.includes("\\u")) return token;
  return token.replace(ESCAPE, (whole: string, high: string | undefined, low: string | undefined) => {
    if (high === undefined) return whole;
    const first = Number.parseInt(high, 16);
    if (low !== undefined && first >= 0xd800 && first < 0xdc00) {
      const pair = String.fromCharCode(first, Number.parseInt(low, 16));
      return LETTER.test(pair) ? pair : whole;
    }
    const rest = low === undefined ? "" : withLetters(`\\u${low}`);
    // A quote or backslash has to stay escaped, and so has every control.
    const letter = String.fromCharCode(first);
    return `${first >= 0xa0 && LETTER.test(letter) ? letter : `\\u${high}`}${rest}`;
  });
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
