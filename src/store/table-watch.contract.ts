// The part of the Table contract that is about watching.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Change, KEPT_CHANGES, putRow, removeRow, type Step, type Table, type Watch } from "./table.ts";
import { Clock, type MakeTable, type OnTable, put, row } from "./table-bench.contract.ts";

/** Reads on until so many changes have come, and leaves the loop. */
async function take(watch: Watch, count: number): Promise<readonly Change[]> {
  const changes: Change[] = [];
  if (count === 0) return changes;
  for await (const group of watch) {
    assert.ok(group.length > 0, "a group has changes");
    changes.push(...group);
    if (changes.length >= count) break;
  }
  return changes;
}

/** Reads until the loop ends by itself. */
async function drain(watch: Watch): Promise<readonly Change[]> {
  return take(watch, Number.POSITIVE_INFINITY);
}

function shown(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => {
    if (change.kind === "put") return `${change.created ? "+" : "="}${change.key}`;
    return `${change.expired ? "x" : "-"}${change.key}`;
  });
}

export function testWatches(on: OnTable, name: string, make: MakeTable): void {
  testBeginning(on);
  testFilters(on);
  testEnding(on);
  testGone(on);

  test(`${name}: two tables share neither versions nor points`, async () => {
    const { now } = new Clock();
    const benches = [await make(now), await make(now)] as const;
    try {
      const [one, other] = benches.map(({ table }) => table) as [Table, Table];
      const outcomes = await Promise.all([one, other].map((table) => putRow(table, "a", row("x"))));
      const versions = outcomes.map((outcome) => outcome.done && outcome.after?.version);
      assert.notEqual(versions[0], versions[1]);
      const { point } = await one.list();
      await one.watch({ after: point });
      await assert.rejects(other.watch({ after: point }), { code: "POINT_GONE" });
    } finally {
      for (const { table, remove } of benches) {
        await table.close();
        await remove();
      }
    }
  });
}

