import assert from "node:assert/strict";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../test/fixtures/temporary-folder.ts";
import { putRow } from "../store/table.ts";
import { exists, parseStore, requireLasting, Stores } from "./stores.ts";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder.path, ...names);

for (const { text, place } of [
  { text: "data", place: { kind: "folder", path: resolve("data") } },
  { text: "내 자료", place: { kind: "folder", path: resolve("내 자료") } },
  { text: "C:\\data", place: { kind: "folder", path: resolve("C:\\data") } },
  { text: ":memory:", place: { kind: "memory", name: ":memory:" } },
  { text: ":memory:a", place: { kind: "memory", name: ":memory:a" } },
]) {
  test(`parseStore() takes ${text} for a ${place.kind}`, () => assert.deepEqual(parseStore(text), place));
}

for (const { text, says } of [
  { text: "", says: /without a name/ },
  { text: "postgres://kim:secret@db/zoo", says: /^Cannot open a store at postgres:\/\/…: [^@]*$/ },
]) {
  test(`parseStore() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseStore(text), { name: "CommandError", exitCode: 2, message: says });
  });
}

test("a store has one table, whichever way its folder is named, and a new one after closing", async () => {
  await mkdir(at("real", "deep"), { recursive: true });
  await symlink(at("real"), at("link"), "dir");
  const stores = new Stores(false);
  const table = await stores.open(at("real", "deep", "store"));
  assert.equal(await stores.open(at("link", "deep", "store")), table);
  assert.equal(await stores.open(at("real", "..", "real", "deep", "store")), table);
  assert.notEqual(await stores.open(at("real", "deep", "other")), table);
  await putRow(table, "a", { value: Buffer.from("1"), mediaType: "text/plain" });
  await stores.close();
  await assert.rejects(table.get("a"), { code: "CLOSED" });
  const again = await stores.open(at("real", "deep", "store"));
  assert.equal((await again.get("a"))?.size, 1);
  await stores.close();
});

test("stores in memory are apart by name", async () => {
  const stores = new Stores(false);
  const table = await stores.open(":memory:");
  assert.equal(await stores.open(":memory:"), table);
  assert.notEqual(await stores.open(":memory:2"), table);
  await stores.close();
});

test("a folder that cannot be made is told with its name", async () => {
  const stores = new Stores(false);
  await assert.rejects(stores.open(at("real", "deep", "store", "data.mdb", "x")), {
    name: "CommandError",
    message: /^Cannot open the store .*data\.mdb.x: /,
  });
  await stores.close();
});

test("only what lasts can be imported into", () => {
  assert.throws(() => requireLasting(":memory:", "import a"), /Cannot import a: :memory: is in the memory/);
  requireLasting("data", "import a");
});

test("where nothing is to be written, a store that is missing is not made", async () => {
  const stores = new Stores(true);
  await mkdir(at("empty"));
  for (const name of ["none", "empty"]) {
    await assert.rejects(stores.open(at(name)), {
      message: /^Cannot open the store .*: there is no such store$/,
    });
  }
  assert.deepEqual(await readdir(at("empty")), []);
  await stores.open(at("real", "deep", "store"));
  await stores.close();
  assert.equal(await exists(at("none")), false);
});
