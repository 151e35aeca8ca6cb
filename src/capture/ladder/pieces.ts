// What each segment of a connection is, seen alone: its kind, the messages it has bytes of, the states behind it.

import type { Exchange, Message, Segment, Side } from "../model.ts";
import { ACK, FIN, RST, SYN } from "../packets/tcp.ts";
import type { Flow, MessagePart, RowKind, States } from "./ladder.ts";
import { initialStates, StateFollower } from "./tcp-states.ts";

export interface Part {
  readonly exchange: Exchange;
  readonly part: MessagePart;
  readonly message: Message;
}

export interface Piece {
  readonly segment: Segment;
  readonly kind: Exclude<RowKind, "open" | "close">;
  /** The messages that it has bytes of, in their order. */
  readonly parts: readonly Part[];
  readonly before: States;
  readonly after: States;
}

export function piecesOf(flow: Flow): Piece[] {
  const initial = initialStates(flow.connection, flow.segments);
  const follower = new StateFollower(initial);
  const parts = partsBySide(flow);
  let before = initial;
  return flow.segments.map((segment) => {
    const after = follower.take(segment);
    const carried = partsWithin(parts[segment.from], segment);
    const piece = { segment, kind: kindOf(segment, carried), parts: carried, before, after };
    before = after;
    return piece;
  });
}

/** Whether nothing but an acknowledgement is in it that changes no state. */
export function isBareAck({ kind, before, after }: Piece): boolean {
  return kind === "ack" && before.a === after.a && before.b === after.b;
}

export function partKey({ exchange, part, message }: Part): string {
  return `${part} ${exchange.number} ${message.start}`;
}

function kindOf(segment: Segment, parts: readonly Part[]): Piece["kind"] {
  const { flags } = segment.tcp;
  if ((flags & RST) !== 0) return "rst";
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? "syn-ack" : "syn";
  if (segment.notes.includes("keep-alive")) return "keep-alive";
  if (segment.end > segment.start) {
    if (segment.notes.includes("retransmission")) return "retransmission";
    return parts.find(({ message }) => segment.start < message.headEnd)?.part ?? "data";
  }
  return (flags & FIN) !== 0 ? "fin" : "ack";
}

function partsBySide({ connection, exchanges }: Flow): { [side in Side]: Part[] } {
  const requests: Part[] = [];
  const answers: Part[] = [];
  for (const exchange of exchanges) {
    const { request, interim, response } = exchange;
    if (request !== undefined) requests.push({ exchange, part: "request", message: request });
    for (const message of interim) answers.push({ exchange, part: "interim", message });
    if (response !== undefined) answers.push({ exchange, part: "response", message: response });
  }
  for (const parts of [requests, answers]) parts.sort((a, b) => a.message.start - b.message.start);
  return connection.client === "a" ? { a: requests, b: answers } : { a: answers, b: requests };
}

/** The messages of one side, which follow each other, that a segment has bytes of. */
function partsWithin(parts: readonly Part[], { start, end }: Segment): Part[] {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle] as Part).message.end > start) high = middle;
    else low = middle + 1;
  }
  const within: Part[] = [];
  for (let i = low; i < parts.length; i++) {
    const part = parts[i] as Part;
    if (part.message.start >= end) break;
    within.push(part);
  }
  return within;
}
