import assert from "node:assert/strict";
import { test } from "node:test";
import { testTable } from "../table.contract.ts";
import type { Step } from "../table.ts";
import { createMemoryTable } from "./table.ts";

testTable("a table in memory", async (now) => ({
  table: createMemoryTable({ now }),
  remove: async () => {},
}));

function puts(count: number, expires?: number): readonly Step[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "put",
    key: `k${index}`,
    row: { value: new Uint8Array(1), mediaType: "", expires },
  }));
}

test("rows in memory whose time is over are swept a part at a time, so that others have their turn", async () => {
  // A table does not keep a process alive.
  const alive = setInterval(() => {}, 60_000);
  let ahead = 0;
  const table = createMemoryTable({ now: () => Date.now() + ahead });
  try {
    await table.transact(puts(1000, Date.now() + 150));
    const watch = await table.watch();
    ahead = 60_000;
    const groups: number[] = [];
    let count = 0;
    for await (const group of watch) {
      groups.push(group.length);
      count += group.length;
      if (count >= 1000) break;
    }
    assert.deepEqual(groups, [250, 250, 250, 250]);
  } finally {
    clearInterval(alive);
    await table.close();
  }
});

test("a page in memory looks at so many rows at most, and the pages together show all", async () => {
  const table = createMemoryTable();
  await table.transact(puts(10_050));
  const page = await table.list({ order: "created", prefix: "k10049" });
  assert.deepEqual(page.rows, []);
  const { rows, next } = await table.list({ order: "created", prefix: "k10049", after: page.next });
  assert.deepEqual(
    rows.map(({ key }) => key),
    ["k10049"],
  );
  assert.equal(next, undefined);
  await table.close();
});
