// Reads a JSON text token by token (RFC 8259). It knows what a value is made of, and nothing of who asks.

import { createScanner, type JSONScanner } from "jsonc-parser";
import type { Value } from "./value.ts";

/** Deeper than any document that somebody wrote, and far from the end of the stack for all who walk values. */
const MOST_LEVELS = 1000;

// The package declares these as constants of the compiler, which cannot be imported here.
const TOKEN = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  space: 15,
  end: 17,
} as const;

const FAULTS: { readonly [error: number]: string } = {
  2: "a string that does not end",
  3: "a number that breaks off",
  4: 'a "\\u" without four hexadecimal digits',
  5: "an escape that JSON does not know",
  6: "a control character in a string",
};

/** What is left of a JSON text. Every method throws SyntaxError, with line and column. */
export class JsonReader {
  readonly #text: string;
  readonly #scanner: JSONScanner;
  #token: number;

  constructor(text: string) {
    this.#text = text;
    this.#scanner = createScanner(text);
    this.#token = this.#scan();
  }

  /** The next value, in so many lists and objects. */
  value(level: number): Value {
    switch (this.#token) {
      case TOKEN.openBrace:
        return this.#object(level + 1);
      case TOKEN.openBracket:
        return this.#list(level + 1);
      case TOKEN.null:
        return this.#taken({ kind: "null" });
      case TOKEN.true:
        return this.#taken({ kind: "boolean", value: true });
      case TOKEN.false:
        return this.#taken({ kind: "boolean", value: false });
      case TOKEN.string:
        return this.#taken({ kind: "string", value: this.#scanner.getTokenValue() });
      case TOKEN.number:
        return this.#taken(this.#number());
      default:
        throw this.#expected("a value");
    }
  }

  end(): void {
    if (this.#token !== TOKEN.end) throw this.#expected("the end of the text");
  }

  #expect(token: number, name: string): void {
    if (this.#token !== token) throw this.#expected(name);
    this.#advance();
  }

  #object(level: number): Value {
    const members = new Map<string, Value>();
    this.#enter(level);
    if (this.#passed(TOKEN.closeBrace)) return { kind: "object", members: [] };
    do {
      const name = this.#scanner.getTokenValue();
      this.#expect(TOKEN.string, "a name in quotes");
      this.#expect(TOKEN.colon, '":"');
      members.set(name, this.value(level));
    } while (this.#passed(TOKEN.comma));
    this.#expect(TOKEN.closeBrace, '"," or "}"');
    return { kind: "object", members: [...members] };
  }

  #list(level: number): Value {
    const items: Value[] = [];
    this.#enter(level);
    if (this.#passed(TOKEN.closeBracket)) return { kind: "list", items };
    do items.push(this.value(level));
    while (this.#passed(TOKEN.comma));
    this.#expect(TOKEN.closeBracket, '"," or "]"');
    return { kind: "list", items };
  }

  #enter(level: number): void {
    if (level > MOST_LEVELS) {
      throw this.#fault(`lists and objects are nested more than ${MOST_LEVELS} deep`);
    }
    this.#advance();
  }

  #number(): Value {
    const text = this.#scanner.getTokenValue();
    // An integer has no negative zero.
    if (/^-?\d+$/.test(text) && text !== "-0") return { kind: "integer", value: BigInt(text) };
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.#fault("a number is too large");
    return { kind: "float", value };
  }

  #taken(value: Value): Value {
    this.#advance();
    return value;
  }

  #passed(token: number): boolean {
    if (this.#token !== token) return false;
    this.#advance();
    return true;
  }

  #advance(): void {
    this.#token = this.#scan();
  }

  #scan(): number {
    let token: number;
    do token = this.#scanner.scan();
    while (token === TOKEN.space || token === TOKEN.lineBreak);
    if (token === TOKEN.lineComment || token === TOKEN.blockComment) {
      throw this.#fault("there is a comment, which JSON has not");
    }
    const fault = FAULTS[this.#scanner.getTokenError()];
    if (fault !== undefined) throw this.#fault(`there is ${fault}`);
    return token;
  }

  #expected(what: string): SyntaxError {
    const found = this.#scanner.getTokenLength() === 0 ? "the text ends" : `"${this.#found()}" stands there`;
    return this.#fault(`${what} is expected, and ${found}`);
  }

  #found(): string {
    const start = this.#scanner.getTokenOffset();
    const [first = ""] = this.#text.slice(start, start + 2);
    return this.#scanner.getTokenLength() > first.length ? `${first}…` : first;
  }

  #fault(what: string): SyntaxError {
    const before = this.#text.slice(0, this.#scanner.getTokenOffset()).split(/\r\n|\r|\n/);
    const column = [...(before.at(-1) ?? "")].length + 1;
    return new SyntaxError(`${what}, at line ${before.length}, column ${column}`);
  }
}
