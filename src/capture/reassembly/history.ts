// What was told of connections, kept to be looked at: the segments and the bytes of each, the oldest forgotten first.

import type { Connection, Segment, Side, StreamPart, Stretch } from "../model.ts";
import type { ConnectionEvent } from "./events.ts";
import { clip } from "./waiting.ts";

export interface ConnectionRecord {
  readonly connection: Connection;
  readonly segments: readonly Segment[];
  readonly streams: Readonly<Record<Side, readonly StreamPart[]>>;
  /** How many of its first segments were forgotten, and with them the parts of its streams that came in them. */
  readonly forgotten: number;
}

export interface HistoryOptions {
  /**
   * Bytes of memory for all connections, about. When it takes more, connections that have ended are forgotten, the oldest
   * first; then the first segments of those that go on. Default 200 MB; 0 means no limit.
   */
  readonly maxBytes?: number;
}

interface Kept extends ConnectionRecord {
  segments: Segment[];
  streams: Readonly<Record<Side, StreamPart[]>>;
  forgotten: number;
  cost: number;
}

/** What a segment takes beside its payload: the packet's headers, and the objects that describe it. */
const SEGMENT_COST = 512;

export class ConnectionHistory {
  readonly #maxBytes: number;
  readonly #kept = new Map<Connection, Kept>();
  #cost = 0;
  #forgotten = 0;

  constructor(options: HistoryOptions = {}) {
    const { maxBytes = 200_000_000 } = options;
    this.#maxBytes = maxBytes || Number.POSITIVE_INFINITY;
  }

  get connections(): ConnectionRecord[] {
    return [...this.#kept.values()];
  }

  /** How many connections were forgotten. */
  get forgotten(): number {
    return this.#forgotten;
  }

  of(connection: Connection): ConnectionRecord | undefined {
    return this.#kept.get(connection);
  }

  take(event: ConnectionEvent): void {
    const { connection } = event;
    if (event.type === "opened") {
      this.#kept.set(connection, {
        connection,
        segments: [],
        streams: { a: [], b: [] },
        forgotten: 0,
        cost: 0,
      });
      return;
    }
    const kept = this.#kept.get(connection);
    if (kept === undefined) return;
    if (event.type === "part") kept.streams[event.from].push(event.part);
    if (event.type === "segment") {
      kept.segments.push(event.segment);
      kept.cost += costOf(event.segment);
      this.#cost += costOf(event.segment);
      if (this.#cost > this.#maxBytes) this.#makeRoom();
    }
  }

  #makeRoom(): void {
    for (const [connection, { cost }] of this.#kept) {
      if (this.#cost <= this.#maxBytes) return;
      if (!hasEnded(connection)) continue;
      this.#kept.delete(connection);
      this.#cost -= cost;
      this.#forgotten++;
    }
    for (const kept of this.#kept.values()) {
      if (this.#cost <= this.#maxBytes) return;
      this.#cost -= forgetHalf(kept);
    }
  }
}

function costOf(segment: Segment): number {
  return SEGMENT_COST + segment.payload.length;
}

function hasEnded({ state }: Connection): boolean {
  return state !== "open" && state !== "half-closed";
}

/** Forgets the first half of a connection's segments, so that it need not be done for each; gives what that saves. */
function forgetHalf(kept: Kept): number {
  const count = Math.ceil(kept.segments.length / 2);
  const first = kept.segments[count]?.packet ?? Number.POSITIVE_INFINITY;
  const saved = kept.segments.slice(0, count).reduce((sum, segment) => sum + costOf(segment), 0);
  const { a, b } = kept.streams;
  // Parts are in the order of their bytes: all before the first that is kept go.
  const from = (parts: StreamPart[]): StreamPart[] => {
    const index = parts.findIndex((part) => part.kind === "bytes" && part.packet >= first);
    return index < 0 ? [] : parts.slice(index);
  };
  kept.segments = kept.segments.slice(count);
  kept.streams = { a: from(a), b: from(b) };
  kept.forgotten += count;
  kept.cost -= saved;
  return saved;
}

/** The parts of a stream between two offsets, cut to them. */
export function partsBetween(parts: readonly StreamPart[], { start, end }: Stretch): StreamPart[] {
  const found: StreamPart[] = [];
  for (let i = indexAfter(parts, start); i < parts.length; i++) {
    const part = parts[i] as StreamPart;
    if (part.start >= end) break;
    const from = Math.max(start, part.start);
    const to = Math.min(end, part.end);
    found.push(part.kind === "bytes" ? clip(part, from, to) : { ...part, start: from, end: to });
  }
  return found;
}

/** The bytes between two offsets, as far as they were captured: what is missing is left out. */
export function bytesBetween(parts: readonly StreamPart[], stretch: Stretch): Buffer {
  return Buffer.concat(
    partsBetween(parts, stretch).flatMap((part) => (part.kind === "bytes" ? [part.bytes] : [])),
  );
}

/** A segment that carried some bytes of a stream, which of them, and where they stand in its packet. */
export interface Carrier extends Stretch {
  readonly segment: Segment;
  readonly packetAt: number;
}

/** The segments that carried bytes between two offsets of a side's stream, repeated ones as well, in order of capture. */
export function carriersOf(segments: readonly Segment[], from: Side, { start, end }: Stretch): Carrier[] {
  const carriers: Carrier[] = [];
  for (const segment of segments) {
    if (segment.from !== from || segment.notes.includes("keep-alive")) continue;
    const first = Math.max(start, segment.start);
    const last = Math.min(end, segment.end - segment.missing);
    if (first >= last) continue;
    carriers.push({ segment, start: first, end: last, packetAt: segment.payloadAt + first - segment.start });
  }
  return carriers;
}

/** The first part that ends behind an offset. */
function indexAfter(parts: readonly StreamPart[], offset: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle] as StreamPart).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
