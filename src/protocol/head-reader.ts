// Reads one head, start line and field section, out of bytes that come in any pieces.
// It does not know what a field means, nor whether a body follows.

import { ProtocolError } from "./errors.ts";
import { FieldScanner } from "./field-scanner.ts";
import type { Fields } from "./fields.ts";
import { CR, LF, SP, VALUE_BYTE, VISIBLE_BYTE } from "./grammar.ts";
import type { Inbox } from "./inbox.ts";
import type { Limits } from "./limits.ts";

export interface Head<Line> {
  readonly line: Line;
  readonly fields: Fields;
}

const BLANK = 0;
const BLANK_LF = 1;
const LINE = 2;
const LINE_LF = 3;
const FIELDS = 4;

/** `parse` reads the start line as soon as it is there: a faulty one need not wait for its fields. */
export class HeadReader<Line> {
  readonly #limits: Limits;
  readonly #kind: "request" | "response";
  readonly #scanner: FieldScanner;
  #state: number = BLANK;
  #at = 0;
  #lineStart = 0;
  #lineEnd = 0;
  readonly #parse: (line: string) => Line;
  #line: Line | undefined;

  constructor(kind: "request" | "response", limits: Limits, parse: (line: string) => Line) {
    this.#parse = parse;
    this.#kind = kind;
    this.#limits = limits;
    const section = { line: limits.maxFieldLine, total: limits.maxHead, count: limits.maxFields };
    this.#scanner = new FieldScanner(section, kind === "response");
  }

  /** Whether a head has begun: bytes beyond the empty lines that may stand before it. */
  get begun(): boolean {
    return this.#state >= LINE;
  }

  /** The start line of the head that is being read, or could not be read to its end. */
  get line(): Line | undefined {
    return this.#line;
  }

  /** The next head, consumed from the inbox, or undefined when more bytes are needed. */
  read(inbox: Inbox): Head<Line> | undefined {
    if (this.#state !== FIELDS && !this.#startLine(inbox)) return undefined;
    const end = this.#scanner.scan(inbox);
    if (end === undefined) return undefined;
    const head: Head<Line> = { line: this.#line as Line, fields: this.#scanner.fields(inbox) };
    inbox.skip(end);
    this.#state = BLANK;
    this.#at = 0;
    return head;
  }

  /** Looks at the start line's bytes; true when it is complete. */
  #startLine(inbox: Inbox): boolean {
    const request = this.#kind === "request";
    const allowed = request ? VISIBLE_BYTE : VALUE_BYTE;
    const bytes = inbox.bytes;
    const base = inbox.start;
    const end = inbox.end;
    let i = base + this.#at;
    let state = this.#state;
    let stop = this.#lineStart + this.#limits.maxStartLine + base;

    while (i < end) {
      const byte = bytes[i] as number;
      if (state === LINE) {
        const limit = end < stop ? end : stop;
        while (i < limit && (allowed[bytes[i] as number] === 1 || bytes[i] === SP)) i++;
        if (i === end) break;
        if (bytes[i] === CR) {
          this.#lineEnd = i - base;
          state = LINE_LF;
          i++;
        } else if (i >= stop) throw this.#tooLong();
        else throw this.#bad(bytes[i] as number, i - base - this.#lineStart);
      } else if (state === BLANK) {
        // A server ignores empty lines before a request (RFC 9112, 2.2); as part of the head, so that there is an end to them.
        this.#line = undefined;
        if (byte === CR && request && i - base < this.#limits.maxStartLine) {
          state = BLANK_LF;
          i++;
        } else {
          this.#lineStart = i - base;
          stop = i + this.#limits.maxStartLine;
          state = LINE;
        }
      } else if (byte !== LF) {
        throw this.#bad(CR, i - base - 1);
      } else {
        i++;
        if (state === LINE_LF) {
          this.#line = this.#parse(inbox.text(this.#lineStart, this.#lineEnd - this.#lineStart));
          this.#scanner.begin(i - base);
          this.#state = FIELDS;
          return true;
        }
        state = BLANK;
      }
    }
    this.#at = i - base;
    this.#state = state;
    return false;
  }

  #tooLong(): ProtocolError {
    if (this.#kind === "response") {
      return new ProtocolError(
        "STATUS_LINE_TOO_LONG",
        `Cannot accept a status line of more than ${this.#limits.maxStartLine} bytes`,
      );
    }
    return new ProtocolError(
      "REQUEST_LINE_TOO_LONG",
      `Cannot accept a request line of more than ${this.#limits.maxStartLine} bytes`,
      414,
    );
  }

  #bad(byte: number, at: number): ProtocolError {
    if (this.#kind === "response") {
      return new ProtocolError(
        "STATUS_LINE_INVALID",
        "Cannot read the status line: the peer may not speak HTTP/1",
      );
    }
    if (byte === 0x16 && at === 0) {
      return new ProtocolError(
        "TLS_ON_PLAIN_PORT",
        "Cannot read the request: it begins a TLS handshake, and this port speaks plain http://",
      );
    }
    return new ProtocolError(
      "REQUEST_LINE_INVALID",
      `Cannot read the request line: byte 0x${byte.toString(16).padStart(2, "0")} is not allowed in it`,
    );
  }
}
