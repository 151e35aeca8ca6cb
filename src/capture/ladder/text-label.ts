// Labels of the terminal picture: what fits onto an arrow, and what goes below it.

import { columnsOf, fitColumns } from "../../text/columns.ts";
import type { Label } from "./ladder.ts";

export interface FittedLabel {
  readonly onArrow: string;
  readonly below: readonly string[];
}

/** How wide a label is with all that may be said. */
export function wholeWidth(label: Label): number {
  return columnsOf([titleOf(label), ...label.details, ...label.extras].join(", "));
}

/**
 * Fits a label into `room` columns on the arrow and `roomBelow` on lines of their own. A target is cut in its middle, extras
 * are left out.
 */
export function fitLabel(label: Label, room: number, roomBelow: number, ascii: boolean): FittedLabel {
  let onArrow = fitTitle(label, room, ascii);
  const waiting = [...label.details];
  while (waiting[0] !== undefined && columnsOf(`${onArrow}, ${waiting[0]}`) <= room) {
    onArrow += `, ${waiting.shift()}`;
  }
  if (waiting.length > 0) return { onArrow, below: packed(waiting, roomBelow, ascii) };
  for (const extra of label.extras) {
    if (columnsOf(`${onArrow}, ${extra}`) > room) break;
    onArrow += `, ${extra}`;
  }
  return { onArrow, below: [] };
}

/** As fitColumns(), in ASCII if need be. */
export function cut(text: string, columns: number, ascii: boolean): string {
  if (!ascii || columnsOf(text) <= columns) return fitColumns(text, columns);
  return fitColumns(text, Math.max(1, columns - 2)).replace("…", columns < 3 ? "~" : "...");
}

/** The text in ASCII: what is beyond it becomes what a target has in its place. */
export function asciiText(text: string): string {
  return text.replaceAll("µ", "u").replace(/[^\x20-\x7e]/gu, encodeURIComponent);
}

export function asciiLabel(label: Label): Label {
  const { before, target, after, details, extras } = label;
  return {
    before: asciiText(before),
    target: asciiText(target),
    after: asciiText(after),
    details: details.map(asciiText),
    extras: extras.map(asciiText),
  };
}

export function titleOf({ before, target, after }: Label): string {
  return `${before}${target}${after}`.trimEnd();
}

/** A target that would get less than this is no longer to be recognised: then the version goes. */
const LEAST_TARGET = 12;

function fitTitle(label: Label, room: number, ascii: boolean): string {
  const { before, target, after } = label;
  if (columnsOf(titleOf(label)) <= room) return titleOf(label);
  const left = room - columnsOf(before) - columnsOf(after);
  if (left >= Math.min(LEAST_TARGET, columnsOf(target)))
    return `${before}${cut(target, left, ascii)}${after}`;
  const short = room - columnsOf(before);
  if (short >= 3) return `${before}${cut(target, short, ascii)}`.trimEnd();
  return cut(titleOf(label), room, ascii);
}

function packed(texts: readonly string[], room: number, ascii: boolean): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(`${last}, ${text}`) <= room)
      lines[lines.length - 1] = `${last}, ${text}`;
    else lines.push(cut(text, room, ascii));
  }
  return lines;
}
