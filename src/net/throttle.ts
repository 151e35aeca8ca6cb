// A connection that carries so many bytes in a second, each way, and no more on average.

import { type Clock, Pacer, SYSTEM_CLOCK } from "./pacer.ts";
import type { Endpoint, Receiver, Transport } from "./transport.ts";

/** Carries at most `rate` bytes in a second over a transport in either direction. */
export function throttled(inner: Transport, rate: number, clock: Clock = SYSTEM_CLOCK): Transport {
  return new ThrottledTransport(inner, rate, clock);
}

class ThrottledTransport implements Transport, Receiver {
  readonly #inner: Transport;
  readonly #out: Pacer;
  readonly #in: Pacer;
  #receiver: Receiver | undefined;
  #paused = false;
  /** Whether `drained` is owed to the receiver. */
  #owesDrained = false;
  #innerCongested = false;
  /** What is to be told, or done, once the bytes before it have moved. */
  #ending: { readonly sent: (() => void) | undefined } | undefined;
  #ended = false;
  #closed: { readonly error: Error | undefined } | undefined;

  constructor(inner: Transport, rate: number, clock: Clock) {
    this.#inner = inner;
    this.#out = new Pacer(
      rate,
      clock,
      (bytes, written) => {
        this.#innerCongested = !inner.write(bytes, written);
      },
      () => this.#outEmptied(),
    );
    this.#in = new Pacer(
      rate,
      clock,
      (bytes) => this.#receiver?.received(bytes),
      () => this.#inEmptied(),
    );
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  // ── out ───────────────────────────────────────────────────────────────────────────────────────

  write(piece: string | Uint8Array, written?: () => void): boolean {
    this.#out.push(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece, written);
    if (!this.#out.waiting && !this.#innerCongested) return true;
    this.#owesDrained = true;
    return false;
  }

  /** Pieces go one by one: there is nothing to hold together. */
  cork(): void {}
  uncork(): void {}

  end(sent?: () => void): void {
    if (this.#out.waiting) this.#ending = { sent };
    else this.#inner.end(sent);
  }

  #outEmptied(): void {
    const ending = this.#ending;
    this.#ending = undefined;
    if (ending !== undefined) this.#inner.end(ending.sent);
    this.#tellDrained();
  }

  drained(): void {
    this.#innerCongested = false;
    this.#tellDrained();
  }

  #tellDrained(): void {
    if (!this.#owesDrained || this.#out.waiting || this.#innerCongested) return;
    this.#owesDrained = false;
    this.#receiver?.drained();
  }

  // ── in ────────────────────────────────────────────────────────────────────────────────────────

  attach(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#inner.attach(this);
  }

  received(bytes: Uint8Array): void {
    this.#in.push(bytes);
    if (this.#in.waiting) this.#inner.pause();
  }

  ended(): void {
    if (this.#in.waiting) this.#ended = true;
    else this.#receiver?.ended();
  }

  closed(error: Error | undefined): void {
    this.#out.clear();
    if (this.#in.waiting) this.#closed = { error };
    else this.#receiver?.closed(error);
  }

  #inEmptied(): void {
    const closed = this.#closed;
    if (this.#ended) {
      this.#ended = false;
      this.#receiver?.ended();
    }
    if (closed !== undefined) {
      this.#closed = undefined;
      this.#receiver?.closed(closed.error);
    } else if (!this.#paused) this.#inner.resume();
  }

  pause(): void {
    this.#paused = true;
    this.#inner.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#in.waiting) this.#inner.resume();
  }

  stalled(): void {
    this.#receiver?.stalled();
  }

  stallTimeout(milliseconds: number): void {
    this.#inner.stallTimeout(milliseconds);
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────

  destroy(): void {
    this.#drop();
    this.#inner.destroy();
  }

  reset(): void {
    this.#drop();
    this.#inner.reset();
  }

  #drop(): void {
    this.#out.clear();
    this.#in.clear();
  }
}