function testBeginning(on: OnTable): void {
  on("a watch that is far behind lets others have their turn while it looks", async (table) => {
    const { point } = await table.list();
    const step = put("k", "1");
    for (let round = 0; round < 5; round += 1) await table.transact(new Array<Step>(1000).fill(step));
    const end = (await table.list()).point;
    await putRow(table, "wanted", row("x"));
    const watch = await table.watch({ after: point, key: "wanted" });
    const next = watch[Symbol.asyncIterator]().next();
    await new Promise(setImmediate);
    assert.notEqual(watch.point, (await table.list()).point);
    assert.notEqual(watch.point, end);
    assert.deepEqual(shown((await next).value ?? []), ["+wanted"]);
  });

  on("a watch tells of all that happens after it was asked for, and of nothing before", async (table) => {
    await table.transact([put("a", "1"), put("b", "1")]);
    const watch = await table.watch();
    await table.transact([put("a", "22"), put("c", "1")]);
    await removeRow(table, "b");
    await removeRow(table, "none");
    await table.transact([{ kind: "check", key: "a", expected: "present" }]);
    await table.transact([put("d", "1"), put("a", "no", "absent")]);
    await putRow(table, "a", row("333"));
    const changes = await take(watch, 4);
    assert.deepEqual(shown(changes), ["=a", "+c", "-b", "=a"]);
    const [first, , , last] = changes;
    assert.ok(first?.kind === "put" && last?.kind === "put");
    assert.equal(first.info.size, 2);
    assert.deepEqual(last.info, await table.stat("a"));
    assert.equal(new Set(changes.map(({ point }) => point)).size, 4);
    assert.equal(watch.point, last.point);
  });

  on("each step of a transaction that changes something is told, in their order", async (table) => {
    const watch = await table.watch();
    await table.transact([
      put("b", "1"),
      put("a", "1"),
      put("b", "2"),
      { kind: "remove", key: "a" },
      { kind: "remove", key: "a" },
      put("a", "1"),
    ]);
    assert.deepEqual(shown(await take(watch, 5)), ["+b", "+a", "=b", "-a", "+a"]);
  });

  on("a watch from a page's point misses nothing that the page does not show", async (table) => {
    const empty = await table.list();
    await table.transact([put("a", ""), put("b", ""), put("c", "")]);
    const page = await table.scan({ limit: 1 });
    await removeRow(table, "a");
    assert.deepEqual(shown(await take(await table.watch({ after: empty.point }), 4)), [
      "+a",
      "+b",
      "+c",
      "-a",
    ]);
    assert.deepEqual(shown(await take(await table.watch({ after: page.point }), 1)), ["-a"]);
  });

  on("a watch goes on from any change's point, and from its own", async (table) => {
    const begin = await table.watch();
    const keys = ["a", "b", "c", "d", "e"];
    for (const key of keys) await putRow(table, key, row(""));
    const changes = await take(begin, 5);
    for (const [at, { point }] of changes.entries()) {
      const watch = await table.watch({ after: point });
      assert.equal(watch.point, point);
      await putRow(table, "f", row(""));
      const rest = await take(watch, 5 - at);
      assert.deepEqual(rest.slice(0, 4 - at), changes.slice(at + 1));
      assert.equal(rest[4 - at]?.key, "f");
    }
    await putRow(table, "g", row(""));
    const next = await table.watch({ after: begin.point });
    assert.deepEqual(
      (await take(next, 6)).map(({ key }) => key),
      ["f", "f", "f", "f", "f", "g"],
    );
  });

  on("changes that come while a watch waits are told, one after the other", async (table) => {
    const watch = await table.watch();
    const seen: string[] = [];
    await putRow(table, "start", row(""));
    // Each put is asked for only when the one before has been told.
    for await (const group of watch) {
      seen.push(...group.map(({ key }) => key));
      if (seen.length >= 20) break;
      void putRow(table, `${seen.length}`, row(""));
    }
    assert.deepEqual(seen, ["start", ...Array.from({ length: 19 }, (_, n) => `${n + 1}`)]);
  });

  on("many writers and several watchers: each sees each change once, in the same order", async (table) => {
    const watches = await Promise.all(Array.from({ length: 4 }, () => table.watch()));
    const reading = watches.map((watch) => take(watch, 620));
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let n = 0; n < 31; n += 1) await putRow(table, `${writer}`, row(`${n}`));
    });
    await Promise.all(writers);
    const [first = [], ...others] = await Promise.all(reading);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(first.length, 620);
    assert.equal(new Set(first.map(({ point }) => point)).size, 620);
    const created = first.filter((change) => change.kind === "put" && change.created);
    assert.equal(created.length, 20);
    for (let writer = 0; writer < 20; writer += 1) {
      const own = first.filter(({ key }) => key === `${writer}`);
      const last = own.at(-1);
      assert.equal(own.length, 31);
      assert.ok(last?.kind === "put");
      assert.deepEqual(last.info, await table.stat(`${writer}`));
    }
  });

  on(
    "a list followed by a watch from its point is the table, whatever is written meanwhile",
    async (table) => {
      let stop = false;
      const writer = (async () => {
        for (let n = 0; !stop; n += 1) {
          const key = `${(n * 7) % 13}`;
          await table.transact([
            n % 3 === 0 ? { kind: "remove", key } : put(key, `${n}`),
            put("tick", `${n}`),
          ]);
          await new Promise(setImmediate);
        }
      })();
      const copies = [];
      try {
        for (let round = 0; round < 5; round += 1) {
          const page = await table.list();
          copies.push({ rows: new Map(page.rows.map((info) => [info.key, info])), after: page.point });
          for (let turn = 0; turn < 5; turn += 1) {
            await putRow(table, "reader", row(`${round}`));
            await new Promise(setImmediate);
          }
        }
      } finally {
        stop = true;
        await writer;
      }
      const end = await table.list();
      for (const { rows, after } of copies) {
        const watch = await table.watch({ after });
        for await (const group of watch) {
          for (const change of group) {
            if (change.kind === "put") rows.set(change.key, change.info);
            else rows.delete(change.key);
          }
          if (watch.point === end.point) break;
        }
        assert.deepEqual(new Set(rows.values()), new Set(end.rows));
      }
    },
  );

  on("a row whose time is over is swept, once, and its watchers are told", async (table, clock) => {
    const watch = await table.watch();
    await table.transact([
      { kind: "put", key: "a", row: row("x", { expires: clock.now() + 30 }) },
      { kind: "put", key: "b", row: row("x", { expires: clock.now() + 50 }) },
      { kind: "put", key: "c", row: row("x", { expires: clock.now() + 3_600_000 }) },
    ]);
    const changes = await take(watch, 5);
    assert.deepEqual(shown(changes), ["+a", "+b", "+c", "xa", "xb"]);
    assert.deepEqual(
      (await table.list()).rows.map(({ key }) => key),
      ["c"],
    );
    await putRow(table, "d", row(""));
    assert.deepEqual(shown(await take(await table.watch({ after: changes.at(-1)?.point }), 1)), ["+d"]);
  });

  on("what changes for a key whose time is over can be replayed", async (table, clock) => {
    const watch = await table.watch();
    await putRow(table, "a", row("x", { expires: clock.now() + 3_600_000 }));
    clock.ahead += 3_600_000;
    await putRow(table, "a", row("y"));
    await putRow(table, "end", row(""));
    assert.deepEqual(shown(await take(watch, 4)), ["+a", "xa", "+a", "+end"]);
  });
}

