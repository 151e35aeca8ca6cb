// Which segments of a connection share a row. Every segment gets into exactly one: as one that the row is drawn for, or
// as a bare ACK folded into it.

import type { Segment, Side } from "../model.ts";
import { FIN, RST, SYN } from "../packets/tcp.ts";
import { otherSide } from "../reassembly/roles.ts";
import type { LadderOptions, RowKind } from "./ladder.ts";
import { isBareAck, type Part, type Piece, partKey } from "./pieces.ts";

/** A row in the making. */
export interface Draft {
  readonly kind: RowKind;
  readonly from: Side;
  readonly pieces: Piece[];
  readonly acknowledgements: Piece[];
}

/** Folds the segments of one connection into rows, in the order of their first packets. */
export function fold(pieces: readonly Piece[], options: LadderOptions): Draft[] {
  const place =
    options.zoom === "exchanges" ? placeByMessage() : placeByNeighbour(options.eachSegment === true);
  const drafts: Draft[] = [];
  const lastFrom: { [side in Side]?: Draft } = {};
  for (const piece of pieces) {
    const { from } = piece.segment;
    if (isFolded(piece, options)) {
      // An ACK belongs to what it acknowledges.
      const row = lastFrom[otherSide(from)] ?? drafts.at(-1);
      if (row !== undefined) {
        row.acknowledgements.push(piece);
        continue;
      }
    }
    const { draft, isNew } = place(piece, drafts.at(-1));
    draft.pieces.push(piece);
    if (isNew) drafts.push(draft);
    lastFrom[from] = draft;
  }
  return drafts;
}

/** A closed window stops the other side, so it is told, but where only messages are. */
function isFolded(piece: Piece, { bareAcks = false, zoom }: LadderOptions): boolean {
  if (!isBareAck(piece)) return false;
  return zoom === "exchanges" || !(bareAcks || piece.segment.notes.includes("zero-window"));
}

type Place = (piece: Piece, last: Draft | undefined) => { readonly draft: Draft; readonly isNew: boolean };

function newDraft(kind: RowKind, from: Side): Draft {
  return { kind, from, pieces: [], acknowledgements: [] };
}

/** Segments that follow each other in one direction share a row when they carry the same part of a message. */
function placeByNeighbour(eachSegment: boolean): Place {
  return (piece, last) => {
    if (last !== undefined && !eachSegment && continues(last, piece)) return { draft: last, isNew: false };
    return { draft: newDraft(piece.kind, piece.segment.from), isNew: true };
  };
}

function continues(last: Draft, { segment, kind, parts }: Piece): boolean {
  const previous = last.pieces.at(-1) as Piece;
  if (last.from !== segment.from || previous.segment.reconstructed !== segment.reconstructed) return false;
  if (hasMark(previous.segment)) return false;
  switch (kind) {
    case "data":
      return last.kind === "data" && previous.parts.at(-1)?.message === parts[0]?.message;
    case "retransmission":
    case "keep-alive":
      return last.kind === kind;
    case "request":
    case "interim":
    case "response":
      return previous.kind !== "data" && previous.parts.at(-1)?.message === parts[0]?.message;
    default:
      return false;
  }
}

function hasMark(segment: Segment): boolean {
  return (segment.tcp.flags & (SYN | FIN | RST)) !== 0;
}

/** All segments of a message share a row, all of the handshake, and all of the close. */
function placeByMessage(): Place {
  const rows = new Map<string, Draft>();
  return (piece, last) => {
    const { segment, kind } = piece;
    const part = partOf(piece);
    if (part === undefined && (kind === "data" || kind === "retransmission" || kind === "ack")) {
      const phase = phaseOf(piece);
      if (phase === undefined) {
        const joins = last?.kind === kind && last.from === segment.from;
        return joins ? { draft: last, isNew: false } : { draft: newDraft(kind, segment.from), isNew: true };
      }
    }
    const row = part?.part ?? phaseOf(piece) ?? kind;
    const key = part === undefined ? row : partKey(part);
    const known = rows.get(key);
    if (known !== undefined) return { draft: known, isNew: false };
    const draft = newDraft(row, segment.from);
    rows.set(key, draft);
    return { draft, isNew: true };
  };
}

/** The last message that begins in a segment, or the one that goes on in it. */
function partOf({ segment, kind, parts }: Piece): Part | undefined {
  if (kind === "rst" || kind === "syn" || kind === "syn-ack") return undefined;
  return parts.findLast(({ message }) => message.start >= segment.start) ?? parts[0];
}

function phaseOf(piece: Piece): "open" | "close" | undefined {
  const { kind, before } = piece;
  if (kind === "syn" || kind === "syn-ack") return "open";
  if (kind === "fin" || kind === "rst") return "close";
  if (kind !== "ack" || isBareAck(piece)) return undefined;
  return before.a === "SYN-RECEIVED" || before.b === "SYN-RECEIVED" ? "open" : "close";
}
