// How two texts differ, line by line. Knows nothing of files and frames.

import { type Change, changesBetween } from "./edit-script.ts";
import { shortLine } from "./short-lines.ts";

export interface DifferenceLine {
  /** "-" for what was expected and is not there, "+" for what is there instead, " " for context, "\\" for a note. */
  readonly sign: " " | "-" | "+" | "\\";
  readonly text: string;
}

/** Lines that differ, with those around them. */
export interface Hunk {
  /** Where it begins, from 0; when nothing of that text is in it, the line before which it stands. */
  readonly expectedLine: number;
  readonly actualLine: number;
  readonly lines: readonly DifferenceLine[];
}

export interface Difference {
  readonly hunks: readonly Hunk[];
  /** Lines that differ, and are not shown because there are too many. */
  readonly omitted: number;
}

export interface DifferenceOptions {
  /** Equal lines to show before and after. Default 3. */
  readonly context?: number;
  /** Differing lines to show. Default 200. */
  readonly mostLines?: number;
}

/** A change of which only the first lines are shown when it is not whole. */
interface ShownChange extends Change {
  readonly whole: boolean;
}

interface Text {
  /** Each with the line feed that ends it: a last line without one is another line. */
  readonly lines: readonly string[];
  readonly ended: boolean;
}

/** What of `expected` is missing in `actual`, and what is there instead. */
export function difference(
  expected: string,
  actual: string,
  { context = 3, mostLines = 200 }: DifferenceOptions = {},
): Difference {
  const a = takeApart(expected);
  const b = takeApart(actual);
  const { changes, omitted } = cutOff(changesBetween(a.lines, b.lines), mostLines);
  return { hunks: grouped(changes, context).map((group) => hunkOf(group, a, b, context)), omitted };
}

/** The difference as text, each hunk with a line that says where it is; empty when there is none. */
export function unified(expected: string, actual: string, options?: DifferenceOptions): string {
  const { hunks, omitted } = difference(expected, actual, options);
  const lines = hunks.flatMap((hunk) => [
    rangeLine(hunk),
    ...hunk.lines.map(({ sign, text }) => `${sign}${text}`),
  ]);
  if (omitted > 0) lines.push(omittedLines(omitted));
  return lines.map((line) => `${line}\n`).join("");
}

/** What stands in place of lines that are not shown. */
export function omittedLines(count: number): string {
  return `… and ${count} more ${count === 1 ? "line differs" : "lines differ"}`;
}

function takeApart(text: string): Text {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return { lines, ended: text === "" || text.endsWith("\n") };
}

/** As many changes as show no more lines than allowed; the last of them may be cut. */
function cutOff(
  changes: readonly Change[],
  mostLines: number,
): { readonly changes: ShownChange[]; readonly omitted: number } {
  const shown: ShownChange[] = [];
  let left = mostLines;
  let omitted = 0;
  for (const change of changes) {
    const removed = change.aTo - change.aFrom;
    const added = change.bTo - change.bFrom;
    const removedShown = Math.min(removed, Math.max(Math.ceil(left / 2), left - added));
    const addedShown = Math.min(added, left - removedShown);
    const hidden = removed - removedShown + added - addedShown;
    if (removedShown + addedShown > 0)
      shown.push({
        ...change,
        aTo: change.aFrom + removedShown,
        bTo: change.bFrom + addedShown,
        whole: hidden === 0,
      });
    left -= removedShown + addedShown;
    omitted += hidden;
  }
  return { changes: shown, omitted };
}

/** Changes that are so near to each other that their context would overlap belong together. */
function grouped(changes: readonly ShownChange[], context: number): ShownChange[][] {
  const groups: ShownChange[][] = [];
  for (const change of changes) {
    const before = groups.at(-1)?.at(-1);
    if (before !== undefined && change.aFrom - before.aTo <= 2 * context) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkOf(group: readonly ShownChange[], a: Text, b: Text, context: number): Hunk {
  const first = group[0] as ShownChange;
  const before = Math.min(context, first.aFrom);
  const lines: DifferenceLine[] = [];
  let at = first.aFrom - before;
  const equal = (to: number): void => {
    for (const line of a.lines.slice(at, to)) lines.push({ sign: " ", text: shortLine(bare(line)) });
  };
  for (const change of group) {
    equal(change.aFrom);
    lines.push(...changedLines(change, a, b));
    at = change.aTo;
  }
  if (group.at(-1)?.whole === true) equal(at + context);
  return { expectedLine: first.aFrom - before, actualLine: first.bFrom - before, lines };
}

function changedLines({ aFrom, aTo, bFrom, bTo }: Change, a: Text, b: Text): DifferenceLine[] {
  const removed = a.lines.slice(aFrom, aTo);
  const added = b.lines.slice(bFrom, bTo);
  // Of two long lines that stand for each other, the part is shown where they differ.
  const from = (i: number): number => firstDifference(removed[i] ?? "", added[i] ?? "");
  const note = a.ended !== b.ended;
  return [
    ...removed.flatMap((line, i) => shown("-", line, from(i), note)),
    ...added.flatMap((line, i) => shown("+", line, from(i), note)),
  ];
}

function shown(sign: "-" | "+", line: string, from: number, note: boolean): DifferenceLine[] {
  const text = shortLine(bare(line), from);
  if (!note || line.endsWith("\n")) return [{ sign, text }];
  return [
    { sign, text },
    { sign: "\\", text: " no line feed at the end" },
  ];
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

function bare(line: string): string {
  return line.endsWith("\n") ? line.slice(0, -1) : line;
}

function rangeLine({ expectedLine, actualLine, lines }: Hunk): string {
  const count = (other: "-" | "+"): number =>
    lines.filter(({ sign }) => sign === " " || sign === other).length;
  return `@@ -${range(expectedLine, count("-"))} +${range(actualLine, count("+"))} @@`;
}

// An empty range is named by the line before it.
function range(from: number, count: number): string {
  const first = count === 0 ? from : from + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}
