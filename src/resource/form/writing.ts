// POST /create and PUT /update: pairs in, all of them into the table or none.

import type { Key, NewRow, Row, Step, Table } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";
import { attempt, unchangedSince } from "../rows.ts";
import type { Pair } from "./body.ts";
import { pairLine, textOf } from "./listing.ts";

export const PLAIN_TEXT = "text/plain; charset=utf-8";

/** Makes new rows, and gives the text that says so; undefined when one of the keys is there, or is named twice. */
export async function createRows(table: Table, pairs: readonly Pair[]): Promise<string | undefined> {
  if (new Set(pairs.map(({ key }) => key)).size < pairs.length) return undefined;
  const steps = pairs.map(
    ({ key, value }): Step => ({ kind: "put", key, row: rowOf(value, undefined), expected: "absent" }),
  );
  const outcome = await table.transact(steps);
  if (!outcome.done) return undefined;
  return [...pairs.map(({ key, value }) => pairLine(key, value)), "Post Successfully OK"].join("\n");
}

/** Replaces values, makes the rows that are missing, and gives the text that tells of both. `body` is what was sent. */
export async function updateRows(table: Table, pairs: readonly Pair[], body: string): Promise<string> {
  const keys = [...new Set(pairs.map(({ key }) => key))];
  return attempt(async () => {
    const rows = await table.getMany(keys);
    const found = new Map(keys.map((key, index) => [key, rows[index]]));
    const { values, report } = replaced(found, pairs);
    const steps = keys.map((key): Step => {
      const row = found.get(key);
      const value = values.get(key) ?? "";
      return { kind: "put", key, row: rowOf(value, row), expected: unchangedSince(row) };
    });
    const outcome = await table.transact(steps);
    return outcome.done ? [body, ...report].join("\n") : "again";
  });
}

/** What the pairs, one after the other, leave of the values, and the lines that tell of it. */
function replaced(
  found: ReadonlyMap<Key, Row | undefined>,
  pairs: readonly Pair[],
): { readonly values: ReadonlyMap<Key, string>; readonly report: readonly string[] } {
  const values = new Map<Key, string>();
  const updates: string[] = [];
  const news: string[] = [];
  for (const { key, value } of pairs) {
    const row = found.get(key);
    const old = values.get(key) ?? (row === undefined ? undefined : textOf(row));
    const [name, now] = [printableLine(key), printableLine(value)];
    if (old === undefined) news.push(`${name}: ${now} (There's no key. New update)`);
    else updates.push(`${name}: ${printableLine(old)} => ${now}`);
    values.set(key, value);
  }
  const report = [
    ...(updates.length > 0 ? ["Update Data as follow:", ...updates] : []),
    ...(news.length > 0 ? ["Update(New) Data as follow:", ...news] : []),
    news.length > 0 ? "Update with new data Successfully OK" : "Update Successfully OK",
  ];
  return { values, report };
}

/** A row that had an end keeps it: only its value is replaced. */
function rowOf(value: string, before: Row | undefined): NewRow {
  return { value: Buffer.from(value), mediaType: PLAIN_TEXT, expires: before?.expires };
}
