// Writes pieces to a transport: small ones together in one write, large ones as they are, and tells
// when the other side is slow.

import type { Transport } from "./transport.ts";

/** Up to here pieces are copied into one buffer: cheaper than telling the kernel of each. */
const COPY_LIMIT = 32_768;
const TEXT_LIMIT = 16_384;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Outlet {
  readonly #transport: Transport;
  readonly #stallTimeout: number;
  #congested = false;
  #guarded = false;
  #waiter: Waiter | undefined;

  /** `stallTimeout`: milliseconds in which what was written must move; 0 for no limit. */
  constructor(transport: Transport, stallTimeout: number) {
    this.#transport = transport;
    this.#stallTimeout = stallTimeout;
  }

  /** Whether more should not be written before `drained`. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Whether something written still waits for the other side. */
  get waiting(): boolean {
    return this.#congested || this.#waiter !== undefined;
  }

  write(pieces: readonly (string | Uint8Array)[]): void {
    if (pieces.length > 0 && !this.#send(pieces, undefined)) {
      this.#congested = true;
      this.#guard();
    }
  }

  /** Writes and waits until the operating system has taken all of it. Rejects with what `broken` was given. */
  writeThrough(pieces: readonly (string | Uint8Array)[]): Promise<void> {
    if (pieces.length === 0) return Promise.resolve();
    this.#guard();
    return new Promise<void>((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#send(pieces, () => {
        this.#waiter = undefined;
        resolve();
      });
    });
  }

  drained(): void {
    this.#congested = false;
    if (this.#waiter === undefined) this.#relax();
  }

  /** The connection is gone: nobody waits any longer. */
  broken(error: Error): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(error);
  }

  /** The message is out; an idle connection has a deadline of another kind. */
  rest(): void {
    if (!this.#congested) this.#relax();
  }

  #guard(): void {
    if (this.#guarded || this.#stallTimeout === 0) return;
    this.#guarded = true;
    this.#transport.stallTimeout(this.#stallTimeout);
  }

  #relax(): void {
    if (!this.#guarded) return;
    this.#guarded = false;
    this.#transport.stallTimeout(0);
  }

  #send(pieces: readonly (string | Uint8Array)[], written: (() => void) | undefined): boolean {
    const only = pieces[0] as string | Uint8Array;
    if (pieces.length === 1) return this.#transport.write(only, written);
    let total = 0;
    let text = "";
    for (const piece of pieces) {
      total += piece.length;
      if (typeof piece === "string") text += piece;
    }
    // The system call takes a short text as it is; a longer one would be copied into a buffer there, too.
    if (text.length === total && total <= TEXT_LIMIT) return this.#transport.write(text, written);
    if (total <= COPY_LIMIT) return this.#transport.write(join(pieces, total), written);
    this.#transport.cork();
    let flowing = true;
    for (let i = 0; i < pieces.length; i++) {
      const last = i === pieces.length - 1;
      flowing = this.#transport.write(pieces[i] as string | Uint8Array, last ? written : undefined);
    }
    this.#transport.uncork();
    return flowing;
  }
}

/** Buffers for what is joined are cut from larger ones: each of those costs as much as writing a small answer. */
const SLAB = 131_072;
let slab: Buffer = Buffer.allocUnsafeSlow(0);
let slabUsed = 0;

function cut(size: number): Buffer {
  if (slabUsed + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += size;
  return slab.subarray(start, slabUsed);
}

function join(pieces: readonly (string | Uint8Array)[], total: number): Buffer {
  const joined = cut(total);
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") at += joined.write(piece, at, "latin1");
    else {
      joined.set(piece, at);
      at += piece.length;
    }
  }
  return joined;
}
