// A kv mount on a table in memory, behind a real server, with a clock that a test can set forward.

import type { TestContext } from "node:test";
import { type KvOptions, kvHandler } from "../src/resource/kv/kv.ts";
import { createMemoryTable } from "../src/store/memory/table.ts";
import type { Table } from "../src/store/table.ts";
import { EventStream } from "./event-source.ts";
import { type ServedHandler, serveHandler } from "./served-handler.ts";

export interface ServedKv extends ServedHandler {
  readonly table: Table;
  /** Lets seconds pass, by the table's clock and the mount's. */
  pass(seconds: number): void;
  watch(target: string, lastEventId?: string): Promise<EventStream>;
}

/** A table in memory that looks things up with a delay, so that requests at the same time come between each other. */
export function deliberateTable(): Table {
  const table = createMemoryTable();
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
  return {
    // Nothing is known of it without asking.
    generation: undefined,
    get: async (key: string) => {
      const row = await table.get(key);
      await turn();
      return row;
    },
    stat: async (key: string) => {
      const info = await table.stat(key);
      await turn();
      return info;
    },
    // The methods of a class with private state need the object itself.
    getMany: table.getMany.bind(table),
    scan: table.scan.bind(table),
    list: table.list.bind(table),
    transact: table.transact.bind(table),
    watch: table.watch.bind(table),
    close: table.close.bind(table),
  };
}

/** Serves under /kv until the test ends. */
export async function serveKv(t: TestContext, options: KvOptions = {}, given?: Table): Promise<ServedKv> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead * 1000;
  const table = given ?? createMemoryTable({ now });
  const served = await serveHandler(t, kvHandler(table, { base: "/kv", now, ...options }));
  t.after(() => table.close());
  return {
    ...served,
    table,
    pass: (seconds) => {
      ahead += seconds;
    },
    watch: async (target, lastEventId) => {
      const stream = await EventStream.open(served.port, target, lastEventId);
      t.after(() => stream.close());
      return stream;
    },
  };
}
