// Bytes that move on in time: so many in a second on average. It waits between pieces of a tenth of a second's worth:
// a timer ten times a second at most, and none while nothing moves.

/** Time, as far as a throttle needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Calls once after so many milliseconds. Returns what calls it off. */
  after(milliseconds: number, act: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

const PIECES_A_SECOND = 10;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly written: (() => void) | undefined;
}

/** One direction: what is pushed in moves on in time. */
export class Pacer {
  readonly #rate: number;
  readonly #clock: Clock;
  readonly #move: (bytes: Uint8Array, written: (() => void) | undefined) => void;
  readonly #emptied: () => void;
  readonly #queue: Waiting[] = [];
  #callOff: (() => void) | undefined;
  /** When the next piece may move. */
  #due = 0;

  constructor(
    rate: number,
    clock: Clock,
    move: (bytes: Uint8Array, written: (() => void) | undefined) => void,
    emptied: () => void,
  ) {
    this.#rate = rate;
    this.#clock = clock;
    this.#move = move;
    this.#emptied = emptied;
  }

  get waiting(): boolean {
    return this.#queue.length > 0;
  }

  push(bytes: Uint8Array, written?: () => void): void {
    // Time in which there was nothing to move is not saved up.
    if (!this.waiting) this.#due = Math.max(this.#due, this.#clock.now());
    this.#queue.push({ bytes, written });
    if (this.#callOff === undefined) this.#run();
  }

  clear(): void {
    this.#queue.length = 0;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #run(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const wait = this.#due - this.#clock.now();
      if (wait > 0) {
        this.#callOff = this.#clock.after(wait, () => {
          this.#callOff = undefined;
          this.#run();
        });
        return;
      }
      const size = Math.max(1, Math.floor(this.#rate / PIECES_A_SECOND));
      const { bytes, written } = first;
      const whole = bytes.length <= size;
      if (whole) this.#queue.shift();
      else this.#queue[0] = { bytes: bytes.subarray(size), written };
      // Counted from when it was due: a timer that is late does not make the whole slower.
      this.#due += (Math.min(size, bytes.length) * 1000) / this.#rate;
      this.#move(whole ? bytes : bytes.subarray(0, size), whole ? written : undefined);
    }
    this.#emptied();
  }
}
