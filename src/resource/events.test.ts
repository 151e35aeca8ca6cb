// Event streams at real sockets: where they begin, how they go on after a break, and how they end.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { EventStream } from "../../test/event-source.ts";
import { until } from "../../test/fixtures/serving.ts";
import { type ServedHandler, serveHandler } from "../../test/served-handler.ts";
import { StoreError } from "../store/errors.ts";
import { createMemoryTable } from "../store/memory/table.ts";
import {
  type Change,
  KEPT_CHANGES,
  putRow,
  removeRow,
  type Table,
  type Watch,
  type WatchOptions,
} from "../store/table.ts";
import { type WatchResponseOptions, watchResponse } from "./events.ts";

interface Fixture extends ServedHandler {
  readonly table: Table;
  put(key: string, text?: string): Promise<void>;
  open(target?: string, lastEventId?: string): Promise<EventStream>;
}

const describe = (changes: readonly Change[]): object[] => changes.map(({ key }) => ({ key }));

async function watching(t: TestContext, options: Partial<WatchResponseOptions> = {}): Promise<Fixture> {
  const table = createMemoryTable();
  const served = await serveHandler(t, (request) => watchResponse(request, table, { describe, ...options }));
  t.after(() => table.close());
  return {
    ...served,
    table,
    put: async (key, text = key) => {
      await putRow(table, key, { value: Buffer.from(text), mediaType: "text/plain" });
    },
    open: async (target = "/", lastEventId) => {
      const stream = await EventStream.open(served.port, target, lastEventId);
      t.after(() => stream.close());
      return stream;
    },
  };
}

const keysOf = (data: readonly unknown[]): unknown[] => data.map((one) => (one as { key: unknown }).key);

test("A stream begins with its id and tells of every change from then on", async (t) => {
  const { put, open, table, faults } = await watching(t);
  await put("before");
  const stream = await open();
  await stream.until(() => stream.lastEventId !== "");
  assert.match(stream.head, /^HTTP\/1\.1 200 /);
  for (const line of [
    "Content-Type: text/event-stream",
    "Cache-Control: no-store",
    "X-Accel-Buffering: no",
    "Transfer-Encoding: chunked",
  ])
    assert.ok(stream.head.includes(`\r\n${line}`), line);
  assert.equal(stream.retry, 2000);
  assert.equal(stream.events.length, 0);
  const { point } = await table.list({ limit: 1 });
  assert.equal(stream.lastEventId, point);

  await put("야옹\n\u2028");
  await removeRow(table, "before");
  assert.deepEqual(await stream.data(2), [{ key: "야옹\n\u2028" }, { key: "before" }]);
  assert.deepEqual(
    stream.events.map(({ type }) => type),
    ["put", "remove"],
  );
  const [first, second] = stream.events;
  assert.notEqual(first?.lastEventId, second?.lastEventId);
  assert.equal(second?.lastEventId, (await table.list()).point);
  assert.deepEqual(faults, []);
});

test("A stream goes on behind Last-Event-ID, and behind ?after= where none is sent", async (t) => {
  const { put, open, table } = await watching(t);
  await put("1");
  const one = (await table.list()).point;
  await put("2");
  const two = (await table.list()).point;
  await put("3");
  assert.deepEqual(keysOf(await (await open(`/?after=${one}`)).data(2)), ["2", "3"]);
  assert.deepEqual(keysOf(await (await open("/", two)).data(1)), ["3"]);
  assert.deepEqual(keysOf(await (await open(`/?after=${one}`, two)).data(1)), ["3"]);
});

