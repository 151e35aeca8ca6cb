// The states of both ends of a TCP connection, told by the segments between them (RFC 9293, 3.3.2). What has no trace on
// the wire is not told: a TIME-WAIT that runs out, a segment that was lost behind the place of the capture.

import type { Connection, Segment, Side } from "../model.ts";
import { ACK, FIN, RST, SYN } from "../packets/tcp.ts";
import { otherSide } from "../reassembly/roles.ts";
import type { States, TcpState } from "./ladder.ts";

type Signal = "SYN" | "SYN+ACK" | "ACK" | "ACK of FIN" | "FIN" | "crossing FIN" | "RST";
type Table = { readonly [state in TcpState]?: { readonly [signal in Signal]?: TcpState } };

/*
 *   CLOSED ──SYN──▶ SYN-SENT                 LISTEN ──SYN──▶ SYN-RECEIVED
 *   ESTABLISHED ──FIN sent──▶ FIN-WAIT-1 ──ACK──▶ FIN-WAIT-2 ──FIN──▶ TIME-WAIT
 *   ESTABLISHED ──FIN came──▶ CLOSE-WAIT ──FIN sent──▶ LAST-ACK ──ACK──▶ CLOSED
 */
const SENDING: Table = {
  CLOSED: { SYN: "SYN-SENT", "SYN+ACK": "SYN-RECEIVED" },
  LISTEN: { SYN: "SYN-SENT", "SYN+ACK": "SYN-RECEIVED" },
  "SYN-SENT": { "SYN+ACK": "SYN-RECEIVED" },
  "SYN-RECEIVED": { FIN: "FIN-WAIT-1" },
  ESTABLISHED: { FIN: "FIN-WAIT-1" },
  "CLOSE-WAIT": { FIN: "LAST-ACK", "crossing FIN": "CLOSING" },
};

const RECEIVING: Table = {
  LISTEN: { SYN: "SYN-RECEIVED" },
  "SYN-SENT": { SYN: "SYN-RECEIVED", "SYN+ACK": "ESTABLISHED" },
  "SYN-RECEIVED": { "SYN+ACK": "ESTABLISHED", ACK: "ESTABLISHED", FIN: "CLOSE-WAIT", RST: "LISTEN" },
  ESTABLISHED: { FIN: "CLOSE-WAIT" },
  "FIN-WAIT-1": { "ACK of FIN": "FIN-WAIT-2", FIN: "CLOSING" },
  "FIN-WAIT-2": { FIN: "TIME-WAIT" },
  CLOSING: { "ACK of FIN": "TIME-WAIT" },
  "LAST-ACK": { "ACK of FIN": "CLOSED" },
};

/** The states before the first segment. A server is in LISTEN only if it answers as one. */
export function initialStates(connection: Connection, segments: readonly Segment[]): States {
  if (connection.opening === "middle") return { a: "ESTABLISHED", b: "ESTABLISHED" };
  const { client } = connection;
  const sent = (from: Side, flag: number): boolean =>
    segments.some((segment) => segment.from === from && (segment.tcp.flags & flag) !== 0);
  const server = otherSide(client);
  const opens: TcpState = sent(client, SYN) ? "CLOSED" : "SYN-SENT";
  const answers = sent(server, SYN) ? "LISTEN" : sent(server, RST) ? "CLOSED" : undefined;
  return client === "a" ? { a: opens, b: answers } : { a: answers, b: opens };
}

/** Follows the segments of one connection: asked for each in turn, it says the states behind it. */
export class StateFollower {
  #states: States;
  /** The sequence number behind a side's FIN, once it was sent. */
  readonly #finEnds: { [side in Side]?: number } = {};
  readonly #finsTaken: Set<Side> = new Set();

  constructor(initial: States) {
    this.#states = initial;
  }

  take(segment: Segment): States {
    // A host drops what its window does not hold, a forged RST among it (RFC 9293, 3.10.7.4).
    if (segment.notes.includes("outside")) return this.#states;
    const { from, tcp } = segment;
    const to = otherSide(from);
    const opening = signalOfSyn(tcp.flags);
    if ((tcp.flags & FIN) !== 0) this.#finEnds[from] ??= sequenceAfter(segment);
    const acknowledgesFin = this.#acknowledgesFin(segment);
    // Whoever acknowledges a FIN has taken it, were it captured ahead of a gap.
    if (acknowledgesFin) this.#takeFin(from);

    if (opening !== undefined) this.#step(SENDING, from, opening);
    if ((tcp.flags & FIN) !== 0) this.#step(SENDING, from, acknowledgesFin ? "FIN" : this.#finSignal(to));
    if (opening !== undefined) this.#step(RECEIVING, to, opening);
    else if ((tcp.flags & ACK) !== 0) this.#step(RECEIVING, to, "ACK");
    if (acknowledgesFin) this.#step(RECEIVING, to, "ACK of FIN");
    if ((tcp.flags & FIN) !== 0 && !segment.notes.includes("ahead")) this.#takeFin(to);
    if ((tcp.flags & RST) !== 0) this.#reset(from, to);
    return this.#states;
  }

  #acknowledgesFin({ from, tcp }: Segment): boolean {
    const finEnd = this.#finEnds[otherSide(from)];
    if (finEnd === undefined || (tcp.flags & ACK) === 0) return false;
    // Sequence numbers are compared modulo 2^32 (RFC 9293, 3.4).
    return ((tcp.acknowledgement - finEnd) | 0) >= 0;
  }

  /** A FIN that does not acknowledge the other side's was sent before that one came: they cross. */
  #finSignal(other: Side): Signal {
    return this.#finEnds[other] === undefined ? "FIN" : "crossing FIN";
  }

  #takeFin(side: Side): void {
    if (this.#finsTaken.has(side)) return;
    this.#finsTaken.add(side);
    this.#step(RECEIVING, side, "FIN");
  }

  #reset(from: Side, to: Side): void {
    const receiver = this.#states[to];
    this.#set(from, "CLOSED");
    this.#set(to, (receiver === undefined ? undefined : RECEIVING[receiver]?.RST) ?? "CLOSED");
  }

  #step(table: Table, side: Side, signal: Signal): void {
    const state = this.#states[side];
    const next = state === undefined ? undefined : table[state]?.[signal];
    if (next !== undefined) this.#set(side, next);
  }

  #set(side: Side, state: TcpState): void {
    this.#states = { ...this.#states, [side]: state };
  }
}

function signalOfSyn(flags: number): "SYN" | "SYN+ACK" | undefined {
  if ((flags & SYN) === 0) return undefined;
  return (flags & ACK) === 0 ? "SYN" : "SYN+ACK";
}

/** The sequence number behind a segment: SYN and FIN count one each (RFC 9293, 3.4). */
function sequenceAfter({ tcp, payload, missing }: Segment): number {
  const marks = ((tcp.flags & SYN) === 0 ? 0 : 1) + ((tcp.flags & FIN) === 0 ? 0 : 1);
  return (tcp.sequence + payload.length + missing + marks) >>> 0;
}
