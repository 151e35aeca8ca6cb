// The bytes that one side of a connection sends, put in order. It knows sequence numbers and offsets, and nothing of
// packets, flags and the other side, but what that one has acknowledged.

import type { SegmentNote, StreamBytes, StreamPart } from "../model.ts";
import { agree, clip, costOf, Waiting } from "./waiting.ts";

/** No window is larger (RFC 7323, 2.3), so what is further away belongs to something else. */
const FARTHEST = 2 ** 30;

export interface HalfStreamLimits {
  /** Bytes of memory for what waits for bytes that precede it. */
  readonly maxWaiting: number;
  /** Bytes of memory for what was given, to compare repeated bytes with. */
  readonly maxCompared: number;
}

export class HalfStream {
  readonly #limits: HalfStreamLimits;
  /** The sequence number of offset 0. */
  #base: number | undefined;
  /** Up to where parts were given. */
  #next = 0;
  readonly #waiting = new Waiting();
  /** What was given last. */
  readonly #recent: StreamBytes[] = [];
  #recentCost = 0;
  #highest = 0;
  #acknowledged = 0;
  #fin: number | undefined;

  constructor(limits: HalfStreamLimits) {
    this.#limits = limits;
  }

  get begun(): boolean {
    return this.#base !== undefined;
  }

  /** Behind the last byte that has come. */
  get highest(): number {
    return this.#highest;
  }

  /** Up to where the other side says it has everything. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Whether everything up to the FIN was given. */
  get finished(): boolean {
    return this.#fin !== undefined && this.#next >= this.#fin;
  }

  get finSeen(): boolean {
    return this.#fin !== undefined;
  }

  /** Says which sequence number the first byte has. */
  begin(sequence: number): void {
    this.#base ??= sequence;
  }

  /** The offset of a sequence number, which may be negative; undefined while the beginning is not known. */
  offsetOf(sequence: number): number | undefined {
    if (this.#base === undefined) return undefined;
    // Numbers wrap around every 4 GiB: the offset meant is the one that is nearest.
    return this.#next + ((sequence - this.#base - this.#next) | 0);
  }

  isOutside(offset: number): boolean {
    return Math.abs(offset - this.#next) > FARTHEST;
  }

  /** Takes bytes that have come; `end` counts bytes, too, that were sent and not captured. Says what is special about them. */
  take(piece: StreamBytes, end: number): SegmentNote[] {
    if (end === piece.start) return [];
    if (end <= 0 || this.isOutside(piece.start)) return ["outside"];
    const notes: SegmentNote[] = [];
    const seen = this.#seen(piece);
    if (!seen.every((there) => agree(there, piece))) notes.push("differs");
    const fresh = Math.max(this.#next, piece.start);
    const added = fresh < piece.end && this.#waiting.add(clip(piece, fresh, piece.end));
    if (!added && end <= this.#highest) notes.push("retransmission");
    else {
      if (piece.start < this.#next || seen.length > 0) notes.push("overlap");
      if (end < this.#highest) notes.push("out-of-order");
      else if (piece.start > this.#highest) notes.push("ahead");
    }
    this.#highest = Math.max(this.#highest, end);
    return notes;
  }

  /** Pieces that have come before with bytes in the same place, as far as they are still known. */
  #seen(piece: StreamBytes): StreamBytes[] {
    const recent =
      piece.start < this.#next
        ? this.#recent.filter((there) => there.start < piece.end && there.end > piece.start)
        : [];
    return [...recent, ...this.#waiting.overlapping(piece.start, piece.end)];
  }

  /** The side has sent FIN; false when it had before. */
  takeFin(offset: number): boolean {
    if (this.#fin !== undefined || offset < this.#next || this.isOutside(offset)) return false;
    this.#fin = offset;
    return true;
  }

  acknowledge(offset: number): void {
    if (!this.isOutside(offset)) this.#acknowledged = Math.max(this.#acknowledged, offset);
  }

  /**
   * What can be given now, in order. Bytes that are missing become a gap once the other side has acknowledged later
   * ones, so that it must have them; or when too much waits for them; or, with `all`, at once.
   */
  *settle(all: boolean, time: bigint | undefined): Generator<StreamPart> {
    // FIN is acknowledged as if it were a byte behind the last.
    const complete = this.#fin !== undefined && this.#acknowledged > this.#fin;
    for (let first = this.#waiting.first; first !== undefined; first = this.#waiting.first) {
      if (first.start > this.#next) {
        const lost = this.#acknowledged > first.start || this.#waiting.cost > this.#limits.maxWaiting;
        if (!all && !complete && !lost) return;
        yield this.#gapTo(first.start, first.time);
      }
      this.#waiting.takeFirst();
      this.#next = first.end;
      this.#remember(first);
      yield first;
    }
    const end = this.#lostEnd(all, complete);
    if (end > this.#next) yield this.#gapTo(end, time);
  }

  /** Up to where bytes behind the last ones are known to be missing. */
  #lostEnd(all: boolean, complete: boolean): number {
    if (complete) return this.#fin as number;
    if (!all) return this.#next;
    if (this.#fin !== undefined) return Math.min(this.#fin, Math.max(this.#acknowledged, this.#highest));
    // One byte may be a FIN that was not captured.
    const acknowledged = this.#acknowledged - this.#next > 1 ? this.#acknowledged : this.#next;
    return Math.max(acknowledged, this.#highest);
  }

  #gapTo(end: number, time: bigint | undefined): StreamPart {
    const start = this.#next;
    this.#next = end;
    return { kind: "gap", start, end, time };
  }

  #remember(piece: StreamBytes): void {
    this.#recent.push(piece);
    this.#recentCost += costOf(piece);
    while (this.#recentCost > this.#limits.maxCompared) {
      this.#recentCost -= costOf(this.#recent.shift() as StreamBytes);
    }
  }
}
