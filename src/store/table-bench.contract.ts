// What the cases of the Table contract share: a table to try things on, with a clock, and short ways to write.

import assert from "node:assert/strict";
import type { Expected, Key, NewRow, Range, RowInfo, Step, StepOutcome, Table } from "./table.ts";

/** An empty table to try things on. */
export interface TableBench {
  readonly table: Table;
  remove(): Promise<void>;
}

/** Makes a bench whose table takes the time from `now`, milliseconds since 1970-01-01 UTC. */
export type MakeTable = (now: () => number) => Promise<TableBench>;

/** Runs a case on a table of its own, with a clock that can be put forward. */
export type OnTable = (title: string, body: (table: Table, clock: Clock) => Promise<void>) => void;

/** The real time, and what it has been put forward by. */
export class Clock {
  ahead = 0;

  readonly now = (): number => Date.now() + this.ahead;
}

export function row(text: string | Uint8Array, rest: Partial<NewRow> = {}): NewRow {
  return { value: Buffer.from(text as string), mediaType: "text/plain", ...rest };
}

export function put(key: Key, text: string, expected?: Expected): Step {
  return { kind: "put", key, row: row(text), expected };
}

export async function textOf(table: Table, key: Key): Promise<string | undefined> {
  const found = await table.get(key);
  return found && Buffer.from(found.value).toString();
}

/** All pages of a range, put together. */
export async function allOf<R extends RowInfo>(
  read: (range: Range) => Promise<{ readonly rows: readonly R[]; readonly next: string | undefined }>,
  range: Range = {},
): Promise<readonly R[]> {
  const rows: R[] = [];
  let after = range.after;
  do {
    const page = await read({ ...range, after });
    assert.ok(range.limit === undefined || page.rows.length <= range.limit);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined);
  return rows;
}

/** The keys of all pages, in their order. */
export async function keysOf(table: Table, range?: Range): Promise<readonly Key[]> {
  return (await allOf((part) => table.list(part), range)).map(({ key }) => key);
}

/** What is known of a row, without its value. */
export function infoOf({ key, size, mediaType, version, created, changed, expires }: RowInfo): RowInfo {
  return { key, size, mediaType, version, created, changed, expires };
}

/** The row that a put has left. */
export function made(outcome: StepOutcome): RowInfo {
  assert.ok(outcome.done && outcome.after !== undefined);
  return outcome.after;
}

/** Milliseconds. */
export const HOUR: number = 3_600_000;
export const EMOJI = "\u{1f600}";
