// One connection while its packets come: both streams, their state, and what is special about each segment.

import type { TcpPacket } from "../decode.ts";
import type { Connection, ConnectionState, Endpoint, SegmentNote, Side, StreamBytes } from "../model.ts";
import { ACK, FIN, RST, SYN } from "../packets/tcp.ts";
import type { ConnectionEvent } from "./events.ts";
import { HalfStream, type HalfStreamLimits } from "./half-stream.ts";
import { bytesOf, firstByte, segmentOf } from "./placing.ts";
import { clientByBytes, clientByFlags, clientByPorts, otherSide } from "./roles.ts";

/** What a side said last, to know whether it says it again. */
interface LastWord {
  acknowledgement: number;
  window: number;
}

export class TrackedConnection implements Connection {
  readonly id: number;
  readonly a: Endpoint;
  readonly b: Endpoint;
  #client: Side;
  #clientBy: Connection["clientBy"] = "ports";
  #opening: Connection["opening"] = "middle";
  #state: ConnectionState = "open";
  readonly #halves: Readonly<Record<Side, HalfStream>>;
  readonly #last: Partial<Record<Side, LastWord>> = {};
  readonly #finished = { a: false, b: false };

  constructor(id: number, a: Endpoint, b: Endpoint, limits: HalfStreamLimits) {
    this.id = id;
    this.a = a;
    this.b = b;
    this.#client = clientByPorts(a, b);
    this.#halves = { a: new HalfStream(limits), b: new HalfStream(limits) };
  }

  get client(): Side {
    return this.#client;
  }

  get clientBy(): Connection["clientBy"] {
    return this.#clientBy;
  }

  get opening(): Connection["opening"] {
    return this.#opening;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#state !== "open" && this.#state !== "half-closed";
  }

  sideOf({ source }: TcpPacket): Side {
    return source.port === this.a.port && source.address === this.a.address ? "a" : "b";
  }

  /** Whether a packet begins another connection between the same endpoints: it has a SYN with another number. */
  isReplacedBy(packet: TcpPacket): boolean {
    const { flags, sequence } = packet.tcp;
    if ((flags & (SYN | RST)) !== SYN) return false;
    if (this.ended) return (flags & ACK) === 0;
    const half = this.#halves[this.sideOf(packet)];
    return half.begun && half.offsetOf(sequence + 1) !== 0;
  }

  *take(packet: TcpPacket): Generator<ConnectionEvent> {
    const from = this.sideOf(packet);
    const { tcp } = packet;
    this.#begin(from, packet);
    const half = this.#halves[from];
    const other = this.#halves[otherSide(from)];
    const start = half.offsetOf(firstByte(packet)) as number;
    const end = start + packet.payload.length + packet.missing;
    const acknowledges = (tcp.flags & ACK) !== 0 ? other.offsetOf(tcp.acknowledgement) : undefined;
    const notes = this.#notes(from, packet, start, end);
    if (acknowledges !== undefined) other.acknowledge(acknowledges);
    this.#last[from] = { acknowledgement: tcp.acknowledgement, window: tcp.window };

    yield {
      type: "segment",
      connection: this,
      segment: segmentOf(packet, from, start, end, acknowledges, notes),
    };
    // A reset with a number from far away is not followed by the other side either (RFC 9293, 3.10.7.4).
    const reset = (tcp.flags & RST) !== 0 && !notes.includes("outside");
    if ((tcp.flags & FIN) !== 0 && (tcp.flags & RST) === 0 && half.takeFin(end) && !this.ended)
      this.#state = "half-closed";
    if (!this.ended) {
      yield* this.#settle(from, reset, packet.packet.time);
      yield* this.#settle(otherSide(from), reset, packet.packet.time);
      if (reset) yield this.#end("reset");
      else if (this.#finished.a && this.#finished.b) yield this.#end("closed");
    }
  }

  /** Ends what is still open, since no more of it will be looked at. */
  *leave(time: bigint | undefined): Generator<ConnectionEvent> {
    if (this.ended) return;
    yield* this.#settle("a", true, time);
    yield* this.#settle("b", true, time);
    yield this.#end("left");
  }

  #end(state: ConnectionState): ConnectionEvent {
    this.#state = state;
    return { type: "closed", connection: this };
  }

  /** Learns from a packet where streams begin, and who is the client. */
  #begin(from: Side, packet: TcpPacket): void {
    const { flags, acknowledgement } = packet.tcp;
    const half = this.#halves[from];
    const other = this.#halves[otherSide(from)];
    half.begin(firstByte(packet));
    // The answer to a SYN tells that one's number, should it not have been captured.
    if ((flags & (SYN | ACK)) === (SYN | ACK)) other.begin(acknowledgement);
    const client = clientByFlags(flags, from);
    if (client === undefined || this.#opening === "handshake") return;
    this.#opening = "handshake";
    this.#client = client;
    this.#clientBy = "handshake";
  }

  #notes(from: Side, packet: TcpPacket, start: number, end: number): SegmentNote[] {
    const { flags, window } = packet.tcp;
    const half = this.#halves[from];
    // Nothing is taken any more, and what is kept must not grow.
    if (this.ended) return [];
    if ((flags & RST) !== 0) return half.isOutside(start) ? ["outside"] : [];
    if ((flags & SYN) !== 0 && this.#last[from] !== undefined) return ["retransmission"];
    if (this.#isKeepAlive(half, flags, start, end)) return ["keep-alive"];
    const notes = half.take(bytesOf(packet, start), end);
    if ((flags & FIN) !== 0 && half.finSeen && start === end) notes.push("retransmission");
    if ((flags & SYN) === 0 && window === 0) notes.push("zero-window");
    if (start === end && this.#isRepeated(from, packet)) notes.push("duplicate-acknowledgement");
    return notes;
  }

  /** One byte before what comes next, of what the other side has already (RFC 9293, 3.8.4). */
  #isKeepAlive(half: HalfStream, flags: number, start: number, end: number): boolean {
    if ((flags & (SYN | FIN)) !== 0 || end - start > 1) return false;
    return start === half.highest - 1 && half.acknowledged >= half.highest;
  }

  /** The same acknowledgement again, while there is something that could be acknowledged (RFC 5681, 2). */
  #isRepeated(from: Side, { tcp }: TcpPacket): boolean {
    const last = this.#last[from];
    const other = this.#halves[otherSide(from)];
    if (last === undefined || (tcp.flags & (SYN | FIN)) !== 0 || (tcp.flags & ACK) === 0) return false;
    const same = last.acknowledgement === tcp.acknowledgement && last.window === tcp.window;
    return same && other.acknowledged < other.highest;
  }

  *#settle(from: Side, all: boolean, time: bigint | undefined): Generator<ConnectionEvent> {
    const half = this.#halves[from];
    for (const part of half.settle(all, time)) {
      if (part.kind === "bytes" && this.#clientBy === "ports") this.#learnClient(part, from);
      yield { type: "part", connection: this, from, part };
    }
    if (half.finished && !this.#finished[from]) {
      this.#finished[from] = true;
      yield { type: "finished", connection: this, from };
    }
  }

  #learnClient(part: StreamBytes, from: Side): void {
    const client = clientByBytes(part.bytes, from);
    if (client === undefined) return;
    this.#client = client;
    this.#clientBy = "request";
  }
}
