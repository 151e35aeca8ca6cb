// A list that is kept in order, for a table of some hundred thousand keys: finding is a binary search, and
// inserting moves what stands behind, which memory does fast.

export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Adds an item that is not there yet. */
  add(item: T): void {
    const last = this.#items.at(-1);
    // Most come in order.
    if (last === undefined || this.#compare(last, item) < 0) this.#items.push(item);
    else this.#items.splice(this.#find(item), 0, item);
  }

  delete(item: T): void {
    const index = this.#find(item);
    if (this.#items[index] === item) this.#items.splice(index, 1);
  }

  /** The items from the first that is not before `start`. The list must not change meanwhile. */
  *from(start: T): Generator<T, void, void> {
    for (let index = this.#find(start); index < this.#items.length; index += 1) yield this.#items[index] as T;
  }

  #find(item: T): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#items[middle] as T, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