test("A client that breaks off and comes back with its id misses nothing and gets nothing twice", async (t) => {
  const { put, open } = await watching(t, { prefix: "a/" });
  let stream = await open();
  await stream.until(() => stream.lastEventId !== "");
  const seen: unknown[] = [];
  const writing = (async () => {
    for (let count = 0; count < 200; count += 1) {
      await put(`a/${count}`);
      await put(`b/${count}`);
      // A turn of the event loop, so that streams come and go in between.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  })();
  let breaks = 0;
  while (seen.length < 200) {
    const wanted = Math.min(7, 200 - seen.length);
    await stream.until(() => stream.events.length >= wanted);
    stream.close();
    seen.push(...keysOf(stream.events.map(({ data }) => JSON.parse(data))));
    if (seen.length >= 200) break;
    breaks += 1;
    stream = await open("/", stream.lastEventId);
  }
  await writing;
  assert.ok(breaks > 5, `${breaks}`);
  assert.deepEqual(
    seen,
    Array.from({ length: 200 }, (_, count) => `a/${count}`),
  );
});

for (const [name, target, id] of [
  ["a point of another table", "/?after=5-abcdefgh", undefined],
  ["a text that is no point", "/?after=%0D%0Aevent:%20x", undefined],
  ["an id that is no point", "/", "yesterday"],
] as const) {
  test(`${name} gives a reset, and then what happens from now on`, async (t) => {
    const { put, open, table } = await watching(t);
    await put("old");
    const stream = await open(target, id);
    await stream.until(() => stream.events.length === 1);
    const { type, data, lastEventId } = stream.events[0] ?? { type: "", data: "{}", lastEventId: "" };
    assert.equal(type, "reset");
    assert.match(JSON.parse(data).detail, /stale/);
    assert.equal(lastEventId, (await table.list()).point);
    await put("new");
    assert.deepEqual(keysOf(await stream.data(2)), [undefined, "new"]);
  });
}

test("A heartbeat is a comment, and brings the id forward past changes that do not concern the stream", async (t) => {
  const { put, open, table } = await watching(t, { prefix: "a/", heartbeat: 20 });
  const stream = await open();
  await stream.until(() => stream.comments.length > 0);
  await put("b/1");
  const { point } = await table.list();
  await stream.until(() => stream.lastEventId === point);
  assert.equal(stream.events.length, 0);
  // Nothing is doubled or missed by who goes on from there.
  stream.close();
  await put("a/1");
  assert.deepEqual(keysOf(await (await open("/", stream.lastEventId)).data(1)), ["a/1"]);
});

test("A change that is not described is no event, but moves the id", async (t) => {
  const { put, open, table } = await watching(t, {
    describe: (changes) => changes.map(({ key }) => (key.startsWith("a") ? { key } : undefined)),
  });
  const stream = await open();
  await stream.until(() => stream.lastEventId !== "");
  await put("a");
  await put("b");
  const { point } = await table.list();
  await stream.until(() => stream.lastEventId === point);
  assert.deepEqual(keysOf(await stream.data(1)), ["a"]);
});

test("A stream ends with its last chunk when the server stops, and the server need not wait", async (t) => {
  const { server, open } = await watching(t);
  const streams = await Promise.all([open(), open(), open("/", "gone")]);
  await Promise.all(streams.map((stream) => stream.until(() => stream.lastEventId !== "")));
  // It would not come to an end as long as one of them went on.
  await server.stop(60_000);
  await Promise.all(streams.map((stream) => stream.until(() => stream.complete)));
});

test("A stream ends with its last chunk when the table is closed", async (t) => {
  const { table, open, faults } = await watching(t);
  const stream = await open();
  await stream.until(() => stream.lastEventId !== "");
  await table.close();
  await stream.until(() => stream.complete);
  assert.deepEqual(faults, []);
});

/** A table whose watches are gone through by another loop. */
function loopingBy(table: Table, loop: (watch: Watch) => AsyncIterable<readonly Change[]>): Table {
  return Object.assign(Object.create(table) as Table, {
    watch: async (options?: WatchOptions): Promise<Watch> => {
      const watch = await table.watch(options);
      return {
        get point() {
          return watch.point;
        },
        [Symbol.asyncIterator]: () => loop(watch)[Symbol.asyncIterator](),
      };
    },
  });
}

test("A stream ends with its last chunk when the store cannot be spoken to any more", async (t) => {
  const memory = createMemoryTable();
  const table = loopingBy(memory, async function* (watch) {
    for await (const changes of watch) {
      yield changes;
      throw new StoreError("UNREACHABLE", "Cannot reach the store");
    }
  });
  const { port, faults } = await serveHandler(t, (request) => watchResponse(request, table, { describe }));
  const stream = await EventStream.open(port, "/");
  await putRow(memory, "a", { value: Buffer.from("x"), mediaType: "text/plain" });
  await stream.until(() => stream.complete);
  assert.equal(stream.events.length, 1);
  assert.deepEqual(faults, []);
  stream.close();
});

test("A watch ends when its client is gone", async (t) => {
  const memory = createMemoryTable();
  let running = 0;
  const table = loopingBy(memory, async function* (watch) {
    running += 1;
    try {
      yield* watch;
    } finally {
      running -= 1;
    }
  });
  const { port } = await serveHandler(t, (request) =>
    watchResponse(request, table, { describe, heartbeat: 10 }),
  );
  const streams = await Promise.all([1, 2, 3].map(() => EventStream.open(port, "/")));
  await until(() => running === 3);
  streams[0]?.socket.resetAndDestroy();
  streams[1]?.close();
  await until(() => running === 1);
  streams[2]?.close();
  await until(() => running === 0);
  await memory.close();
});

test("HEAD gives the fields, and no watch begins", async (t) => {
  const { ask } = await watching(t);
  const head = await ask("HEAD", "/");
  assert.equal(head.status, 200);
  assert.equal(head.fields.get("content-type"), "text/event-stream");
});

test("A client that does not read holds the stream up, and hears of a reset when the log has gone past it", async (t) => {
  let described = 0;
  const { table, open, faults } = await watching(t, {
    describe: (changes) => {
      described += changes.length;
      return changes.map(({ key }) => ({ key, filling: "x".repeat(1000) }));
    },
  });
  const stream = await open();
  await stream.until(() => stream.lastEventId !== "");
  stream.socket.pause();
  const steps = Array.from({ length: 1024 }, (_, index) => ({
    kind: "put" as const,
    key: `k${index}`,
    row: { value: Buffer.from("v"), mediaType: "text/plain" },
  }));
  const rounds = (3 * KEPT_CHANGES) / steps.length;
  for (let round = 0; round < rounds; round += 1) {
    await table.transact(steps);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  // What the sockets' buffers have taken, and no more.
  assert.ok(described < KEPT_CHANGES, `${described}`);
  stream.socket.resume();
  await stream.until(() => stream.events.some(({ type }) => type === "reset"));
  const { point } = await table.list({ limit: 1 });
  await stream.until(() => stream.lastEventId === point);
  assert.equal(stream.events.filter(({ type }) => type === "reset").length, 1);
  assert.deepEqual(faults, []);
});
