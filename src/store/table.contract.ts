// What every Table must do, whatever holds its rows: a backend's test calls this with a way to make an empty one.
// Nothing here may depend on the rows being on this machine.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  type Expected,
  type Key,
  MAX_KEY_BYTES,
  putRow,
  type Range,
  type Row,
  type RowInfo,
  removeRow,
  type Step,
  type StepOutcome,
  type Table,
} from "./table.ts";
import { allOf, Clock, type MakeTable, type OnTable, put, row, textOf } from "./table-bench.contract.ts";
import { testAgainstModel } from "./table-model.contract.ts";
import { testWatches } from "./table-watch.contract.ts";

async function keysOf(table: Table, range?: Range): Promise<readonly Key[]> {
  return (await allOf((part) => table.list(part), range)).map(({ key }) => key);
}

function infoOf({ key, size, mediaType, version, created, changed, expires }: RowInfo): RowInfo {
  return { key, size, mediaType, version, created, changed, expires };
}

function made(outcome: StepOutcome): RowInfo {
  assert.ok(outcome.done && outcome.after !== undefined);
  return outcome.after;
}

const HOUR = 3_600_000;
const EMOJI = "\u{1f600}";

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

function testKeys(on: OnTable): void {
  const keys: readonly Key[] = [
    " ",
    "\0",
    "\0\0",
    "a\0b",
    "\n",
    "\r\n",
    "\x7f",
    "/",
    "//",
    "a/b/../c",
    ".",
    "..",
    "%2F",
    "__proto__",
    "constructor",
    "\ud55c\uae00", // 한글 in NFC
    "\u1112\u1161\u11ab\u1100\u1173\u11af", // the same in NFD
    "\u00e9",
    "e\u0301",
    EMOJI,
    "\ufffd",
    "\uffff",
    "\u{10000}",
    "\u{10ffff}",
    "x".repeat(MAX_KEY_BYTES),
    "가".repeat(341),
    EMOJI.repeat(256),
  ];
  on("keys are any text: each is a row of its own, in the order of code points", async (table) => {
    for (const key of keys) await putRow(table, key, row(JSON.stringify(key)));
    for (const key of keys) {
      assert.equal(await textOf(table, key), JSON.stringify(key));
      assert.equal((await table.stat(key))?.key, key);
    }
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(await keysOf(table), sorted);
    assert.deepEqual(await keysOf(table, { limit: 1 }), sorted);
    assert.deepEqual(await keysOf(table, { order: "created" }), keys);
    for (const key of keys) {
      assert.deepEqual(await keysOf(table, { after: key }), sorted.slice(sorted.indexOf(key) + 1));
      const inside = sorted.filter((other) => other.startsWith(key));
      assert.deepEqual(await keysOf(table, { prefix: key }), inside);
      assert.equal((await removeRow(table, key)).done, true);
      assert.equal(await table.get(key), undefined);
      await putRow(table, key, row("again"));
    }
  });

  on("U+FFFD stands before U+10000, though not in UTF-16", async (table) => {
    await table.transact([
      put("\u{10000}", ""),
      put("\ufffd", ""),
      put("a\u{1f600}", ""),
      put("a\ufb00", ""),
    ]);
    assert.deepEqual(await keysOf(table), ["a\ufb00", "a\u{1f600}", "\ufffd", "\u{10000}"]);
  });

  const bad: readonly (readonly [what: string, key: Key, code: string])[] = [
    ["an empty text", "", "INVALID_KEY"],
    ["a lone high surrogate", "a\ud800", "INVALID_KEY"],
    ["a lone low surrogate", "\udc00b", "INVALID_KEY"],
    ["surrogates in the wrong order", "\udc00\ud800", "INVALID_KEY"],
    ["1,025 bytes", "x".repeat(MAX_KEY_BYTES + 1), "KEY_TOO_LONG"],
    ["1,026 bytes in 342 characters", "가".repeat(342), "KEY_TOO_LONG"],
  ];
  for (const [what, key, code] of bad) {
    on(`${what} is no key for any method`, async (table) => {
      const error = { code };
      await assert.rejects(table.get(key), error);
      await assert.rejects(table.stat(key), error);
      await assert.rejects(table.getMany(["a", key]), error);
      await assert.rejects(table.transact([put("a", "x"), put(key, "x")]), error);
      await assert.rejects(table.transact([{ kind: "remove", key }]), error);
      await assert.rejects(table.transact([{ kind: "check", key, expected: "absent" }]), error);
      assert.deepEqual(await keysOf(table), []);
    });
  }
}

