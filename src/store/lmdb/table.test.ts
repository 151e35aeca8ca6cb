import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { testTable } from "../table.contract.ts";
import { type Change, KEPT_CHANGES, putRow, removeRow, type Step, type Table } from "../table.ts";
import { type LmdbTableOptions, MAX_VALUE_BYTES, openLmdbTable } from "./table.ts";

testTable("a table in LMDB", async (now) => {
  const folder = await fs.mkdtemp(join(tmpdir(), "sockeye-table-"));
  return {
    table: await openLmdbTable(folder, { now }),
    remove: () => fs.rm(folder, { recursive: true }),
  };
});

interface Ground {
  /** A folder that is empty. */
  readonly folder: string;
  open(options?: LmdbTableOptions): Promise<Table>;
  /** Starts one of the programs for tests on the folder. */
  start(program: string, ...words: readonly string[]): ChildProcess;
}

function onFolder(title: string, body: (ground: Ground, context: TestContext) => Promise<void>): void {
  test(title, async (context) => {
    const folder = await fs.mkdtemp(join(tmpdir(), "sockeye-table-"));
    const tables: Table[] = [];
    const children: ChildProcess[] = [];
    // A table does not keep a process alive.
    const alive = setInterval(() => {}, 60_000);
    const ground: Ground = {
      folder,
      async open(options) {
        const table = await openLmdbTable(folder, options);
        tables.push(table);
        return table;
      },
      start(program, ...words) {
        const file = fileURLToPath(new URL(`../../../test/fixtures/${program}.ts`, import.meta.url));
        const child = spawn(
          process.execPath,
          ["--import", import.meta.resolve("tsx"), file, folder, ...words],
          {
            stdio: ["pipe", "pipe", "pipe", "ipc"],
          },
        );
        children.push(child);
        return child;
      },
    };
    try {
      await body(ground, context);
    } finally {
      clearInterval(alive);
      for (const child of children) child.kill("SIGKILL");
      for (const table of tables) await table.close();
      await fs.rm(folder, { recursive: true });
    }
  });
}

const row = (text: string): { readonly value: Uint8Array; readonly mediaType: string } => ({
  value: Buffer.from(text),
  mediaType: "text/plain",
});

async function textOf(table: Table, key: string): Promise<string | undefined> {
  const found = await table.get(key);
  return found && Buffer.from(found.value).toString();
}

/** Ends when a process has; gives what it said on both outputs. */
async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  return { code: code as number | null, output };
}

onFolder(
  "what was put is there when the table is opened again, and versions go on",
  async ({ open, folder }) => {
    const first = await open();
    const large = randomBytes(100_000);
    await first.transact([
      { kind: "put", key: "한글", row: row("하나") },
      { kind: "put", key: "large", row: { value: large, mediaType: "a/b" } },
    ]);
    await removeRow(first, "한글");
    await putRow(first, "한글", row("둘"));
    const page = await first.list({ order: "created" });
    await first.close();
    assert.deepEqual((await fs.readdir(folder)).sort(), ["data.mdb", "lock.mdb"]);
    const second = await open();
    assert.deepEqual(await second.list({ order: "created" }), page);
    assert.equal(await textOf(second, "한글"), "둘");
    assert.ok(large.equals((await second.get("large"))?.value ?? new Uint8Array(0)));
    const outcome = await putRow(second, "한글", row("셋"));
    assert.ok(outcome.done && !page.rows.some(({ version }) => version === outcome.after?.version));
    const watch = await second.watch({ after: page.point });
    for await (const changes of watch) {
      assert.deepEqual(
        changes.map(({ key }) => key),
        ["한글"],
      );
      break;
    }
  },
);

onFolder("a folder is made with those above it, and found by any path", async ({ folder }) => {
  const deep = join(folder, "a", "b");
  const table = await openLmdbTable(deep);
  await putRow(table, "k", row("x"));
  await fs.symlink(deep, join(folder, "link"));
  const other = await openLmdbTable(join(folder, "link"));
  assert.equal(await textOf(other, "k"), "x");
  await table.close();
  await putRow(other, "k", row("y"));
  assert.equal(await textOf(other, "k"), "y");
  await other.close();
});

