// Watches of records: what their events say, and what they leave to a later one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serveRecords } from "../../../test/served-records.ts";
import { putRow, removeRow } from "../../store/table.ts";

test("a watch of the collection tells of every put with the record, and of every removal", async (t) => {
  const served = await serveRecords(t);
  const stream = await served.watch("/animals/?watch");
  const first = await served.send("PUT", encodeURI("/animals/나비"), { age: 1 });
  assert.equal(first.status, 201);
  await stream.data(1);
  await served.ask(
    "PATCH",
    encodeURI("/animals/나비"),
    { "Content-Type": "application/merge-patch+json" },
    '{"age":2}',
  );
  await stream.data(2);
  await served.ask("DELETE", encodeURI("/animals/나비"));
  const data = (await stream.data(3)) as { etag?: string }[];
  assert.deepEqual(
    stream.events.map(({ type }) => type),
    ["put", "put", "remove"],
  );
  for (const one of data.slice(0, 2)) assert.match(one.etag ?? "", /^"[0-9a-z-]+"$/);
  const withoutTag = data.map(({ etag: _, ...rest }) => rest);
  assert.deepEqual(withoutTag, [
    { name: "나비", created: true, record: { age: 1 } },
    { name: "나비", created: false, record: { age: 2 } },
    { name: "나비", expired: false },
  ]);
});

test("a watch of one record tells of no other", async (t) => {
  const { fill, watch, table } = await serveRecords(t);
  await fill({ a: { v: 1 } });
  const stream = await watch("/animals/a?watch");
  await fill({ b: { v: 2 }, a: { v: 3 } });
  await removeRow(table, "b");
  await removeRow(table, "a");
  const data = (await stream.data(2)) as { name: string }[];
  assert.deepEqual(
    data.map(({ name }) => name),
    ["a", "a"],
  );
});

test("who comes back with the last id is told what happened meanwhile, with the records as they are now", async (t) => {
  const { fill, watch, table } = await serveRecords(t);
  const stream = await watch("/animals/?watch");
  await stream.until(() => stream.lastEventId !== "");
  stream.close();
  await fill({ a: { v: 1 } });
  await fill({ a: { v: 2 }, big: { text: "x".repeat(70_000) } });
  await putRow(table, "note", { value: Buffer.from("no record"), mediaType: "text/plain" });
  const again = await watch("/animals/?watch", stream.lastEventId);
  const data = (await again.data(4)) as { etag: string }[];
  assert.deepEqual(
    data.map(({ etag: _, ...rest }) => rest),
    [
      // Replaced since: what came instead is told with its own event.
      { name: "a", created: true },
      { name: "a", created: false, record: { v: 2 } },
      // Too large for an event.
      { name: "big", created: true },
      // Of another mount on the same store.
      { name: "note", created: true, record: null },
    ],
  );
});

test("the tag of the collection is a point to watch from", async (t) => {
  const { ask, fill, watch } = await serveRecords(t);
  await fill({ a: {} });
  const point = /^W\/"(.+)"$/.exec((await ask("GET", "/animals/")).fields.get("etag") ?? "")?.[1];
  await fill({ b: {} });
  const stream = await watch(`/animals/?watch&after=${point}`);
  const data = (await stream.data(1)) as { name: string }[];
  assert.deepEqual(
    data.map(({ name }) => name),
    ["b"],
  );
});

test("HEAD of a watch gives its fields, and a name that nobody can write cannot be watched", async (t) => {
  const { ask } = await serveRecords(t);
  const head = await ask("HEAD", "/animals/?watch");
  assert.equal(head.status, 200);
  assert.equal(head.fields.get("content-type"), "text/event-stream");
  assert.equal((await ask("GET", `/animals/${"x".repeat(1025)}?watch`)).status, 404);
});