function testFilters(on: OnTable): void {
  on("a watch of a key or of a prefix tells only of those", async (table) => {
    const all = await table.watch();
    const key = await table.watch({ key: "a/" });
    const prefix = await table.watch({ prefix: "a/" });
    const both = await table.watch({ prefix: "가" });
    await table.transact(["a", "a/", "a/1", "a0", "b", "가", "가나"].map((each) => put(each, "")));
    await table.transact(["a/", "가", "b"].map((each): Step => ({ kind: "remove", key: each })));
    assert.equal((await take(all, 10)).length, 10);
    assert.deepEqual(shown(await take(key, 2)), ["+a/", "-a/"]);
    assert.deepEqual(shown(await take(prefix, 3)), ["+a/", "+a/1", "-a/"]);
    assert.deepEqual(shown(await take(both, 3)), ["+가", "+가나", "-가"]);
  });

  on("the point of a watch moves on over what does not match", async (table) => {
    const watch = await table.watch({ key: "wanted" });
    await table.transact(Array.from({ length: 50 }, (_, n) => put(`${n}`, "")));
    await putRow(table, "wanted", row(""));
    await table.transact(Array.from({ length: 50 }, (_, n) => put(`${n}`, "again")));
    await putRow(table, "wanted", row(""));
    assert.equal((await take(watch, 2)).length, 2);
    const { point } = await table.list();
    assert.equal(watch.point, point);
  });

  on("keys and prefixes that are no text are refused", async (table) => {
    await assert.rejects(table.watch({ key: "" }), { code: "INVALID_KEY" });
    await assert.rejects(table.watch({ key: "\ud800" }), { code: "INVALID_KEY" });
    await assert.rejects(table.watch({ prefix: "\ud800" }), { code: "INVALID_KEY" });
    await assert.rejects(table.watch({ key: "x".repeat(1025) }), { code: "KEY_TOO_LONG" });
  });
}