onFolder("tables on one folder in one process see each other at once", async ({ open }) => {
  const [one, other] = [await open(), await open()];
  const watch = await other.watch();
  const seen: Change[] = [];
  const watching = (async () => {
    for await (const changes of watch) {
      seen.push(...changes);
      if (seen.length >= 40) break;
    }
  })();
  for (let n = 0; n < 20; n += 1) {
    await putRow(one, "k", row(`${n}`));
    assert.equal(await textOf(other, "k"), `${n}`);
    await putRow(other, "k", row(`${n}!`));
    assert.equal(await textOf(one, "k"), `${n}!`);
  }
  await watching;
  const { version } = (await one.stat("k")) ?? { version: "" };
  const outcomes = await Promise.all([one, other].map((table) => putRow(table, "k", row("z"), { version })));
  assert.equal(outcomes.filter(({ done }) => done).length, 1);
  await one.close();
  assert.equal(await textOf(other, "k"), "z");
  await assert.rejects(one.get("k"), { code: "CLOSED" });
});

onFolder("a table can be opened again while it is being closed", async ({ open }) => {
  const first = await open();
  const write = putRow(first, "k", row("x"));
  const closing = first.close();
  const second = await open();
  await closing;
  assert.equal((await write).done, true);
  assert.equal(await textOf(second, "k"), "x");
});

onFolder(
  "a table that is only read reads, writes nothing, and sees what others write",
  async ({ open, folder }) => {
    await assert.rejects(open({ readOnly: true }), { code: "NOT_FOUND" });
    await assert.rejects(openLmdbTable(join(folder, "none"), { readOnly: true }), { code: "NOT_FOUND" });
    assert.deepEqual(await fs.readdir(folder), []);
    const writer = await open();
    await putRow(writer, "k", row("x"));
    await writer.close();

    const reader = await open({ readOnly: true });
    assert.equal(await textOf(reader, "k"), "x");
    assert.equal((await reader.scan()).rows.length, 1);
    await assert.rejects(putRow(reader, "k", row("y")), { code: "READ_ONLY" });
    await assert.rejects(removeRow(reader, "k"), { code: "READ_ONLY" });
    const watch = await reader.watch();

    const late = await open();
    await putRow(late, "k", row("z"));
    assert.equal(await textOf(reader, "k"), "z");
    for await (const changes of watch) {
      assert.equal(changes.length, 1);
      break;
    }
    await assert.rejects(putRow(reader, "k", row("y")), { code: "READ_ONLY" });
  },
);

const strangers: Readonly<Record<string, (folder: string) => Promise<unknown>>> = {
  "that holds other things": (folder) => fs.writeFile(join(folder, "letter.txt"), "x"),
  "with a data.mdb that is something else": (folder) =>
    fs.writeFile(join(folder, "data.mdb"), "x".repeat(9000)),
  "with a data.mdb that is cut off": (folder) => fs.writeFile(join(folder, "data.mdb"), "x"),
  "with the database of another program": async (folder) => {
    const { open } = await import("lmdb");
    const root = open({ path: folder, noSubdir: false });
    await root.openDB({ name: "theirs" }).put("a", 1);
    await root.close();
  },
  "with a store of another format": async (folder) => {
    await (await openLmdbTable(folder)).close();
    const { open } = await import("lmdb");
    const root = open({ path: folder, noSubdir: false });
    const meta = root.openDB({ name: "meta", encoding: "binary", keyEncoding: "binary", useVersions: true });
    await meta.put(Buffer.from("format"), Buffer.from('{"format":99,"id":"00000000"}'), 0);
    await root.close();
  },
};
for (const [what, prepare] of Object.entries(strangers)) {
  onFolder(`a folder ${what} is left alone`, async ({ open, folder }) => {
    await prepare(folder);
    const names = await fs.readdir(folder);
    const data = await fs.readFile(join(folder, "data.mdb")).catch(() => undefined);
    for (const readOnly of [false, true]) {
      await assert.rejects(open({ readOnly }), {
        code: "NOT_A_STORE",
        message: /^Cannot open the store .*: .*; (give a folder that is empty|use the version)/,
      });
    }
    assert.deepEqual(await fs.readdir(folder), names);
    assert.deepEqual(await fs.readFile(join(folder, "data.mdb")).catch(() => undefined), data);
  });
}

onFolder("a file is no store, and nothing below it is", async ({ folder }) => {
  const file = join(folder, "file");
  await fs.writeFile(file, "x");
  await assert.rejects(openLmdbTable(file), { code: "NOT_A_STORE" });
  await assert.rejects(openLmdbTable(join(file, "below")), { code: "NOT_A_STORE" });
});

