// Bodies (RFC 9112, 6 and 7): given the framing, hands out views of the inbox's bytes and says when
// the body ends. It does not know whose body it is.

import { ProtocolError } from "./errors.ts";
import { FieldScanner } from "./field-scanner.ts";
import { Fields } from "./fields.ts";
import { CR, LF, SP, TAB, VALUE_BYTE } from "./grammar.ts";
import type { Inbox } from "./inbox.ts";
import type { Limits } from "./limits.ts";

/** Data of the body, its end with the trailer section, or undefined when more bytes are needed. */
export type BodyPart = { readonly type: "data"; readonly bytes: Uint8Array } | EndPart;
export interface EndPart {
  readonly type: "end";
  readonly trailers: Fields;
}

export interface BodyReader {
  read(inbox: Inbox): BodyPart | undefined;
  /** Bytes still to come, undefined when that is not known. */
  readonly remaining: number | undefined;
  /** The peer has closed: true when the body ends with that, false when it was cut short. */
  atEof(): boolean;
}

export function endPart(trailers: Fields = new Fields()): EndPart {
  return { type: "end", trailers };
}

export class LengthReader implements BodyReader {
  #remaining: number;

  constructor(length: number) {
    this.#remaining = length;
  }

  get remaining(): number {
    return this.#remaining;
  }

  read(inbox: Inbox): BodyPart | undefined {
    if (this.#remaining === 0) return endPart();
    if (inbox.length === 0) return undefined;
    const bytes = inbox.take(this.#remaining);
    this.#remaining -= bytes.length;
    return { type: "data", bytes };
  }

  atEof(): boolean {
    return this.#remaining === 0;
  }
}

export class UntilCloseReader implements BodyReader {
  readonly remaining: undefined = undefined;
  readonly #limit: number;
  #seen = 0;
  #closed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  read(inbox: Inbox): BodyPart | undefined {
    if (inbox.length === 0) return this.#closed ? endPart() : undefined;
    const bytes = inbox.take(inbox.length);
    this.#seen += bytes.length;
    if (this.#seen > this.#limit) throw bodyTooLarge(this.#limit);
    return { type: "data", bytes };
  }

  atEof(): boolean {
    this.#closed = true;
    return true;
  }
}

export function bodyTooLarge(limit: number): ProtocolError {
  return new ProtocolError("BODY_TOO_LARGE", `Cannot accept a body of more than ${limit} bytes`, 413);
}

/*
 *   ──▶ SIZE ──";"──▶ EXTENSION        DATA ──all read──▶ DATA_CR ──▶ DATA_LF ──▶ SIZE
 *        │  └─SP─▶ SIZE_SPACE │ CR      ▲
 *        └────CR────▶ SIZE_LF ◀─┘       │
 *                       ├─ size > 0 ────┘
 *                       └─ size = 0 ──▶ TRAILERS ──▶ end
 */
const SIZE = 0;
const SIZE_SPACE = 1;
const EXTENSION = 2;
const SIZE_LF = 3;
const DATA = 4;
const DATA_CR = 5;
const DATA_LF = 6;
const TRAILERS = 7;
const DONE = 8;

const SEMICOLON = 0x3b;

export class ChunkedReader implements BodyReader {
  readonly remaining: undefined = undefined;
  readonly #limits: Limits;
  readonly #mayFold: boolean;
  #state: number = SIZE;
  #size = 0;
  #digits = 0;
  #total = 0;
  #extensions = 0;
  #scanner: FieldScanner | undefined;

  constructor(limits: Limits, mayFold: boolean) {
    this.#limits = limits;
    this.#mayFold = mayFold;
  }

  atEof(): boolean {
    return this.#state === DONE;
  }

  read(inbox: Inbox): BodyPart | undefined {
    while (this.#state < TRAILERS) {
      if (inbox.length === 0) return undefined;
      if (this.#state === DATA) {
        const bytes = inbox.take(this.#size);
        this.#size -= bytes.length;
        if (this.#size === 0) this.#state = DATA_CR;
        return { type: "data", bytes };
      }
      this.#step(inbox.bytes[inbox.start] as number);
      inbox.skip(1);
    }
    if (this.#state === DONE) return endPart();
    return this.#trailers(inbox);
  }

  /** One byte of what stands around the data. */
  #step(byte: number): void {
    switch (this.#state) {
      case SIZE: {
        const digit = hexDigit(byte);
        if (digit >= 0) this.#addDigit(digit);
        else if (this.#digits === 0) throw badSize();
        else this.#afterSize(byte);
        return;
      }
      // BWS may stand before an extension's semicolon, and only there (RFC 9112, 7.1.1).
      case SIZE_SPACE:
        if (byte === CR) throw badSize();
        this.#afterSize(byte);
        return;
      case EXTENSION:
        if (byte === CR) this.#state = SIZE_LF;
        else if (VALUE_BYTE[byte] === 1) this.#countExtension();
        else
          throw new ProtocolError(
            "CHUNK_EXTENSION_INVALID",
            "Cannot read a chunk extension with a control in it",
          );
        return;
      case SIZE_LF:
        if (byte !== LF) throw badSize();
        this.#state = this.#size > 0 ? DATA : TRAILERS;
        this.#digits = 0;
        this.#total += this.#size;
        if (this.#total > this.#limits.maxBody) throw bodyTooLarge(this.#limits.maxBody);
        return;
      case DATA_CR:
        if (byte !== CR) throw badEnd();
        this.#state = DATA_LF;
        return;
      default:
        if (byte !== LF) throw badEnd();
        this.#state = SIZE;
    }
  }

  #afterSize(byte: number): void {
    if (byte === CR) this.#state = SIZE_LF;
    else if (byte === SEMICOLON) this.#state = EXTENSION;
    else if (byte === SP || byte === TAB) this.#state = SIZE_SPACE;
    else throw badSize();
    if (byte !== CR) this.#countExtension();
  }

  #addDigit(digit: number): void {
    // 13 digits stay below 2^53, so the number is exact; zeros in front count as digits, or they would never end.
    if (++this.#digits > 13) {
      throw new ProtocolError(
        "CHUNK_SIZE_TOO_LARGE",
        "Cannot accept a chunk size of more than 13 digits",
        413,
      );
    }
    this.#size = this.#size * 16 + digit;
  }

  #countExtension(): void {
    if (++this.#extensions > this.#limits.maxChunkExtensions) {
      throw new ProtocolError(
        "CHUNK_EXTENSIONS_TOO_LARGE",
        `Cannot accept more than ${this.#limits.maxChunkExtensions} bytes of chunk extensions in one body`,
      );
    }
  }

  #trailers(inbox: Inbox): EndPart | undefined {
    if (this.#scanner === undefined) {
      const { maxFieldLine, maxTrailers, maxFields } = this.#limits;
      const section = { line: maxFieldLine, total: maxTrailers, count: maxFields };
      this.#scanner = new FieldScanner(section, this.#mayFold);
      this.#scanner.begin(0);
    }
    const end = this.#scanner.scan(inbox);
    if (end === undefined) return undefined;
    const trailers = this.#scanner.fields(inbox);
    inbox.skip(end);
    this.#state = DONE;
    return endPart(trailers);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function badSize(): ProtocolError {
  return new ProtocolError(
    "CHUNK_SIZE_INVALID",
    "Cannot read a chunk size: it takes hexadecimal digits, then CRLF",
  );
}

function badEnd(): ProtocolError {
  return new ProtocolError("CHUNK_END_INVALID", "Cannot read a chunk: its data is not followed by CRLF");
}
