// A JSON file of records, read piece by piece: it is cut at the commas between its members, each of which is parsed
// by itself, so that nothing of what has come out is kept. Knows where in the file it is, not what a record is.

import { nestingOf } from "../json/body.ts";
import { findJsonFault } from "../json/fault.ts";

/** A member of the file's object, or an item of its list. */
export interface FileEntry {
  /** The member's name; undefined for an item of a list. */
  readonly name: string | undefined;
  readonly value: unknown;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

/** The file is no JSON, or none of the kind that is wanted; the message is the end of a sentence. */
export class FileFault extends Error {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;

  constructor(message: string, { line, column, cause }: Position & ErrorOptions) {
    super(message, { cause });
    this.line = line;
    this.column = column;
  }
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Bytes that a single record may take: it is in memory as a whole. */
const LONGEST_ENTRY = 64 * 1024 * 1024;
/** What reads JSON is recursive. */
const DEEPEST = 1002;

const [QUOTE, BACKSLASH, COMMA, NEWLINE] = [0x22, 0x5c, 0x2c, 0x0a];
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

//   start ─▶ { or [ ─▶ open [ entry ─▶ "," ]* ─▶ } or ] ─▶ closed
type State = "start" | "open" | "closed";

export class FileParser {
  #state: State = "start";
  #root: "object" | "list" = "object";
  #entries: FileEntry[] = [];
  /** What has come of the entry that is not whole, and where it begins. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  #begin: Position = { line: 1, column: 1 };
  #line = 1;
  #column = 1;
  /** Brackets open, the file's own among them. */
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** Where the last comma between entries stands. */
  #comma: Position | undefined;

  /** Takes the next piece of the file, and keeps none of its memory. Throws a FileFault; what came before it is in `drain()`. */
  write(chunk: Uint8Array): void {
    let from = this.#state === "open" ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#state !== "open") {
        if (this.#outside(byte)) from = at + 1;
      } else if (this.#quoted) this.#inText(byte, chunk, from, at);
      else if (this.#ends(byte)) {
        this.#push(chunk.subarray(from, at));
        this.#endEntry(byte);
        from = at + 1;
      }
      this.#advance(byte);
      if (this.#state === "open" && from === at + 1) this.#begin = this.#here();
    }
    if (this.#state === "open") this.#push(Uint8Array.from(chunk.subarray(from)));
    if (this.#length > LONGEST_ENTRY) {
      throw new FileFault(`a single record takes more than ${LONGEST_ENTRY} bytes`, this.#begin);
    }
  }

  /** The file is over. Throws a FileFault when it should not be. */
  end(): void {
    if (this.#state === "start") throw new FileFault("it is empty", this.#here());
    if (this.#state === "closed") return;
    // The entry may be cut short in itself, which is the better thing to say.
    if (!this.#isBlank()) this.#entries.push(this.#parse());
    const missing = this.#root === "object" ? "}" : "]";
    throw new FileFault(`it ends too early: a closing "${missing}" is missing`, this.#here());
  }

  /** The entries that are whole, each once. */
  drain(): readonly FileEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  #here(): Position {
    return { line: this.#line, column: this.#column };
  }

  #advance(byte: number): void {
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#column = 1;
    } else if ((byte & 0xc0) !== 0x80) this.#column += 1;
  }

  /** Before the file's own bracket, and behind its counterpart; tells whether this is the bracket. */
  #outside(byte: number): boolean {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE) return false;
    if (this.#state === "closed") throw new FileFault("it goes on after its end", this.#here());
    // A byte order mark; whatever else begins with these bytes is found to be no bracket.
    if (this.#line === 1 && (byte === 0xef || byte === 0xbb || byte === 0xbf)) {
      this.#column -= byte === 0xef ? 1 : 0;
      return false;
    }
    if (byte !== BRACE && byte !== BRACKET) throw new FileFault("it has to begin with { or [", this.#here());
    this.#state = "open";
    this.#root = byte === BRACE ? "object" : "list";
    this.#depth = 1;
    return true;
  }

  #inText(byte: number, chunk: Uint8Array, from: number, at: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#quoted = false;
    else if (byte === NEWLINE) {
      // A text that is not closed would swallow the rest of the file.
      this.#push(chunk.subarray(from, at + 1));
      this.#parse();
    }
  }

  /** Follows brackets and quotes; tells whether an entry ends here. */
  #ends(byte: number): boolean {
    switch (byte) {
      case QUOTE:
        this.#quoted = true;
        return false;
      case BRACE:
      case BRACKET:
        this.#depth += 1;
        return false;
      case BRACE_END:
      case BRACKET_END:
        this.#depth -= 1;
        return this.#depth === 0;
      default:
        return byte === COMMA && this.#depth === 1;
    }
  }

  #endEntry(byte: number): void {
    const last = byte !== COMMA;
    if (last && (byte === BRACE_END) !== (this.#root === "object")) {
      throw new FileFault(
        `${JSON.stringify(String.fromCharCode(byte))} closes what was not opened with its counterpart`,
        this.#here(),
      );
    }
    if (!this.#isBlank()) this.#entries.push(this.#parse());
    else if (!last) throw new FileFault('something is missing before ","', this.#here());
    else if (this.#comma !== undefined) {
      throw new FileFault("a comma may not stand before the end", this.#comma);
    }
    this.#pieces = [];
    this.#length = 0;
    this.#comma = this.#here();
    if (last) this.#state = "closed";
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #isBlank(): boolean {
    return this.#pieces.every((piece) => piece.every((byte) => byte <= 0x20));
  }

  #parse(): FileEntry {
    const [open, close] = this.#root === "object" ? ["{", "}"] : ["[", "]"];
    const bytes = Buffer.concat(this.#pieces, this.#length);
    const text = `${open}${this.#decode(bytes)}${close}`;
    // The parser below, which is asked for faults, is recursive; so is whoever gets the value.
    if (nestingOf(bytes, DEEPEST) > DEEPEST) throw new FileFault("a record is nested too deep", this.#begin);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw this.#faultIn(text, error);
    }
    const [entry] = Object.entries(value as object);
    const line = this.#begin.line + linesBefore(text);
    return { name: this.#root === "object" ? entry?.[0] : undefined, value: entry?.[1], line };
  }

  #decode(bytes: Uint8Array): string {
    try {
      return UTF8.decode(bytes);
    } catch (error) {
      throw new FileFault("here, or in what follows, are bytes that are not UTF-8", {
        ...this.#begin,
        cause: error,
      });
    }
  }

  #faultIn(text: string, cause: unknown): FileFault {
    const { line, column, reason } = findJsonFault(text);
    const begin = this.#begin;
    // The bracket that was set before it is none of the file's characters.
    const position =
      line === 1
        ? { line: begin.line, column: begin.column + column - 2 }
        : { line: begin.line + line - 1, column };
    return new FileFault(reason, { ...position, cause });
  }
}

/** How many lines of a text end before anything but its own bracket stands in it. */
function linesBefore(text: string): number {
  const blank = /^.\s*/.exec(text)?.[0] ?? "";
  return blank.split("\n").length - 1;
}
