// A records mount on a table in memory, behind a real server; bodies are given as values and sent as JSON.

import type { TestContext } from "node:test";
import { type RecordsOptions, recordsHandler } from "../src/resource/records/records.ts";
import { createMemoryTable } from "../src/store/memory/table.ts";
import { putRow, type Table } from "../src/store/table.ts";
import { EventStream } from "./event-source.ts";
import type { Answer } from "./served-folder.ts";
import { type ServedHandler, serveHandler } from "./served-handler.ts";

export interface ServedRecords extends ServedHandler {
  readonly table: Table;
  /** Sends a value as JSON, of the type application/json unless another is given. */
  send(
    method: string,
    target: string,
    value: unknown,
    fields?: { readonly [name: string]: string | undefined },
  ): Promise<Answer>;
  /** Puts records into the table, in this order. */
  fill(records: { readonly [name: string]: object }): Promise<void>;
  watch(target: string, lastEventId?: string): Promise<EventStream>;
}

/** Serves under /animals until the test ends. */
export async function serveRecords(
  t: TestContext,
  options: RecordsOptions = {},
  given?: Table,
): Promise<ServedRecords> {
  const table = given ?? createMemoryTable();
  const served = await serveHandler(t, recordsHandler(table, { base: "/animals", ...options }));
  t.after(() => table.close());
  return {
    ...served,
    table,
    send: (method, target, value, fields = {}) =>
      served.ask(method, target, { "Content-Type": "application/json", ...fields }, JSON.stringify(value)),
    fill: async (records) => {
      for (const [name, record] of Object.entries(records)) {
        await putRow(table, name, {
          value: Buffer.from(JSON.stringify(record)),
          mediaType: "application/json",
        });
      }
    },
    watch: async (target, lastEventId) => {
      const stream = await EventStream.open(served.port, target, lastEventId);
      t.after(() => stream.close());
      return stream;
    },
  };
}