function testEnding(on: OnTable): void {
  on("a signal ends a watch: before it begins, while it waits, and within a group", async (table) => {
    assert.deepEqual(await drain(await table.watch({ signal: AbortSignal.abort() })), []);

    for (const turns of [0, 1, 5]) {
      const waiting = new AbortController();
      const end = drain(await table.watch({ signal: waiting.signal }));
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      waiting.abort();
      assert.deepEqual(await end, []);
    }

    for (let ticks = 0; ticks < 8; ticks += 1) {
      const early = new AbortController();
      const end = drain(await table.watch({ signal: early.signal }));
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      early.abort();
      assert.deepEqual(await end, []);
    }

    const within = new AbortController();
    const watch = await table.watch({ signal: within.signal });
    await putRow(table, "a", row(""));
    const seen: Change[] = [];
    for await (const group of watch) {
      seen.push(...group);
      await putRow(table, "b", row(""));
      within.abort();
    }
    assert.deepEqual(shown(seen), ["+a"]);
  });

  on("closing the table ends all watches, waiting or not", async (table) => {
    const waiting = Array.from({ length: 3 }, async () => drain(await table.watch()));
    const begun = await table.watch();
    await putRow(table, "a", row(""));
    await new Promise(setImmediate);
    const later = await table.watch({ after: (await table.list()).point });
    await table.close();
    for (const changes of await Promise.all(waiting)) assert.ok(changes.length <= 1);
    assert.ok((await drain(begun)).length <= 1);
    assert.deepEqual(await drain(later), []);
  });

  on("watches that were left let the table go on", async (table) => {
    for (let round = 0; round < 20; round += 1) {
      const watch = await table.watch();
      await putRow(table, "a", row(`${round}`));
      for await (const group of watch) {
        assert.equal(group.length, 1);
        break;
      }
    }
    const signal = AbortSignal.abort();
    for (let round = 0; round < 20; round += 1) await drain(await table.watch({ signal }));
    assert.equal((await table.list()).rows.length, 1);
  });
}

function testGone(on: OnTable): void {
  on("a watch cannot begin at what is no point of this table", async (table) => {
    const outcome = await putRow(table, "a", row(""));
    const { point } = await table.list();
    assert.ok(outcome.done);
    const [number = "", id = ""] = point.split("-");
    const points = [
      "",
      "-",
      "0",
      "garbage",
      `${number}`,
      `-${id}`,
      `${number}-`,
      `zzzz-${id}`,
      `${point} `,
      ` ${point}`,
    ];
    for (const after of [...points, `${number}-00000000`, "한글", "\ud800", "9".repeat(4000)]) {
      await assert.rejects(table.watch({ after }), { code: "POINT_GONE" }, JSON.stringify(after));
    }
    await table.watch({ after: point });
  });

  on(
    `a watch can begin ${KEPT_CHANGES} changes back; further back it fails or misses nothing`,
    async (table) => {
      const AT_ONCE = 4096;
      const { point: first } = await table.list();
      const points: string[] = [];
      const value = new Uint8Array(0);
      for (let n = 0; n < 3 * KEPT_CHANGES; n += AT_ONCE) {
        const outcome = await table.transact(
          Array.from(
            { length: AT_ONCE },
            (): Step => ({ kind: "put", key: "k", row: { value, mediaType: "" } }),
          ),
        );
        assert.ok(outcome.done);
        points.push((await table.list()).point);
      }
      const total = points.length * AT_ONCE;
      const kept = await table.watch({ after: points.at(-1 - KEPT_CHANGES / AT_ONCE) });
      let count = 0;
      for await (const group of kept) {
        count += group.length;
        if (count >= KEPT_CHANGES) break;
      }
      assert.equal(count, KEPT_CHANGES);
      assert.equal(kept.point, points.at(-1));
      let all = 0;
      try {
        for await (const group of await table.watch({ after: first })) {
          all += group.length;
          if (all >= total) break;
        }
        assert.equal(all, total);
      } catch (error) {
        assert.equal((error as { code?: string }).code, "POINT_GONE");
        assert.equal(all, 0);
      }
    },
  );
}
