// Lays connections out as a ladder: what the terminal, the SVG and the page draw, each in its own way. No I/O, no time.

import { otherSide } from "../reassembly/roles.ts";
import { Columns } from "./endpoints.ts";
import { passing } from "./filtering.ts";
import { type Draft, fold } from "./folding.ts";
import { begins, distinctParts, isReset, labelOf, notesOf } from "./labels.ts";
import type {
  Flow,
  Ladder,
  LadderConnection,
  LadderInput,
  LadderOptions,
  Row,
  RowMessage,
  RowStretch,
} from "./ladder.ts";
import { type Part, type Piece, piecesOf } from "./pieces.ts";

/**
 * Lays out connections. Without a filter, every segment is in exactly one row: its packet is in that row's `packets` or
 * `acknowledgements`.
 */
export function layoutLadder(input: LadderInput, options: LadderOptions = {}): Ladder {
  const { filter = {} } = options;
  const shown = input.flows.flatMap((flow) => {
    const numbers = passing(flow, filter);
    return numbers === undefined ? [] : [{ flow, numbers }];
  });
  shown.sort((one, other) => one.flow.connection.id - other.flow.connection.id);
  const columns = new Columns(input.names);
  const connections: LadderConnection[] = [];
  const rows: Row[] = [];
  let exchanges = 0;
  let filtered = 0;
  for (const { flow, numbers } of shown) {
    const connection = columns.place(flow);
    connections.push(connection);
    const all = fold(piecesOf(flow), options).map((draft) => rowOf(draft, connection, flow));
    const kept = all.filter(({ messages }) => isKept(messages, numbers));
    // Not push(...kept): a call takes some 100,000 arguments, a capture has more rows.
    for (const row of kept) rows.push(row);
    exchanges += numbers.size;
    filtered += all.length - kept.length;
  }
  rows.sort((one, other) => (one.packets[0] as number) - (other.packets[0] as number));
  return {
    zoom: options.zoom ?? "segments",
    columns: columns.all,
    connections,
    rows,
    source: sourceOf(rows),
    exchanges,
    filtered,
  };
}

function isKept(messages: readonly RowMessage[], numbers: ReadonlySet<number>): boolean {
  return messages.length === 0 || messages.some(({ exchange }) => numbers.has(exchange));
}

function rowOf(draft: Draft, { id, columns }: LadderConnection, flow: Flow): Row {
  const { pieces, acknowledgements, from } = draft;
  const [first] = pieces as [Piece, ...Piece[]];
  const last = pieces.at(-1) as Piece;
  return {
    connection: id,
    kind: draft.kind === "close" && isReset(draft) ? "rst" : draft.kind,
    from,
    source: columns[from],
    destination: columns[otherSide(from)],
    label: labelOf(draft, flow.notes ?? []),
    messages: distinctParts(draft).map((part) => messageOf(part, draft)),
    notes: notesOf(draft),
    time: first.segment.time,
    until: last.segment.time,
    reconstructed: pieces.some(({ segment }) => segment.reconstructed),
    states: last.after,
    stretches: stretchesOf(pieces),
    packets: pieces.map(({ segment }) => segment.packet),
    acknowledgements: acknowledgements.map(({ segment }) => segment.packet),
  };
}

function messageOf(part: Part, draft: Draft): RowMessage {
  const { head, bodyLength, complete } = part.message;
  const isRequest = head.type === "request";
  return {
    exchange: part.exchange.number,
    part: part.part,
    begins: begins(part, draft),
    method: isRequest ? head.method : part.exchange.request?.head.method,
    target: isRequest ? head.rawTarget : part.exchange.request?.head.rawTarget,
    status: isRequest ? undefined : head.status,
    bodyLength,
    complete,
  };
}

/** The bytes of the segments; stretches that follow each other become one. */
function stretchesOf(pieces: readonly Piece[]): RowStretch[] {
  const stretches: RowStretch[] = [];
  for (const { segment } of pieces) {
    const { from, start, end } = segment;
    // The byte of a keep-alive is one that was sent long before.
    if (end <= start || segment.notes.includes("keep-alive")) continue;
    const last = stretches.at(-1);
    if (last?.from === from && last.end === start) stretches[stretches.length - 1] = { ...last, end };
    else stretches.push({ from, start, end });
  }
  return stretches;
}

function sourceOf(rows: readonly Row[]): Ladder["source"] {
  if (!rows.some(({ reconstructed }) => reconstructed)) return "captured";
  return rows.every(({ reconstructed }) => reconstructed) ? "reconstructed" : "both";
}
