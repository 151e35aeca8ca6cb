// A transport whose bytes and events are told to an observer, and which is otherwise as it was. Knows nothing of packets.

import type { Endpoint, Receiver, Transport } from "../../net/transport.ts";

/** Is told what passes through a transport, in the order in which it does, and must not throw. */
export interface TransportObserver {
  /** Bytes have come, and are handed on next. */
  received(bytes: Uint8Array): void;
  /** This side writes bytes, or a latin1 string. Bytes stay as they are only until this returns. */
  writing(piece: string | Uint8Array): void;
  /** The other side sends no more. */
  ended(): void;
  /** This side says that it sends no more. */
  ending(): void;
  destroying(): void;
  resetting(): void;
  closed(error: Error | undefined): void;
}

export interface ObservedTransport extends Transport {
  /** Tells the observer nothing from now on. */
  release(): void;
}

/** Hands everything through, and tells the observer of it. The transport must not be used past this one from now on. */
export function observed(inner: Transport, observer: TransportObserver): ObservedTransport {
  return new Observed(inner, observer);
}

const NOBODY: Receiver = { received() {}, ended() {}, drained() {}, stalled() {}, closed() {} };

class Observed implements ObservedTransport, Receiver {
  readonly #inner: Transport;
  #observer: TransportObserver | undefined;
  #receiver: Receiver = NOBODY;

  constructor(inner: Transport, observer: TransportObserver) {
    this.#inner = inner;
    this.#observer = observer;
    inner.attach(this);
  }

  release(): void {
    this.#observer = undefined;
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  // ── in ────────────────────────────────────────────────────────────────────────────────────────

  attach(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  received(bytes: Uint8Array): void {
    this.#observer?.received(bytes);
    this.#receiver.received(bytes);
  }

  ended(): void {
    this.#observer?.ended();
    this.#receiver.ended();
  }

  drained(): void {
    this.#receiver.drained();
  }

  stalled(): void {
    this.#receiver.stalled();
  }

  closed(error: Error | undefined): void {
    this.#observer?.closed(error);
    this.#receiver.closed(error);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  // ── out ───────────────────────────────────────────────────────────────────────────────────────

  write(piece: string | Uint8Array, written?: () => void): boolean {
    this.#observer?.writing(piece);
    return this.#inner.write(piece, written);
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  stallTimeout(milliseconds: number): void {
    this.#inner.stallTimeout(milliseconds);
  }

  end(sent?: () => void): void {
    this.#observer?.ending();
    this.#inner.end(sent);
  }

  destroy(): void {
    this.#observer?.destroying();
    this.#inner.destroy();
  }

  reset(): void {
    this.#observer?.resetting();
    this.#inner.reset();
  }
}
