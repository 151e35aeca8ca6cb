// Reads a field section (RFC 9112, 5) out of bytes that come in any pieces. One pass: each byte is
// looked at once, and a fault is reported at the byte that makes it one, however the input is split.
// It knows neither start lines nor what a field means.

import { ProtocolError } from "./errors.ts";
import { Fields } from "./fields.ts";
import { CR, LF, nameMark, SP, TAB, TOKEN_BYTE, trimOws, VALUE_BYTE } from "./grammar.ts";
import type { Inbox } from "./inbox.ts";

const COLON = 0x3a;

/*
 *            ┌──────────────────────── field line ends ──────────────────────┐
 *            ▼                                                               │
 *   ──▶ LINE_START ──tchar──▶ NAME ──":"──▶ LEADING ──▶ VALUE ──CR──▶ VALUE_LF
 *            │ ▲ space or tab: obs-fold, back to VALUE (responses only)
 *            └─CR──▶ END_LF ──LF──▶ done
 */
const LINE_START = 0;
const NAME = 1;
const LEADING = 2;
const VALUE = 3;
const VALUE_LF = 4;
const END_LF = 5;

/** Numbers kept for a line: nameStart, nameEnd, valueStart, valueEnd. */
const SPAN = 4;

/**
 * The lines of the section that is being scanned. All scanners share it, since most sections are scanned in one
 * go, and an idle connection should hold no memory for the next one.
 */
const spans: number[] = [];

export interface SectionLimits {
  /** Bytes of one line. */
  readonly line: number;
  /** Bytes of the section, counted from where the section's offset 0 is. */
  readonly total: number;
  /** Lines. */
  readonly count: number;
}

export class FieldScanner {
  readonly #limits: SectionLimits;
  /** obs-fold: a space in a response, refused in a request (RFC 9112, 5.2). */
  readonly #mayFold: boolean;
  #state: number = LINE_START;
  /** All offsets are from the inbox's start, which stays where it is until the section is complete. */
  #at = 0;
  #lineStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  #folded = false;
  #anyFolded = false;
  /** What `spans` held when the bytes ran out in the middle of a section. */
  #kept: readonly number[] | undefined;
  #used = 0;
  #marks = 0;

  constructor(limits: SectionLimits, mayFold: boolean) {
    this.#limits = limits;
    this.#mayFold = mayFold;
  }

  /** Begins a section at an offset of the inbox. */
  begin(offset: number): void {
    this.#state = LINE_START;
    this.#at = offset;
    this.#lineStart = offset;
    this.#anyFolded = false;
    this.#kept = undefined;
    this.#used = 0;
    this.#marks = 0;
  }

