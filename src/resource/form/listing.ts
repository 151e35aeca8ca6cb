// What a form shows of its table: a line for each row, in the order in which the keys came. A table of any size is
// shown with the memory of a few pages.

import type { BodyInit } from "../../message/body.ts";
import type { Page, Row, Table } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";

/** Characters up to which a listing is gathered before it is sent, so that its length can be told. */
const GATHERED = 1 << 20;

const NOTHING = "No data in DB";
const HEADING = "The data in DB is as follows.";

/** All rows as the body of an answer: a text, or a stream when there are many. */
export async function listRows(table: Table): Promise<BodyInit> {
  let text = HEADING;
  let some = false;
  for (let after: string | undefined; ; ) {
    const page = await table.scan({ order: "created", after });
    some ||= page.rows.length > 0;
    text += linesOf(page);
    if (page.next === undefined) return some ? text : NOTHING;
    if (text.length > GATHERED) return rest(table, text, page.next);
    after = page.next;
  }
}

async function* rest(table: Table, text: string, next: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
  for (let after: string | undefined = next; after !== undefined; ) {
    const page: Page<Row> = await table.scan({ order: "created", after });
    // An empty piece would be the end of a chunked body.
    if (page.rows.length > 0) yield Buffer.from(linesOf(page));
    after = page.next;
  }
}

function linesOf({ rows }: Page<Row>): string {
  return rows.map((row) => `\n${pairLine(row.key, textOf(row))}`).join("");
}

/** `key:value`, on one line whatever is in them. */
export function pairLine(key: string, value: string): string {
  return `${printableLine(key)}:${printableLine(value)}`;
}

/** The value as text; what is not UTF-8 shows as U+FFFD. */
export function textOf({ value }: Row): string {
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("utf8");
}
