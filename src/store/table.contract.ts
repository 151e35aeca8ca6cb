// What every Table must do, whatever holds its rows: a backend's test calls this with a way to make an empty one.
// Nothing here may depend on the rows being on this machine.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { putRow, removeRow } from "./table.ts";
import {
  allOf,
  Clock,
  HOUR,
  infoOf,
  keysOf,
  type MakeTable,
  made,
  type OnTable,
  put,
  row,
  textOf,
} from "./table-bench.contract.ts";
import { testAgainstModel } from "./table-model.contract.ts";
import { testKeys, testPages } from "./table-order.contract.ts";
import { testExpiry, testTransactions } from "./table-transactions.contract.ts";
import { testWatches } from "./table-watch.contract.ts";

export function testTable(name: string, make: MakeTable): void {
  const on: OnTable = (title, body) => {
    test(`${name}: ${title}`, async () => {
      const clock = new Clock();
      const bench = await make(clock.now);
      // A table's own timers do not keep a process alive; a case that waits for one does.
      const alive = setInterval(() => {}, 60_000);
      try {
        await body(bench.table, clock);
      } finally {
        clearInterval(alive);
        await bench.table.close();
        await bench.remove();
      }
    });
  };
  testRows(on);
  testKeys(on);
  testPages(on);
  testTransactions(on);
  testExpiry(on);
  testAgainstModel(on);
  testWatches(on, name, make);
}