function testPages(on: OnTable): void {
  const keys = ["a", "a/", "a/1", "a/2", "a/\u{10ffff}", "a0", "b", "가", "가나", "각"];
  const ranges: readonly (readonly [range: Range, expected: readonly Key[]])[] = [
    [{}, keys],
    [{ prefix: "" }, keys],
    [{ prefix: "a/" }, ["a/", "a/1", "a/2", "a/\u{10ffff}"]],
    [{ prefix: "a/\u{10ffff}" }, ["a/\u{10ffff}"]],
    [{ prefix: "가" }, ["가", "가나"]],
    [{ prefix: "c" }, []],
    [{ prefix: "a/", after: "a/1" }, ["a/2", "a/\u{10ffff}"]],
    [{ prefix: "a/", after: "a/11" }, ["a/2", "a/\u{10ffff}"]],
    [{ prefix: "a/", after: "A" }, ["a/", "a/1", "a/2", "a/\u{10ffff}"]],
    [{ prefix: "a/", after: "a0" }, []],
    [{ prefix: "a/", after: "b" }, []],
    [{ after: "b" }, ["가", "가나", "각"]],
    [{ after: "각" }, []],
  ];
  for (const [range, expected] of ranges) {
    on(`a range of ${JSON.stringify(range)} in pages of every size`, async (table) => {
      await table.transact([...keys].reverse().map((key) => put(key, key)));
      for (const limit of [undefined, 1, 2, 3, expected.length || 1]) {
        const part: Range = { ...range, limit };
        assert.deepEqual(await keysOf(table, part), expected);
        const rows = await allOf((each) => table.scan(each), part);
        assert.deepEqual(
          rows.map(({ value }) => Buffer.from(value).toString()),
          expected,
        );
      }
      if (range.after !== undefined) return;
      for (const limit of [undefined, 1, 2, 3]) {
        const part: Range = { ...range, order: "created", limit };
        assert.deepEqual(await keysOf(table, part), [...expected].reverse());
      }
    });
  }

  on("only the last page has no next one", async (table) => {
    await table.transact(["a", "b", "c", "d"].map((key) => put(key, "")));
    for (const order of ["key", "created"] as const) {
      const first = await table.list({ limit: 2, order });
      assert.ok(first.next !== undefined);
      const second = await table.list({ limit: 2, order, after: first.next });
      assert.equal(second.rows.length, 2);
      if (second.next === undefined) continue;
      assert.deepEqual(await table.list({ limit: 2, order, after: second.next }), {
        ...second,
        rows: [],
        next: undefined,
      });
    }
  });

  on("without a limit a page has 1,000 rows", async (table) => {
    await table.transact(Array.from({ length: 1500 }, (_, n) => put(`${n}`.padStart(5, "0"), "")));
    const page = await table.list();
    assert.equal(page.rows.length, 1000);
    assert.equal(page.next, "00999");
    assert.equal((await keysOf(table)).length, 1500);
    assert.equal((await keysOf(table, { order: "created" })).length, 1500);
    assert.equal((await table.list({ limit: 1200 })).rows.length, 1200);
  });

  on("a page with values has about a megabyte, but always one row", async (table) => {
    const sizes = [3 << 20, 600_000, 600_000, 10, 2 << 20, 0];
    for (const [at, size] of sizes.entries()) {
      await putRow(table, `${at}`, { value: Buffer.alloc(size, at), mediaType: "" });
    }
    for (const order of ["key", "created"] as const) {
      const page = await table.scan({ order });
      assert.deepEqual(
        page.rows.map(({ key }) => key),
        ["0"],
      );
      assert.ok(page.next !== undefined);
      const rows = await allOf((range) => table.scan(range), { order });
      assert.deepEqual(
        rows.map(({ size, value }) => [size, value.length]),
        sizes.map((size) => [size, size]),
      );
      assert.equal((await table.list({ order })).rows.length, sizes.length);
    }
  });

  on(
    "the order of creation is that of the steps, and a key that is replaced keeps its place",
    async (table) => {
      await table.transact([put("c", ""), put("a", ""), put("b", "")]);
      await table.transact([put("a", "new")]);
      await table.transact([{ kind: "remove", key: "c" }, put("c", ""), put("d", "")]);
      await table.transact([{ kind: "remove", key: "b" }]);
      await table.transact([put("b", "")]);
      assert.deepEqual(await keysOf(table, { order: "created" }), ["a", "c", "d", "b"]);
      assert.deepEqual(await keysOf(table, { order: "created", limit: 1 }), ["a", "c", "d", "b"]);
    },
  );

  on("going on by creation shows what has come, and not again what was replaced", async (table) => {
    await table.transact([put("c", ""), put("a", ""), put("b", "")]);
    const page = await table.list({ order: "created", limit: 2 });
    await table.transact([put("c", "new"), { kind: "remove", key: "a" }, put("z", "")]);
    assert.deepEqual(await keysOf(table, { order: "created", after: page.next }), ["b", "z"]);
  });

  on("texts that name no place are refused, and so is a prefix that is no text", async (table) => {
    await assert.rejects(table.list({ order: "created", after: "no place" }), { code: "INVALID_KEY" });
    await assert.rejects(table.list({ prefix: "\ud800" }), { code: "INVALID_KEY" });
    await assert.rejects(table.scan({ after: "\udc00" }), { code: "INVALID_KEY" });
    await assert.rejects(table.scan({ prefix: "\udc00", order: "created" }), { code: "INVALID_KEY" });
  });

  on("prefixes and places may be longer than any key", async (table) => {
    await table.transact([put("x".repeat(MAX_KEY_BYTES), ""), put("y", "")]);
    assert.deepEqual(await keysOf(table, { prefix: "x".repeat(5000) }), []);
    assert.deepEqual(await keysOf(table, { after: "x".repeat(5000) }), ["y"]);
    assert.deepEqual(await keysOf(table, { after: "x".repeat(1025), prefix: "x" }), []);
    assert.deepEqual(await keysOf(table, { after: "y".repeat(5000) }), []);
    assert.deepEqual(await keysOf(table, { prefix: "x".repeat(5000), order: "created" }), []);
  });

  on("a page shows one moment: never half of a transaction", async (table) => {
    let stop = false;
    const writer = (async () => {
      for (let n = 0; !stop; n += 1) {
        await table.transact(["a", "b", "c", "d"].map((key) => put(key, `${n}`)));
        // A table that answers at once would keep everybody else waiting.
        await new Promise(setImmediate);
      }
    })();
    try {
      for (let round = 0; round < 200; round += 1) {
        const rows: readonly (Row | undefined)[] =
          round % 2 ? (await table.scan()).rows : await table.getMany(["d", "a", "c", "b"]);
        const texts = new Set(rows.map((found) => found && Buffer.from(found.value).toString()));
        assert.ok(texts.size <= 1, `saw ${[...texts].join(", ")}`);
        await new Promise(setImmediate);
      }
    } finally {
      stop = true;
      await writer;
    }
  });
}

function testTransactions(on: OnTable): void {
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

function testExpiry(on: OnTable): void {
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
