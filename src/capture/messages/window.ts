// The bytes of a stream between the last event of its reading and what was given to be read, and their offsets.

import type { Instant, StreamBytes } from "../model.ts";

export class Window {
  #parts: StreamBytes[] = [];
  #previous = 0;
  #consumed = 0;
  #fed = 0;
  #time: Instant | undefined;

  /** Behind the last byte that was given. */
  get fed(): number {
    return this.#fed;
  }

  /** Where the last event ends. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Where the event before it ended. */
  get previous(): number {
    return this.#previous;
  }

  get isEmpty(): boolean {
    return this.#fed === this.#consumed;
  }

  /** When the last bytes came: every event is told as soon as its last byte is there. */
  get time(): Instant | undefined {
    return this.#time;
  }

  /** Begins anew at an offset. */
  begin(offset: number): void {
    this.#parts = [];
    this.#previous = offset;
    this.#consumed = offset;
    this.#fed = offset;
  }

  push(part: StreamBytes): void {
    this.#parts.push(part);
    this.#fed = part.end;
    this.#time = part.time;
  }

  /** An event was read, and so many bytes are left. */
  consume(unread: number): void {
    this.#parts = this.#parts.filter(({ end }) => end > this.#consumed);
    this.#previous = this.#consumed;
    this.#consumed = this.#fed - unread;
  }

  /** When the byte at an offset came. */
  timeAt(offset: number): Instant | undefined {
    return this.#parts.find(({ end }) => end > offset)?.time;
  }

  /** Bytes not before `previous`. */
  bytes(start: number, end: number): Uint8Array {
    const parts = this.#parts.map((part) =>
      part.bytes.subarray(Math.max(0, start - part.start), Math.max(0, end - part.start)),
    );
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  }
}
