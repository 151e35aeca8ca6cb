// A body that holds something open, and lets go of it whatever becomes of the body.

/**
 * Passes content on, and calls `close` when it has ended, when it fails, and when its reader leaves, even one
 * that never asked for a piece: a generator's own `finally` would not run then. `close` may be called more than once.
 */
export function closing(
  content: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => new ClosingIterator(content[Symbol.asyncIterator](), close) };
}

class ClosingIterator implements AsyncIterator<Uint8Array, void, void> {
  readonly #inner: AsyncIterator<Uint8Array, unknown, undefined>;
  readonly #close: () => Promise<void>;

  constructor(inner: AsyncIterator<Uint8Array, unknown, undefined>, close: () => Promise<void>) {
    this.#inner = inner;
    this.#close = close;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    try {
      const piece = await this.#inner.next();
      if (piece.done !== true) return piece;
    } catch (error) {
      await this.#close();
      throw error;
    }
    await this.#close();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    try {
      await this.#inner.return?.();
    } finally {
      await this.#close();
    }
    return { done: true, value: undefined };
  }
}
