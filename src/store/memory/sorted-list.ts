// A list that is kept in order, for a table of some million keys: finding is a binary search, and inserting
// moves only what stands behind in the same part.

/** The longest part. */
const PART = 1024;

export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  /** One behind the other; none is empty. */
  readonly #parts: T[][] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** Adds an item that is not there yet. */
  add(item: T): void {
    const index = Math.min(this.#partOf(item), this.#parts.length - 1);
    const part = this.#parts[index];
    if (part === undefined) {
      this.#parts.push([item]);
      return;
    }
    part.splice(this.#find(part, item), 0, item);
    if (part.length > PART) this.#parts.splice(index + 1, 0, part.splice(PART / 2));
  }

  delete(item: T): void {
    const index = this.#partOf(item);
    const part = this.#parts[index];
    if (part === undefined) return;
    const place = this.#find(part, item);
    if (part[place] !== item) return;
    part.splice(place, 1);
    if (part.length === 0) this.#parts.splice(index, 1);
  }

  /** The items from the first that is not before `start`. The list must not change meanwhile. */
  *from(start: T): Generator<T, void, void> {
    const first = this.#partOf(start);
    for (let index = first; index < this.#parts.length; index += 1) {
      const part = this.#parts[index] as T[];
      for (let place = index === first ? this.#find(part, start) : 0; place < part.length; place += 1) {
        yield part[place] as T;
      }
    }
  }

  /** The number of the first part that ends with the item or one behind it. */
  #partOf(item: T): number {
    return search(this.#parts.length, (index) => {
      return this.#compare((this.#parts[index] as T[]).at(-1) as T, item) < 0;
    });
  }

  #find(part: readonly T[], item: T): number {
    return search(part.length, (index) => this.#compare(part[index] as T, item) < 0);
  }
}

/** The first of so many numbers that is not before. */
function search(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
