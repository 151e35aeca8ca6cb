// One writer at a time for each name, in the order in which they came. Only within this process: see tree.ts
// of this folder for what holds between several.

export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Does the work once all work that was asked for earlier under the same key has ended, well or badly. */
  hold<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const running = before === undefined ? work() : before.then(work);
    const tail: Promise<void> = running.then(
      () => this.#release(key, tail),
      () => this.#release(key, tail),
    );
    this.#tails.set(key, tail);
    return running;
  }

  /** The number of keys that are held: 0 when nothing runs. */
  get size(): number {
    return this.#tails.size;
  }

  #release(key: string, tail: Promise<void>): void {
    if (this.#tails.get(key) === tail) this.#tails.delete(key);
  }
}
