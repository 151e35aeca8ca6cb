/**
 * Bytes that have come and are not consumed yet, in one piece. Knows nothing of HTTP.
 *
 * What was handed out is never written over: a chunk that came while nothing was left is kept
 * as it is, without a copy; only when a rest is left is a new buffer made, with room to grow.
 */
export class Inbox {
  bytes: Buffer = EMPTY;
  /** Where the unread bytes begin and end in `bytes`. */
  start = 0;
  end = 0;
  /** Whether `bytes` is ours, so that its end may be written to. */
  #own = false;

  get length(): number {
    return this.end - this.start;
  }

  push(chunk: Uint8Array): void {
    const rest = this.end - this.start;
    if (rest === 0) {
      this.bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      this.start = 0;
      this.end = chunk.length;
      this.#own = false;
      return;
    }
    if (!this.#own || this.end + chunk.length > this.bytes.length) {
      // Doubling keeps a head that comes byte by byte from costing its length squared.
      const grown = Buffer.allocUnsafe(Math.max(1024, 2 * (rest + chunk.length)));
      grown.set(this.bytes.subarray(this.start, this.end), 0);
      this.bytes = grown;
      this.start = 0;
      this.end = rest;
      this.#own = true;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Takes up to `most` bytes from the front, as a view. */
  take(most: number): Uint8Array {
    const length = Math.min(most, this.end - this.start);
    const view = this.bytes.subarray(this.start, this.start + length);
    this.skip(length);
    return view;
  }

  skip(count: number): void {
    this.start += count;
    // An empty inbox keeps no buffer alive: ten thousand idle connections have one each.
    if (this.start === this.end) {
      this.bytes = EMPTY;
      this.start = 0;
      this.end = 0;
    }
  }

  /** The text of `length` bytes from `offset` on, a character for each byte. */
  text(offset: number, length: number): string {
    const from = this.start + offset;
    return this.bytes.toString("latin1", from, from + length);
  }
}

const EMPTY = Buffer.alloc(0);
