// The part of the Table contract that is about keys, their order, and reading them in pages.

import assert from "node:assert/strict";
import { type Key, MAX_KEY_BYTES, putRow, type Range, type Row, removeRow } from "./table.ts";
import { allOf, EMOJI, keysOf, type OnTable, put, row, textOf } from "./table-bench.contract.ts";

export function testKeys(on: OnTable): void {
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

export function testPages(on: OnTable): void {
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
