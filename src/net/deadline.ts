/**
 * A time by which something must have happened. Moving it is a number written down: the one timer
 * behind it is not touched, and looks again when it fires. A connection moves its deadline several
 * times in each exchange, so that is the part that has to be cheap.
 */
export class Deadline {
  readonly #expired: () => void;
  /** By performance.now(); Infinity while there is no deadline. */
  #at = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** Sets the deadline `milliseconds` from `now` (performance.now()); 0 means none. */
  set(milliseconds: number, now: number = performance.now()): void {
    if (milliseconds <= 0) {
      this.#at = Number.POSITIVE_INFINITY;
      return;
    }
    this.#at = now + milliseconds;
    if (this.#at < this.#firesAt) this.#arm(milliseconds);
  }

  clear(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** Ends it for good. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = Number.POSITIVE_INFINITY;
    this.#firesAt = Number.POSITIVE_INFINITY;
  }

  #arm(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = this.#at;
    this.#timer = setTimeout(() => this.#look(), Math.ceil(milliseconds));
  }

  #look(): void {
    this.#timer = undefined;
    this.#firesAt = Number.POSITIVE_INFINITY;
    if (this.#at === Number.POSITIVE_INFINITY) return;
    const left = this.#at - performance.now();
    if (left > 0) {
      this.#arm(left);
    } else {
      this.#at = Number.POSITIVE_INFINITY;
      this.#expired();
    }
  }
}
