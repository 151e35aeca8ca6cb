// The part of the Table contract that is about transactions, and about rows whose time is over.

import assert from "node:assert/strict";
import { type Expected, putRow, type Row, removeRow, type Step } from "./table.ts";
import { allOf, HOUR, keysOf, made, type OnTable, put, row, textOf } from "./table-bench.contract.ts";

export function testTransactions(on: OnTable): void {
  on("a transaction may have very many steps", async (table) => {
    const steps = Array.from({ length: 150_000 }, (_, number) => put(`key-${number}`, "1"));
    const outcome = await table.transact(steps);
    assert.ok(outcome.done && outcome.results.length === steps.length);
    assert.ok(await table.stat("key-149999"));
  });

  const step = (kind: Step["kind"], expected: Expected): Step =>
    kind === "put" ? put("k", "new", expected) : { kind, key: "k", expected };
  const kinds: readonly Step["kind"][] = ["put", "remove", "check"];
  const expectations: readonly (readonly [
    name: string,
    expected: Expected | "current",
    there: boolean,
    absent: boolean,
  ])[] = [
    ["absent", "absent", false, true],
    ["present", "present", true, false],
    ["the version that is there", "current", true, false],
    ["another version", { version: "0-00000000" }, false, false],
  ];
  for (const kind of kinds) {
    for (const [what, expected, ifThere, ifAbsent] of expectations) {
      on(`a ${kind} that expects ${what}`, async (table) => {
        const gone = made(await putRow(table, "k", row("old")));
        const before = made(await putRow(table, "k", row("old")));
        const wanted = expected === "current" ? { version: before.version } : expected;
        const there = await table.transact([step(kind, wanted)]);
        if (ifThere) {
          assert.ok(there.done);
          assert.deepEqual(there.results[0]?.before, before);
          const after = kind === "remove" ? undefined : kind === "check" ? before : await table.stat("k");
          assert.deepEqual(there.results[0]?.after, after);
        } else assert.deepEqual(there, { done: false, failed: 0, current: before });
        const left = ifThere && kind !== "check" ? (kind === "put" ? "new" : undefined) : "old";
        assert.equal(await textOf(table, "k"), left);

        const stale = await table.transact([step(kind, { version: gone.version })]);
        assert.equal(stale.done, false);

        await removeRow(table, "k");
        const absent = await table.transact([step(kind, wanted)]);
        if (ifAbsent) {
          assert.ok(absent.done);
          assert.equal(absent.results[0]?.before, undefined);
          assert.deepEqual(absent.results[0]?.after, kind === "put" ? await table.stat("k") : undefined);
        } else assert.deepEqual(absent, { done: false, failed: 0, current: undefined });
        assert.equal(await textOf(table, "k"), ifAbsent && kind === "put" ? "new" : undefined);
      });
    }
  }

  on("all steps are made or none, and the first that fails is told", async (table) => {
    await table.transact([put("a", "1"), put("b", "1")]);
    const b = await table.stat("b");
    const outcome = await table.transact([
      put("a", "2"),
      { kind: "remove", key: "b" },
      put("b", "2", "absent"),
      put("c", "2", "absent"),
      { kind: "check", key: "c", expected: "absent" },
      { kind: "check", key: "a", expected: "absent" },
    ]);
    assert.ok(!outcome.done);
    assert.equal(outcome.failed, 4);
    assert.equal(outcome.current?.key, "c");
    assert.equal(await textOf(table, "a"), "1");
    assert.deepEqual(await table.stat("b"), b);
    assert.equal(await table.get("c"), undefined);
    assert.deepEqual(await keysOf(table, { order: "created" }), ["a", "b"]);
  });

  on("each step sees what those before it have left", async (table) => {
    const outcome = await table.transact([
      put("a", "1", "absent"),
      { kind: "check", key: "a", expected: "present" },
      put("a", "22", "present"),
      { kind: "remove", key: "a", expected: "present" },
      { kind: "check", key: "a", expected: "absent" },
      put("a", "333", "absent"),
    ]);
    assert.ok(outcome.done);
    const sizes = outcome.results.map(({ before, after }) => [before?.size, after?.size]);
    assert.deepEqual(sizes, [
      [undefined, 1],
      [1, 1],
      [1, 2],
      [2, undefined],
      [undefined, undefined],
      [undefined, 3],
    ]);
    const versions = new Set(outcome.results.flatMap(({ after }) => after?.version ?? []));
    assert.equal(versions.size, 3);
    assert.deepEqual(await table.stat("a"), outcome.results[5]?.after);
  });

  on("a transaction of no steps is done, and one of 5,000 is one", async (table) => {
    assert.deepEqual(await table.transact([]), { done: true, results: [] });
    const steps = Array.from({ length: 5000 }, (_, n) => put(`${n}`, `${n}`));
    assert.equal((await table.transact([...steps, put("0", "", "absent")])).done, false);
    assert.deepEqual(await keysOf(table), []);
    assert.equal((await table.transact(steps)).done, true);
    assert.equal((await keysOf(table)).length, 5000);
  });

  on("of 50 that swap the same version at once, one wins, each round", async (table) => {
    let version = made(await putRow(table, "k", row("start"))).version;
    const seen = new Set([version]);
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => putRow(table, "k", row(`${round} ${n}`), { version })),
      );
      const winners = outcomes.flatMap((outcome, n) =>
        outcome.done ? [{ n, version: made(outcome).version }] : [],
      );
      assert.equal(winners.length, 1);
      const [winner] = winners;
      assert.equal(await textOf(table, "k"), `${round} ${winner?.n}`);
      version = winner?.version ?? "";
      for (const outcome of outcomes) if (!outcome.done) assert.equal(outcome.current?.version, version);
      assert.ok(!seen.has(version));
      seen.add(version);
    }
  });

  on("of 50 that create the same key at once, one wins", async (table) => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => putRow(table, "k", row(`${n}`), "absent")),
    );
    assert.equal(outcomes.filter(({ done }) => done).length, 1);
  });

  on("20 that count up the same two keys at once lose nothing", async (table) => {
    await table.transact([put("a", "0"), put("b", "0")]);
    const count = async (): Promise<void> => {
      for (let done = 0; done < 10; ) {
        const [a, b] = await table.getMany(["a", "b"]);
        assert.ok(a && b);
        const next = (found: Row): string => `${Number(Buffer.from(found.value).toString()) + 1}`;
        const outcome = await table.transact([
          put("a", next(a), { version: a.version }),
          put("b", next(b), { version: b.version }),
        ]);
        if (outcome.done) done += 1;
      }
    };
    await Promise.all(Array.from({ length: 20 }, count));
    assert.deepEqual([await textOf(table, "a"), await textOf(table, "b")], ["200", "200"]);
  });

  on("who has the answer to a write sees it at once, and 500 at once are all there", async (table) => {
    await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        const info = made(await putRow(table, `${n}`, row(`${n}`)));
        assert.deepEqual(await table.stat(`${n}`), info);
        assert.equal(await textOf(table, `${n}`), `${n}`);
      }),
    );
    const rows = await allOf((range) => table.list(range));
    assert.equal(new Set(rows.map(({ version }) => version)).size, 500);
  });
}

