// Bytes of a stream that have come before bytes that precede them: pieces in order that never overlap.

import type { StreamBytes } from "../model.ts";

/** What a piece costs beyond its bytes, so that many tiny ones are limited, too. */
const PIECE_COST = 128;

/** Bytes of memory that a piece counts for. */
export function costOf(piece: StreamBytes): number {
  return PIECE_COST + piece.bytes.length;
}

export class Waiting {
  readonly #pieces: StreamBytes[] = [];
  #cost = 0;

  /** Bytes of memory that all pieces count for. */
  get cost(): number {
    return this.#cost;
  }

  get first(): StreamBytes | undefined {
    return this.#pieces[0];
  }

  takeFirst(): StreamBytes | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.#cost -= costOf(piece);
    return piece;
  }

  /** The pieces that have bytes between `start` and `end`. */
  overlapping(start: number, end: number): StreamBytes[] {
    const found: StreamBytes[] = [];
    for (let i = this.#indexAfter(start); i < this.#pieces.length; i++) {
      const piece = this.#pieces[i] as StreamBytes;
      if (piece.start >= end) break;
      found.push(piece);
    }
    return found;
  }

  /** Keeps what of a piece is not there yet; false when all of it is. */
  add(piece: StreamBytes): boolean {
    let at = piece.start;
    const added: StreamBytes[] = [];
    for (const there of this.overlapping(piece.start, piece.end)) {
      if (at < there.start) added.push(clip(piece, at, there.start));
      at = there.end;
    }
    if (at < piece.end) added.push(clip(piece, at, piece.end));
    for (const part of added) {
      this.#pieces.splice(this.#indexAfter(part.start), 0, part);
      this.#cost += costOf(part);
    }
    return added.length > 0;
  }

  /** The first piece that ends behind an offset. */
  #indexAfter(offset: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle] as StreamBytes).end > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The part of a piece between two offsets of the stream that lie in it. */
export function clip(piece: StreamBytes, start: number, end: number): StreamBytes {
  if (start === piece.start && end === piece.end) return piece;
  const from = start - piece.start;
  const bytes = piece.bytes.subarray(from, end - piece.start);
  return { ...piece, start, end, bytes, packetAt: piece.packetAt + from };
}

/** Whether two pieces have the same bytes where both have some. */
export function agree(one: StreamBytes, two: StreamBytes): boolean {
  const start = Math.max(one.start, two.start);
  const end = Math.min(one.end, two.end);
  for (let at = start; at < end; at++) {
    if (one.bytes[at - one.start] !== two.bytes[at - two.start]) return false;
  }
  return true;
}
