// What is written on the arrows. What came from elsewhere is made printable here.

import { fieldText } from "../../text/field-text.ts";
import { printableLine } from "../../text/printable.ts";
import type { SegmentNote, StreamNote } from "../model.ts";
import { FIN, flagNames } from "../packets/tcp.ts";
import type { Draft } from "./folding.ts";
import type { Label } from "./ladder.ts";
import type { Part, Piece } from "./pieces.ts";
import { bodyWords, bytesWords, mediaTypeOf, readableTarget, segmentsWords } from "./words.ts";

type Title = Pick<Label, "before" | "target" | "after">;

export function labelOf(draft: Draft, notes: readonly StreamNote[]): Label {
  const { details, extras, ...title } = contentOf(draft, notes);
  return { ...title, details: [...details, ...noteWords(draft)], extras };
}

function contentOf(draft: Draft, notes: readonly StreamNote[]): Label {
  switch (draft.kind) {
    case "request":
    case "interim":
    case "response":
      return messageLabel(draft);
    case "data":
      return dataLabel(draft, notes);
    case "retransmission":
      return plain(`${countOf(draft.pieces.length, "retransmission")}, ${bytesWords(payloadOf(draft))}`);
    case "keep-alive":
      return plain(countOf(draft.pieces.length, "keep-alive"));
    case "open":
      return plain("connection opened", [flagList(draft)]);
    case "close":
      return plain(isReset(draft) ? "connection reset" : "connection closed", [flagList(draft)]);
    case "syn":
    case "syn-ack":
      return plain(flagsOf(draft.pieces[0] as Piece), [], synExtras(draft.pieces[0] as Piece));
    case "ack":
    case "fin":
    case "rst": {
      const bytes = payloadOf(draft);
      return plain(flagsOf(draft.pieces[0] as Piece), bytes > 0 ? [bytesWords(bytes)] : []);
    }
  }
}

export function isReset({ pieces }: Draft): boolean {
  return pieces.some(({ kind }) => kind === "rst");
}

function plain(text: string, details: readonly string[] = [], extras: readonly string[] = []): Label {
  return { before: text, target: "", after: "", details, extras };
}

function messageLabel(draft: Draft): Label {
  const parts = distinctParts(draft);
  const begun = parts.filter((part) => begins(part, draft));
  const [first = parts[0] as Part, ...others] = begun;
  const title = titleOf(first);
  const details = begun.length === 0 ? ["continued"] : bodyWords(first.message);
  const count = draft.pieces.filter(({ kind }) => kind !== "retransmission").length;
  if (count > 1) details.push(segmentsWords(count));
  const again = draft.pieces.length - count;
  if (again > 0) details.push(`${again} sent again`);
  // Requests sent without waiting for the answers may share a segment (RFC 9112, 9.3.2).
  for (const other of others) details.push(`and ${textOf(titleOf(other))}`);
  if (hasFin(draft)) details.push("FIN");
  const type = mediaTypeOf(first.message);
  return { ...title, details, extras: type === undefined ? [] : [type] };
}

export function distinctParts({ pieces }: Draft): Part[] {
  const parts = new Map(pieces.flatMap((piece) => piece.parts.map((part) => [part.message, part] as const)));
  return [...parts.values()];
}

export function begins({ message }: Part, { pieces }: Draft): boolean {
  return pieces.some(({ segment }) => segment.start <= message.start && message.start < segment.end);
}

function titleOf({ message: { head } }: Part): Title {
  if (head.type === "request") {
    const target = readableTarget(head.rawTarget);
    return { before: `${head.method} `, target, after: ` HTTP/${head.version}` };
  }
  return {
    before: `HTTP/${head.version} ${head.status} `,
    target: printableLine(fieldText(head.reason)),
    after: "",
  };
}

function textOf({ before, target, after }: Title): string {
  return `${before}${target}${after}`.trimEnd();
}

function dataLabel(draft: Draft, notes: readonly StreamNote[]): Label {
  const { pieces, from } = draft;
  const [{ parts, segment }] = pieces as [Piece, ...Piece[]];
  const isTls = notes.some((note) => note.code === "TLS" && note.from === from && note.offset < segment.end);
  const what = parts.length > 0 ? "body" : isTls ? "TLS" : "data";
  const segments = pieces.length > 1 ? `${segmentsWords(pieces.length)}, ` : "";
  return plain(`${what}: ${segments}${bytesWords(payloadOf(draft))}`, hasFin(draft) ? ["FIN"] : []);
}

function hasFin({ pieces }: Draft): boolean {
  return pieces.some(({ segment }) => (segment.tcp.flags & FIN) !== 0);
}

function payloadOf({ pieces }: Draft): number {
  return pieces.reduce((sum, { segment }) => sum + segment.end - segment.start, 0);
}

function countOf(count: number, word: string): string {
  return count === 1 ? word : `${count} ${word}s`;
}

/** The flags that open, close and acknowledge; PSH and those of congestion are left to the packet's own view. */
function flagsOf({ segment }: Piece): string {
  const names = flagNames(segment.tcp.flags).filter((name) => ["SYN", "FIN", "RST", "ACK"].includes(name));
  return names.join("+") || "no flags";
}

function flagList({ pieces }: Draft): string {
  return pieces.map(flagsOf).join(", ");
}

function synExtras({ segment }: Piece): string[] {
  const size = segment.tcp.options.maximumSegmentSize;
  return size === undefined ? [] : [`MSS ${size}`];
}

const NOTE_WORDS: { readonly [note in SegmentNote]: string | undefined } = {
  retransmission: "sent again",
  ahead: "ahead of a gap",
  "out-of-order": "out of order",
  overlap: "in part sent again",
  differs: "differs from what came before",
  "keep-alive": undefined,
  "duplicate-acknowledgement": "duplicate",
  "zero-window": "window 0",
  outside: "outside the window",
};

function noteWords(draft: Draft): string[] {
  const saidBefore = draft.kind === "retransmission" || draft.pieces.length > 1;
  return notesOf(draft).flatMap((note) => {
    if (note === "retransmission" && saidBefore) return [];
    return NOTE_WORDS[note] ?? [];
  });
}

export function notesOf({ pieces }: Draft): SegmentNote[] {
  return [...new Set(pieces.flatMap(({ segment }) => segment.notes))];
}
