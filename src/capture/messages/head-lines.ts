// Where the lines of a head or a trailer section stand. The section was read before, so that it is known to be well formed.

import type { FieldLine, Stretch } from "../model.ts";

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SP = 0x20;
const TAB = 0x09;

/** The lines of a section, without their CRLFs. Empty ones are skipped, before a head as well as behind the last line. */
function linesOf(bytes: Uint8Array, offset: number): Stretch[] {
  const lines: Stretch[] = [];
  let start = 0;
  for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, lf + 1)) {
    const end = lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
    if (end > start) lines.push({ start: offset + start, end: offset + end });
    start = lf + 1;
  }
  return lines;
}

/** The first line of what may be no head at all; undefined when it has no end. */
export function firstLine(bytes: Uint8Array, offset: number): Stretch | undefined {
  return linesOf(bytes, offset)[0];
}

export interface HeadLines {
  readonly startLine: Stretch;
  readonly fieldLines: readonly FieldLine[];
}

/** The lines of a head whose first byte has the given offset. */
export function headLines(bytes: Uint8Array, offset: number): HeadLines {
  const [startLine = { start: offset, end: offset }, ...rest] = linesOf(bytes, offset);
  return { startLine, fieldLines: fieldLines(bytes, offset, rest) };
}

/** The lines of a trailer section. */
export function trailerLines(bytes: Uint8Array, offset: number): FieldLine[] {
  return fieldLines(bytes, offset, linesOf(bytes, offset));
}

function fieldLines(bytes: Uint8Array, offset: number, lines: readonly Stretch[]): FieldLine[] {
  const fields: FieldLine[] = [];
  for (const { start, end } of lines) {
    const last = fields.at(-1);
    if (last !== undefined && isSpace(bytes[start - offset])) {
      // A folded line goes on with the value of the one before (RFC 9112, 5.2).
      fields[fields.length - 1] = { ...last, end, value: trimmed(bytes, offset, last.value.start, end) };
      continue;
    }
    const colon = bytes.indexOf(COLON, start - offset) + offset;
    fields.push({
      start,
      end,
      name: { start, end: colon },
      value: trimmed(bytes, offset, colon + 1, end),
    });
  }
  return fields;
}

/** Without white space at both ends. */
function trimmed(bytes: Uint8Array, offset: number, start: number, end: number): Stretch {
  let first = start;
  let last = end;
  while (first < last && isSpace(bytes[first - offset])) first++;
  while (last > first && isSpace(bytes[last - 1 - offset])) last--;
  return { start: first, end: last };
}

function isSpace(byte: number | undefined): boolean {
  return byte === SP || byte === TAB;
}
