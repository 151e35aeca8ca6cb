// A kv mount on a store that lasts: what only such a store can show. All else is shown on a table in memory.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { serveKv } from "../../../test/served-kv.ts";
import { openLmdbTable } from "../../store/lmdb/table.ts";

async function storeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-kv-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("Values, their types and versions outlive the server, and so do the points of a watch", async (t) => {
  const folder = await storeFolder(t);
  const first = await serveKv(t, {}, await openLmdbTable(folder));
  const key = "/kv/%EB%82%98%EB%B9%84%00";
  const put = await first.ask("PUT", key, { "Content-Type": "text/plain; charset=utf-8" }, "야옹");
  assert.equal(put.status, 201);
  const list = await first.ask("GET", "/kv/");
  await first.ask("PUT", "/kv/later", {}, "");
  await first.server.stop(0);
  await first.table.close();

  const second = await serveKv(t, {}, await openLmdbTable(folder));
  const got = await second.ask("GET", key);
  assert.equal(got.text, "야옹");
  assert.equal(got.fields.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(got.fields.get("etag"), put.fields.get("etag"));
  assert.equal(got.fields.get("last-modified"), put.fields.get("last-modified"));
  const link = /<([^>]*)>; rel="monitor"/.exec(list.fields.get("link") ?? "")?.[1] ?? "";
  const stream = await second.watch(link);
  assert.deepEqual(
    (await stream.data(1)).map((data) => (data as { key: string }).key),
    ["later"],
  );
  await second.server.stop();
  assert.deepEqual([...first.faults, ...second.faults], []);
});

test("Who writes at the same time loses nothing", async (t) => {
  const { ask, watch, faults } = await serveKv(t, {}, await openLmdbTable(await storeFolder(t)));
  const stream = await watch("/kv/a?watch");
  const pieces = Array.from({ length: 50 }, (_, index) => `${index};`);
  const appended = await Promise.all(pieces.map((piece) => ask("POST", "/kv/a", {}, piece)));
  assert.deepEqual([...new Set(appended.map(({ status }) => status))].sort(), [200, 201]);
  assert.deepEqual((await ask("GET", "/kv/a")).text.match(/\d+;/g)?.sort(), pieces.sort());
  assert.equal((await stream.data(50)).length, 50);

  const created = await Promise.all(
    pieces.map((piece) => ask("PUT", "/kv/b", { "If-None-Match": "*" }, piece)),
  );
  assert.equal(created.filter(({ status }) => status === 201).length, 1);
  assert.equal(created.filter(({ status }) => status === 412).length, 49);
  assert.deepEqual(faults, []);
});