onFolder("a value that is too large is refused, with all of its transaction", async ({ open }) => {
  const table = await open();
  const value = new Uint8Array(MAX_VALUE_BYTES + 1);
  const steps: readonly Step[] = [
    { kind: "put", key: "a", row: row("x") },
    { kind: "put", key: "b", row: { value, mediaType: "" } },
  ];
  await assert.rejects(table.transact(steps), { code: "VALUE_TOO_LARGE" });
  assert.deepEqual((await table.list()).rows, []);
});

onFolder("a value of 64 MiB comes back as it was, and its place is used again", async ({ open, folder }) => {
  const table = await open();
  for (let round = 0; round < 5; round += 1) {
    const value = Buffer.alloc(64 << 20, `${round} and more `);
    await putRow(table, "k", { value, mediaType: "" });
    assert.ok(value.equals((await table.get("k"))?.value ?? new Uint8Array(0)));
  }
  const { size } = await fs.stat(join(folder, "data.mdb"));
  assert.ok(size < 4 * (64 << 20), `the file has ${size} bytes`);
});

onFolder("what is removed leaves nothing behind but the log", async ({ open, folder }) => {
  const table = await open();
  for (let round = 0; round < 200; round += 1) {
    const expires = round % 2 ? Date.now() + 3_600_000 : undefined;
    const value = Buffer.alloc(50_000, round);
    await table.transact([{ kind: "put", key: `${round}`, row: { value, mediaType: "", expires } }]);
    await removeRow(table, `${round}`);
  }
  const { size } = await fs.stat(join(folder, "data.mdb"));
  assert.ok(size < 2_000_000, `the file has ${size} bytes`);
});

onFolder("the log is cut, and a watch that begins before what it keeps is told", async ({ open }) => {
  const table = await open();
  const { point } = await table.list();
  const value = new Uint8Array(0);
  for (let n = 0; n < 2 * KEPT_CHANGES; n += 2048) {
    await table.transact(
      Array.from({ length: 2048 }, (): Step => ({ kind: "put", key: "k", row: { value, mediaType: "" } })),
    );
  }
  await assert.rejects(table.watch({ after: point }), { code: "POINT_GONE" });
});

onFolder("a page by creation ends after many keys that do not match, and goes on", async ({ open }) => {
  const table = await open();
  const value = new Uint8Array(0);
  const put = (key: string): Step => ({ kind: "put", key, row: { value, mediaType: "" } });
  await table.transact([put("b/1"), ...Array.from({ length: 12_000 }, (_, n) => put(`a/${n}`)), put("b/2")]);
  const first = await table.list({ order: "created", prefix: "b/" });
  assert.deepEqual(
    first.rows.map(({ key }) => key),
    ["b/1"],
  );
  const second = await table.list({ order: "created", prefix: "b/", after: first.next });
  assert.deepEqual(
    second.rows.map(({ key }) => key),
    ["b/2"],
  );
  assert.equal(second.next, undefined);
});

onFolder(
  "a full disk ends in NO_SPACE for what does not fit, and for nothing else",
  async ({ open, folder }, context) => {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "none", folder], {
      encoding: "utf8",
    });
    if (mounted.status !== 0) return context.skip("mounting a small disk is not permitted here");
    try {
      const table = await open();
      await putRow(table, "a", row("old"));
      const large = { value: Buffer.alloc(4_000_000), mediaType: "" };
      const error = { code: "NO_SPACE", message: /^Cannot write to the store .*: the disk is full$/ };
      const writes = [
        putRow(table, "b", row("b")),
        putRow(table, "a", large),
        putRow(table, "c", row("c"), "absent"),
        table.transact([
          { kind: "put", key: "d", row: row("d") },
          { kind: "put", key: "e", row: large },
        ]),
      ];
      const [b, a, c, d] = await Promise.allSettled(writes);
      assert.equal(b?.status, "fulfilled");
      assert.equal(c?.status, "fulfilled");
      for (const failed of [a, d]) {
        assert.equal(failed?.status, "rejected");
        await assert.rejects(Promise.reject((failed as PromiseRejectedResult).reason), error);
      }
      assert.deepEqual(
        (await table.list()).rows.map(({ key }) => key),
        ["a", "b", "c"],
      );
      assert.equal(await textOf(table, "a"), "old");
      await putRow(table, "a", row("older"));
      assert.equal(await textOf(table, "a"), "older");
      await table.close();
    } finally {
      assert.equal(spawnSync("umount", [folder]).status, 0);
    }
  },
);