export function testExpiry(on: OnTable): void {
  on("a row whose time is over is gone for every reader, at that time", async (table, clock) => {
    const expires = clock.now() + HOUR;
    await table.transact([
      { kind: "put", key: "a", row: row("x", { expires }) },
      { kind: "put", key: "b", row: row("x", { expires: expires + HOUR }) },
      put("c", "x"),
    ]);
    assert.equal((await table.stat("a"))?.expires, expires);
    clock.ahead += HOUR - 1000;
    assert.equal(await textOf(table, "a"), "x");
    assert.deepEqual(await keysOf(table), ["a", "b", "c"]);
    clock.ahead += 1000;
    assert.equal(await table.get("a"), undefined);
    assert.equal(await table.stat("a"), undefined);
    assert.deepEqual(
      (await table.getMany(["a", "b"])).map((found) => found?.key),
      [undefined, "b"],
    );
    for (const order of ["key", "created"] as const) {
      assert.deepEqual(await keysOf(table, { order }), ["b", "c"]);
      assert.deepEqual(await keysOf(table, { order, limit: 1 }), ["b", "c"]);
      assert.deepEqual(
        (await table.scan({ order })).rows.map(({ key }) => key),
        ["b", "c"],
      );
    }
  });

  const attempts: readonly (readonly [expected: Expected, done: boolean])[] = [
    ["absent", true],
    ["present", false],
  ];
  for (const [expected, done] of attempts) {
    on(`a row whose time is over is absent for a step that expects it ${expected}`, async (table, clock) => {
      const old = made(await putRow(table, "a", row("x", { expires: clock.now() + HOUR })));
      clock.ahead += HOUR;
      assert.equal((await putRow(table, "a", row("y"), { version: old.version })).done, false);
      const outcome = await putRow(table, "a", row("y"), expected);
      assert.equal(outcome.done, done);
      if (!outcome.done) return assert.equal(outcome.current, undefined);
      assert.equal(outcome.before, undefined);
      assert.ok(made(outcome).created >= old.created + HOUR, "it is a new one");
      assert.equal((await table.stat("a"))?.expires, undefined);
      assert.deepEqual(await keysOf(table, { order: "created" }), ["a"]);
    });
  }

  on("removing a row whose time is over finds nothing", async (table, clock) => {
    await putRow(table, "a", row("x", { expires: clock.now() + HOUR }));
    clock.ahead += HOUR;
    assert.deepEqual(await removeRow(table, "a"), { done: true, before: undefined, after: undefined });
    assert.equal((await removeRow(table, "a", "present")).done, false);
  });

  on("replacing a row changes or takes away its time", async (table, clock) => {
    await putRow(table, "a", row("x", { expires: clock.now() + HOUR }));
    await putRow(table, "b", row("x", { expires: clock.now() + HOUR }));
    await putRow(table, "a", row("y"));
    await putRow(table, "b", row("y", { expires: clock.now() + 3 * HOUR }));
    clock.ahead += 2 * HOUR;
    assert.equal(await textOf(table, "a"), "y");
    assert.equal(await textOf(table, "b"), "y");
    clock.ahead += 2 * HOUR;
    assert.equal(await textOf(table, "b"), undefined);
    assert.deepEqual(await keysOf(table), ["a"]);
  });

  on("a time that is over already removes the row at once", async (table, clock) => {
    await putRow(table, "a", row("x"));
    await putRow(table, "a", row("y", { expires: clock.now() - 1 }));
    assert.equal(await table.get("a"), undefined);
    await putRow(table, "b", row("y", { expires: 0 }));
    assert.equal(await table.stat("b"), undefined);
    assert.deepEqual(await keysOf(table), []);
    assert.equal((await putRow(table, "a", row("z"), "absent")).done, true);
  });
}
