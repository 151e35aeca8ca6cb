// The body of one answer on its way from a connection to its reader: what has come and was not asked for
// yet, or who waits for more. It knows the connection only as who can be asked.

import type { Fields } from "../protocol/fields.ts";
import type { Framing } from "../protocol/framing.ts";
import { ClientError } from "./errors.ts";

/** Where the bytes come from. */
export interface Source {
  /** Somebody waits: bytes should come. */
  wanted(intake: Intake): void;
  /** Nobody will read the rest. */
  dropped(intake: Intake): void;
}

/** Pieces kept for a reader who has not come yet; tiny chunks beyond that stay bytes in the connection. */
const MOST_READY = 16;

interface Waiter {
  readonly resolve: (bytes: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

export class Intake {
  /** Of the framing: bytes to come in all, undefined when not known. */
  readonly length: number | undefined;
  /** Bytes that have come so far. */
  received = 0;
  trailers: Fields | undefined;
  readonly #source: Source;
  #ready: Uint8Array[] = [];
  #waiter: Waiter | undefined;
  #ended = false;
  #error: Error | undefined;

  constructor(source: Source, length: number | undefined) {
    this.#source = source;
    this.length = length;
  }

  /** Whether all of the body has come. */
  get ended(): boolean {
    return this.#ended;
  }

  get waiting(): boolean {
    return this.#waiter !== undefined;
  }

  /** Whether pieces wait for the reader. */
  get ahead(): boolean {
    return this.#ready.length > 0;
  }

  get full(): boolean {
    return this.#ready.length >= MOST_READY;
  }

  // ── from the connection ───────────────────────────────────────────────────────────────────────

  push(bytes: Uint8Array): void {
    this.received += bytes.length;
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#ready.push(bytes);
      return;
    }
    this.#waiter = undefined;
    waiter.resolve(bytes);
  }

  end(trailers: Fields): void {
    this.trailers = trailers;
    this.#ended = true;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve(undefined);
  }

  /** The rest will not come. What has come is still handed out before the error. */
  fail(error: Error): void {
    if (this.#ended || this.#error !== undefined) return;
    this.#error = error;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(error);
  }

  // ── for the reader ────────────────────────────────────────────────────────────────────────────

  /** All that is left, when all of it has come; undefined when it has not. */
  whole(): Uint8Array[] | undefined {
    if (!this.#ended) return undefined;
    const all = this.#ready;
    this.#ready = [];
    return all;
  }

  /** The next piece, undefined at the end. One call at a time. */
  pull(): Promise<Uint8Array | undefined> {
    const ready = this.#ready.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.#ended) return Promise.resolve(undefined);
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#source.wanted(this);
    });
  }

  /** Gives up on the rest; who still waits for it gets an error, never an end that was not there. */
  discard(): void {
    this.#ready = [];
    if (this.#ended || this.#error !== undefined) return;
    this.#source.dropped(this);
    this.fail(new ClientError("ABORTED", "Cannot read on: the rest of the body was discarded"));
  }
}

/** Bytes that an answer's head promises; undefined when it does not tell. */
export function announcedLength(framing: Framing): number | undefined {
  switch (framing.kind) {
    case "length":
      return framing.length;
    case "none":
    case "switch":
      return 0;
    case "chunked":
    case "close":
      return undefined;
  }
}