  /** The offset behind the section's closing CRLF, or undefined when more bytes are needed. */
  scan(inbox: Inbox): number | undefined {
    if (this.#kept !== undefined) {
      for (let i = 0; i < this.#used; i++) spans[i] = this.#kept[i] as number;
      this.#kept = undefined;
    }
    const bytes = inbox.bytes;
    const base = inbox.start;
    const end = inbox.end;
    let i = base + this.#at;
    let state = this.#state;
    // No line and no section goes past `stop`: whoever gets there was too long.
    let stop = this.#stop(base);

    while (i < end) {
      if (i >= stop) throw this.#tooLong(i - base);
      const limit = end < stop ? end : stop;
      switch (state) {
        case LINE_START: {
          const byte = bytes[i] as number;
          if (TOKEN_BYTE[byte] === 1) {
            this.#lineStart = i - base;
            stop = this.#stop(base);
            state = NAME;
          } else if (byte === CR) {
            i++;
            state = END_LF;
          } else if (byte === SP || byte === TAB) {
            this.#fold();
            stop = this.#stop(base);
            state = VALUE;
          } else throw badStart(byte);
          break;
        }
        case NAME: {
          while (i < limit && TOKEN_BYTE[bytes[i] as number] === 1) i++;
          if (i === limit) break;
          if (bytes[i] !== COLON) throw badName(bytes[i] as number);
          this.#nameEnd = i - base;
          i++;
          state = LEADING;
          break;
        }
        case LEADING: {
          while (i < limit && (bytes[i] === SP || bytes[i] === TAB)) i++;
          if (i === limit) break;
          this.#valueStart = i - base;
          this.#folded = false;
          state = VALUE;
          break;
        }
        case VALUE: {
          while (i < limit && VALUE_BYTE[bytes[i] as number] === 1) i++;
          if (i === limit) break;
          if (bytes[i] !== CR) throw badValue(bytes[i] as number);
          this.#valueEnd = i - base;
          i++;
          state = VALUE_LF;
          break;
        }
        case VALUE_LF: {
          if (bytes[i] !== LF) throw bareCr();
          i++;
          this.#keepLine(bytes, base);
          this.#lineStart = i - base;
          stop = this.#stop(base);
          state = LINE_START;
          break;
        }
        default: {
          if (bytes[i] !== LF) throw bareCr();
          return i + 1 - base;
        }
      }
    }
    this.#at = i - base;
    this.#state = state;
    this.#kept = spans.slice(0, this.#used);
    return undefined;
  }

  /** The section's fields: to be asked for right after `scan` has found its end. */
  fields(inbox: Inbox): Fields {
    const used = this.#used;
    if (used === 0) return new Fields();
    const from = spans[0] as number;
    const text = inbox.text(from, (spans[used - 1] as number) - from);
    const own = new Array<number>(used);
    for (let i = 0; i < used; i++) own[i] = (spans[i] as number) - from;
    return this.#anyFolded ? unfold(text, own) : Fields.scanned(text, own, this.#marks);
  }

  #stop(base: number): number {
    // A line may be as long as its limit and has two bytes more, CR and LF.
    return base + Math.min(this.#lineStart + this.#limits.line + 2, this.#limits.total);
  }

  #keepLine(bytes: Uint8Array, base: number): void {
    let end = this.#valueEnd;
    while (end > this.#valueStart) {
      const byte = bytes[base + end - 1];
      if (byte !== SP && byte !== TAB) break;
      end--;
    }
    const at = this.#used;
    spans[at] = this.#lineStart;
    spans[at + 1] = this.#nameEnd;
    spans[at + 2] = this.#valueStart;
    spans[at + 3] = end;
    this.#used = at + SPAN;
    this.#marks |= nameMark(bytes[base + this.#lineStart] as number, this.#nameEnd - this.#lineStart);
    if (this.#folded) this.#anyFolded = true;
    if (this.#used > this.#limits.count * SPAN) {
      throw new ProtocolError(
        "FIELDS_TOO_MANY",
        `Cannot accept more than ${this.#limits.count} field lines in one section`,
        431,
      );
    }
  }

  /** Goes back into the value of the line before. */
  #fold(): void {
    if (this.#used === 0 || !this.#mayFold) {
      throw new ProtocolError(
        this.#mayFold ? "FIELD_LINE_INVALID" : "FIELD_FOLDED",
        this.#used === 0
          ? "Cannot read the field section: its first line begins with white space"
          : "Cannot read a field line that begins with white space: folded values are obsolete (RFC 9112, 5.2)",
      );
    }
    this.#used -= SPAN;
    this.#lineStart = spans[this.#used] as number;
    this.#nameEnd = spans[this.#used + 1] as number;
    this.#valueStart = spans[this.#used + 2] as number;
    this.#folded = true;
  }

  #tooLong(at: number): ProtocolError {
    if (at >= this.#limits.total) {
      return new ProtocolError(
        "FIELDS_TOO_LARGE",
        `Cannot accept a head or trailer section of more than ${this.#limits.total} bytes`,
        431,
      );
    }
    return new ProtocolError(
      "FIELD_LINE_TOO_LARGE",
      `Cannot accept a field line of more than ${this.#limits.line} bytes`,
      431,
    );
  }
}

/** Puts a space in the place of each fold (RFC 9112, 5.2). */
function unfold(text: string, own: readonly number[]): Fields {
  const names: string[] = [];
  const values: string[] = [];
  for (let i = 0; i < own.length; i += SPAN) {
    names.push(text.slice(own[i], own[i + 1]));
    values.push(trimOws(text.slice(own[i + 2], own[i + 3]).replace(/[ \t]*\r\n[ \t]*/g, " ")));
  }
  return Fields.received(names, values);
}

function show(byte: number): string {
  if (byte === CR) return "CR";
  if (byte === LF) return "LF";
  if (byte === 0) return "NUL";
  return byte > 0x20 && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : `0x${byte.toString(16).padStart(2, "0")}`;
}

function badStart(byte: number): ProtocolError {
  return new ProtocolError("FIELD_NAME_INVALID", `Cannot read a field line that begins with ${show(byte)}`);
}

function badName(byte: number): ProtocolError {
  const why =
    byte === SP || byte === TAB
      ? "white space before the colon (RFC 9112, 5.1)"
      : `${show(byte)} before any colon`;
  return new ProtocolError("FIELD_NAME_INVALID", `Cannot read a field name: ${why}`);
}

function badValue(byte: number): ProtocolError {
  return new ProtocolError("FIELD_VALUE_INVALID", `Cannot read a field value with ${show(byte)} in it`);
}

function bareCr(): ProtocolError {
  return new ProtocolError("FIELD_VALUE_INVALID", "Cannot read a field line with a CR that no LF follows");
}
