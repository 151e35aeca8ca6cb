// A cursor over the text of a Hurl file. It knows positions and tokens, and nothing of the grammar. Readers look
// ahead by a character or a word, or to the end of the line once, and never go back: the whole is one pass.
import { type HurlSyntaxCode, HurlSyntaxError } from "./errors.ts";
import type { LineEnd, Position, Span, Token, TokenKind } from "./tree.ts";

// JSON in JSON, and filters within templates within filters. Hurl's own limit.
const MAX_DEPTH = 128;

/** One pass over a text; what is passed becomes a token at the next `emit`. */
export class Scanner {
  readonly text: string;
  readonly tokens: Token[] = [];
  /** Blank and comment lines that no construct has claimed yet. */
  pending: LineEnd[] = [];
  #offset = 0;
  #line = 1;
  #column = 1;
  #depth = 0;
  #emitted: Position;

  constructor(text: string) {
    this.text = text;
    this.#emitted = this.position;
    // Nobody sees a byte order mark: the character after it stands in column 1.
    if (text.startsWith("\uFEFF")) {
      this.#offset = 1;
      this.emit("bom");
    }
  }

  get position(): Position {
    return { offset: this.#offset, line: this.#line, column: this.#column };
  }

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.text.length;
  }

  /** Whether the line ends here, by a newline or with the file. */
  get atLineEnd(): boolean {
    const unit = this.text[this.#offset];
    return unit === undefined || unit === "\n" || (unit === "\r" && this.text[this.#offset + 1] === "\n");
  }

  /** The character under the cursor, "" at the end of the text. */
  get char(): string {
    return this.charAt(0);
  }

  /** The character `ahead` UTF-16 units after the cursor, "" beyond the end. */
  charAt(ahead: number): string {
    const point = this.text.codePointAt(this.#offset + ahead);
    return point === undefined ? "" : String.fromCodePoint(point);
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.#offset);
  }

  /** Moves over `units` UTF-16 units. */
  advance(units: number): void {
    const end = Math.min(this.#offset + units, this.text.length);
    for (; this.#offset < end; this.#offset += 1) {
      const unit = this.text.charCodeAt(this.#offset);
      if (unit === 0x0a) {
        this.#line += 1;
        this.#column = 1;
      } else if (!this.#isSecondHalf(unit)) this.#column += 1;
    }
  }

  /** Moves while `accepts` holds, and gives what was passed. */
  takeWhile(accepts: (char: string) => boolean): string {
    const start = this.#offset;
    for (let char = this.char; char !== "" && accepts(char); char = this.char) this.advance(char.length);
    return this.text.slice(start, this.#offset);
  }

  /** Moves over `text` if it stands here, and says whether it did. */
  take(text: string, kind: TokenKind): boolean {
    if (!this.startsWith(text)) return false;
    this.advance(text.length);
    this.emit(kind);
    return true;
  }

  /** Moves over `text`, which has to stand here: else `EXPECTED`. */
  expect(text: string, kind: TokenKind = "mark"): void {
    if (!this.take(text, kind)) throw this.error("EXPECTED", `expecting '${text}'`);
  }

  /** Makes a token of what was passed since the last one. */
  emit(kind: TokenKind): void {
    if (this.#offset === this.#emitted.offset) return;
    const source = this.since(this.#emitted);
    this.tokens.push({ kind, text: this.slice(source.start), source });
    this.#emitted = source.end;
  }

  since(start: Position): Span {
    return { start, end: this.position };
  }

  /** The text from `start` to the cursor. */
  slice(start: Position): string {
    return this.text.slice(start.offset, this.#offset);
  }

  error(code: HurlSyntaxCode, expected: string, position: Position = this.position): HurlSyntaxError {
    return new HurlSyntaxError(code, position, expected);
  }

  /** Reads one level deeper, so that no file can exhaust the stack. */
  nested<T>(code: "JSON" | "NESTING", read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw this.error(code, `maximum nesting depth of ${MAX_DEPTH} exceeded`);
    this.#depth += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  // A character outside the basic plane is two units and one column.
  #isSecondHalf(unit: number): boolean {
    if (unit < 0xdc00 || unit > 0xdfff || this.#offset === 0) return false;
    const before = this.text.charCodeAt(this.#offset - 1);
    return before >= 0xd800 && before <= 0xdbff;
  }
}