onFolder("two processes that count up one key by compare-and-swap lose nothing", async ({ open, start }) => {
  const results = await Promise.all([1, 2].map(() => ended(start("table-counter", "count", "200"))));
  // Nothing is said by anybody, and each process has ended by itself.
  for (const result of results) assert.deepEqual(result, { code: 0, output: "" });
  const table = await open();
  assert.equal(await textOf(table, "count"), "400");
  assert.equal((await table.list()).point, (await table.stat("count"))?.version);
});

onFolder(
  "what was written here is read by another process as soon as the answer is there",
  async ({ open, start }) => {
    const table = await open();
    const reader = start("table-reader");
    await once(reader, "message");
    let before: unknown;
    for (let n = 0; n < 500; n += 1) {
      await putRow(table, "key", row(`${n}`));
      reader.send("key");
      const [{ text, generation }] = (await once(reader, "message")) as [
        { text: string; generation: number },
      ];
      assert.equal(text, `${n}`);
      assert.notEqual(generation, before);
      before = generation;
    }
  },
);

onFolder("a watch sees what another process writes, while this one writes too", async ({ open, start }) => {
  const table = await open();
  const watch = await table.watch();
  const other = ended(start("table-counter", "theirs", "100"));
  let running = true;
  const writing = (async () => {
    for (let n = 0; running; n += 1) await putRow(table, "ours", row(`${n}`));
  })();
  let theirs = 0;
  const points = new Set<string>();
  for await (const changes of watch) {
    for (const { key, point } of changes) {
      assert.ok(!points.has(point));
      points.add(point);
      if (key === "theirs") theirs += 1;
    }
    if (theirs >= 100) break;
  }
  running = false;
  await writing;
  assert.deepEqual(await other, { code: 0, output: "" });
  assert.equal(theirs, 100);
  assert.equal(await textOf(table, "theirs"), "100");
});

onFolder("a watch is woken by another process when nothing happens here", async ({ open, start }) => {
  const table = await open();
  const watch = await table.watch({ key: "theirs" });
  const other = ended(start("table-counter", "theirs", "1"));
  for await (const changes of watch) {
    assert.equal(changes[0]?.kind, "put");
    break;
  }
  assert.equal((await other).code, 0);
});

onFolder("rows are swept once, though two tables with different clocks do it", async ({ open }) => {
  const [one, other] = [await open({ now: () => Date.now() }), await open({ now: () => Date.now() + 10 })];
  const watch = await one.watch();
  const COUNT = 50;
  const expires = Date.now() + 150;
  await one.transact(
    Array.from(
      { length: COUNT },
      (_, n): Step => ({ kind: "put", key: `${n}`, row: { ...row("x"), expires } }),
    ),
  );
  const removed: string[] = [];
  for await (const changes of watch) {
    for (const change of changes) if (change.kind === "remove" && change.expired) removed.push(change.key);
    if (removed.length < COUNT) continue;
    await putRow(other, "end", row(""));
    if (changes.some(({ key }) => key === "end")) break;
  }
  assert.equal(new Set(removed).size, COUNT);
  assert.equal(removed.length, COUNT);
});

onFolder("a process that is killed while it writes does not stop the others", async ({ open, start }) => {
  const table = await open();
  for (let round = 0; round < 3; round += 1) {
    const child = start("table-writer", `${round}`);
    const closed = once(child, "close");
    assert.ok(child.stdout);
    await once(child.stdout, "data");
    child.stdout.resume();
    const before = await putRow(table, "ours", row(`${round}`));
    assert.ok(before.done);
    child.kill("SIGKILL");
    const writes = Array.from({ length: 50 }, (_, n) => putRow(table, `ours/${n}`, row(`${round}`)));
    assert.ok((await Promise.all(writes)).every(({ done }) => done));
    await closed;
    assert.equal(await textOf(table, "ours/49"), `${round}`);
  }
});

onFolder("a store whose folder was removed or replaced takes no more writes", async ({ folder, open }) => {
  const removed = await open();
  await putRow(removed, "a", row("1"));
  await fs.rm(folder, { recursive: true });
  await assert.rejects(putRow(removed, "a", row("2")), { code: "IO", message: /were removed or replaced/ });
  const fresh = await open();
  await putRow(fresh, "b", row("3"));
  await assert.rejects(putRow(removed, "a", row("2")), { code: "IO" });
  assert.equal(await textOf(fresh, "b"), "3");
});
