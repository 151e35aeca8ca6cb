// The memory that files are read into. Each transfer has two buffers, as disk and socket are then busy at once;
// together all transfers of the process have so much that a crowd of clients who read slowly, or never, cannot take it all.

/** Larger ones gain little (bench: large). */
const LARGE_BYTES = 512 * 1024;

/** What a transfer gets when there are many. */
const SMALL_BYTES = 32 * 1024;

/** Bytes for large buffers: as many transfers as a fast network has use for at the same time. */
const AMPLE_BYTES = 64 * 1024 * 1024;

/** Bytes that all transfers have now. */
let lent = 0;

/** The buffers of one transfer: two are out at most, and are used again. */
export class BufferPair {
  #held = 0;
  #spare: Uint8Array | undefined;

  /** Gives a buffer, of no more than `bytes`. */
  take(bytes: number): Uint8Array {
    const spare = this.#spare;
    this.#spare = undefined;
    const crowded = lent >= AMPLE_BYTES;
    if (spare !== undefined && (crowded || spare.length >= Math.min(bytes, LARGE_BYTES))) return spare;
    if (spare !== undefined) this.#lend(-spare.length);
    // Memory of its own, not from Node's pool, so that its ArrayBuffer is just this buffer.
    const buffer = Buffer.allocUnsafeSlow(Math.min(bytes, crowded ? SMALL_BYTES : LARGE_BYTES));
    this.#lend(buffer.length);
    return buffer;
  }

  giveBack(buffer: Uint8Array): void {
    this.#spare = buffer;
  }

  /** The transfer is over. */
  letGo(): void {
    this.#spare = undefined;
    this.#lend(-this.#held);
  }

  #lend(bytes: number): void {
    this.#held += bytes;
    lent += bytes;
  }
}