function testRows(on: OnTable): void {
  on(
    "its generation is another one after each change, and stays while nothing changes",
    async (table, clock) => {
      if (table.generation === undefined) return;
      const seen = new Set<number | undefined>([table.generation]);
      const changed = (): void => {
        assert.ok(!seen.has(table.generation), "a change that the generation does not show");
        seen.add(table.generation);
      };
      await putRow(table, "a", row("1"));
      changed();
      await putRow(table, "a", row("1"));
      changed();
      await table.transact([put("b", "1"), put("c", "1"), { kind: "remove", key: "b" }]);
      changed();
      const { generation } = table;
      await table.get("a");
      await table.list();
      assert.equal((await putRow(table, "a", row("2"), "absent")).done, false);
      await removeRow(table, "nothing");
      assert.equal(table.generation, generation);
      await removeRow(table, "a");
      changed();
      await putRow(table, "d", row("1", { expires: clock.now() + HOUR }));
      changed();
    },
  );

  on("nothing is there at first", async (table) => {
    assert.equal(await table.get("a"), undefined);
    assert.equal(await table.stat("a"), undefined);
    assert.deepEqual(await table.getMany(["a", "b"]), [undefined, undefined]);
    assert.deepEqual(await table.getMany([]), []);
    for (const order of ["key", "created"] as const) {
      const { rows, next } = await table.list({ order });
      assert.deepEqual([rows, next], [[], undefined]);
      assert.deepEqual((await table.scan({ order })).rows, []);
    }
    assert.deepEqual(await removeRow(table, "a"), { done: true, before: undefined, after: undefined });
  });

  on("a put tells what it left, and every reader tells the same", async (table, clock) => {
    const begin = clock.now();
    const info = made(await putRow(table, "a", { value: Buffer.from("one"), mediaType: "text/x; a=b" }));
    const end = clock.now();
    assert.equal(info.key, "a");
    assert.equal(info.size, 3);
    assert.equal(info.mediaType, "text/x; a=b");
    assert.match(info.version, /^[0-9a-z-]+$/);
    assert.ok(Number.isSafeInteger(info.created) && info.created >= begin && info.created <= end);
    assert.equal(info.changed, info.created);
    assert.equal(info.expires, undefined);
    const found = await table.get("a");
    assert.ok(found);
    assert.deepEqual(Buffer.from(found.value), Buffer.from("one"));
    assert.deepEqual(infoOf(found), info);
    assert.deepEqual(await table.stat("a"), info);
    assert.deepEqual((await table.list()).rows, [info]);
    assert.deepEqual((await table.scan()).rows.map(infoOf), [info]);
    const [same, none] = await table.getMany(["a", "b"]);
    assert.deepEqual([same && infoOf(same), none], [info, undefined]);
  });

  on("replacing keeps when the key came, and tells when the value came", async (table, clock) => {
    const first = made(await putRow(table, "a", row("one")));
    clock.ahead += 5000;
    const outcome = await putRow(table, "a", row("two!"));
    const second = made(outcome);
    assert.deepEqual(outcome.done && outcome.before, first);
    assert.equal(second.created, first.created);
    assert.ok(second.changed >= first.changed + 5000);
    assert.equal(second.size, 4);
    assert.notEqual(second.version, first.version);
    assert.equal(await textOf(table, "a"), "two!");
  });

  on("a key that is removed and put again is new, and its version never was there", async (table, clock) => {
    const first = made(await putRow(table, "a", row("same")));
    clock.ahead += 5000;
    assert.deepEqual(await removeRow(table, "a"), { done: true, before: first, after: undefined });
    assert.equal(await table.get("a"), undefined);
    assert.equal(await table.stat("a"), undefined);
    assert.deepEqual(await keysOf(table), []);
    const second = made(await putRow(table, "a", row("same")));
    assert.ok(second.created >= first.created + 5000);
    assert.notEqual(second.version, first.version);
  });

  on("an empty value is a value, and so is an empty media type", async (table) => {
    const info = made(await putRow(table, "a", { value: new Uint8Array(0), mediaType: "" }));
    assert.deepEqual([info.size, info.mediaType], [0, ""]);
    assert.equal((await table.get("a"))?.value.length, 0);
    assert.equal((await table.scan()).rows[0]?.value.length, 0);
  });

  on("a media type can be any text", async (table) => {
    const mediaType = `글/자; title="\0 ${"x".repeat(3000)}"`;
    await putRow(table, "a", row("x", { mediaType }));
    assert.equal((await table.stat("a"))?.mediaType, mediaType);
  });

  for (const size of [1, 3000, 4095, 4096, 4097, 40_000, 1_000_000, 5 << 20]) {
    on(`a value of ${size} bytes comes back as it was`, async (table) => {
      const value = randomBytes(size);
      await putRow(table, "a", { value, mediaType: "" });
      await putRow(table, "b", row("small"));
      await putRow(table, "c", { value, mediaType: "" });
      for (const key of ["a", "c"]) {
        const found = await table.get(key);
        assert.ok(found && value.equals(found.value));
        assert.equal(found.size, size);
      }
      const rows = await allOf((range) => table.scan(range));
      assert.deepEqual(
        rows.map((each) => each.size),
        [size, 5, size],
      );
      for (const at of [0, 2]) assert.ok(value.equals(rows[at]?.value ?? new Uint8Array(0)));
      await putRow(table, "a", row("short now"));
      assert.equal(await textOf(table, "a"), "short now");
    });
  }

  on("the memory of a value may be used again by whoever has put it", async (table) => {
    for (const size of [10, 10_000, 1_000_000]) {
      const value = Buffer.alloc(size, 1);
      const promise = table.transact([{ kind: "put", key: "a", row: { value, mediaType: "" } }]);
      value.fill(2);
      await promise;
      const found = await table.get("a");
      assert.ok(found?.value.every((byte) => byte === 1));
    }
  });

  on("values that were read stay as they were, whatever is read or written later", async (table) => {
    const sizes = [10, 5000, 100_000];
    const values = sizes.map((size) => randomBytes(size));
    for (const [at, value] of values.entries()) await putRow(table, `${at}`, { value, mediaType: "" });
    const got = await Promise.all(sizes.map((_, at) => table.get(`${at}`)));
    const many = await table.getMany(sizes.map((_, at) => `${at}`));
    const scanned = (await table.scan()).rows;
    for (const [at, size] of sizes.entries()) {
      await putRow(table, `${at}`, { value: randomBytes(size), mediaType: "" });
      await table.get(`${at}`);
    }
    for (const [at, value] of values.entries()) {
      for (const found of [got[at], many[at], scanned[at]]) assert.ok(found && value.equals(found.value));
    }
  });

  on("many rows read at once have the keys' order, repeated keys included", async (table) => {
    await table.transact([put("a", "A"), put("b", "B"), put("글", "K")]);
    const rows = await table.getMany(["글", "none", "a", "글", "b"]);
    const texts = rows.map((found) => found && Buffer.from(found.value).toString());
    assert.deepEqual(texts, ["K", undefined, "A", "K", "B"]);
  });

  on("after close() every call throws CLOSED", async (table) => {
    await putRow(table, "a", row("x"));
    await table.close();
    await table.close();
    const error = { code: "CLOSED" };
    await assert.rejects(table.get("a"), error);
    await assert.rejects(table.stat("a"), error);
    await assert.rejects(table.getMany(["a"]), error);
    await assert.rejects(table.list(), error);
    await assert.rejects(table.scan(), error);
    await assert.rejects(table.transact([put("a", "x")]), error);
    await assert.rejects(table.watch(), error);
  });

  on("close() waits for the writes that are under way", async (table) => {
    const writes = Array.from({ length: 20 }, (_, n) => putRow(table, `${n}`, row("x".repeat(n * 1000))));
    let open = writes.length;
    for (const write of writes) {
      void write.then(
        () => {
          open -= 1;
        },
        () => {},
      );
    }
    await table.close();
    const outcomes = await Promise.all(writes);
    assert.equal(open, 0);
    assert.ok(outcomes.every(({ done }) => done));
  });
}
