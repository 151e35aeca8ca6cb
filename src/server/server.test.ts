import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { RawClient } from "../../test/fixtures/raw-client.ts";
import { gate, pending, Source, serve, until } from "../../test/fixtures/serving.ts";
import { type Handler, Response } from "../message/response.ts";
import { ownAddresses } from "../net/listen.ts";
import { createServer } from "./server.ts";

const hello: Handler = () => new Response(200, { body: "hello" });
const noIpv6 = ownAddresses().includes("::1") ? false : "this machine has no ::1";

/** The code of what a connection attempt ends with, "connected" when it does not fail. */
async function attempt(port: number): Promise<string | undefined> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return "connected";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.destroy();
  }
}

describe("A server listens", () => {
  test("on 127.0.0.1 and a port of the system's choice, when told nothing", async (t) => {
    const served = await serve(t, { handler: hello });
    assert.ok(served.address);
    const { host, port, path, url } = served.address;
    assert.equal(host, "127.0.0.1");
    assert.ok(port > 0);
    assert.equal(path, undefined);
    assert.equal(url, `http://127.0.0.1:${port}`);
  });

  test("on an IPv6 address", { skip: noIpv6 }, async (t) => {
    const served = await serve(
      t,
      { handler: (request) => new Response(200, { body: request.remote.address }) },
      { host: "::1" },
    );
    assert.equal(served.address?.url, `http://[::1]:${served.port}`);
    const client = await RawClient.open({ host: "::1", port: served.port });
    client.request("GET /", ["Connection: close"]);
    assert.equal((await client.answer()).body, "::1");
    client.end();
  });

  test("on a UNIX socket", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-server-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "연어.sock");
    const served = await serve(
      t,
      { handler: ({ remote, local }) => new Response(200, { body: JSON.stringify([remote, local]) }) },
      { path },
    );
    assert.equal(served.address?.url, `unix:${path}`);
    assert.equal(served.address?.path, path);
    const client = await served.connect();
    client.request("GET /");
    const { body } = await client.answer();
    const socket = { address: path, port: 0 };
    assert.deepEqual(JSON.parse(Buffer.from(body, "latin1").toString("utf8")), [socket, socket]);
    assert.deepEqual((await served.record()).remote, socket);
  });

  test("on several addresses, which stop together", async (t) => {
    const served = await serve(t, { handler: hello });
    const second = await served.server.listen();
    for (const port of [served.port, second.port]) {
      const client = await RawClient.open(port);
      client.request("GET /", ["Connection: close"]);
      assert.equal((await client.answer()).body, "hello");
      client.end();
    }
    await served.server.stop();
    assert.equal(await attempt(served.port), "ECONNREFUSED");
    assert.equal(await attempt(second.port), "ECONNREFUSED");
  });

  test("until it is disposed of", async () => {
    let port = 0;
    {
      const server = createServer({ handler: hello });
      ({ port } = await server.listen());
      assert.equal(await attempt(port), "connected");
      await server[Symbol.asyncDispose]();
    }
    assert.equal(await attempt(port), "ECONNREFUSED");
  });

  test("never again after it was stopped", async () => {
    const server = createServer({ handler: hello });
    await server.stop();
    await assert.rejects(server.listen(), { code: "STATE" });
  });

  test("with options that are undefined as if they were not given", async (t) => {
    const served = await serve(t, { handler: hello, maxConnections: undefined as unknown as number });
    assert.equal(served.server.settings.maxConnections, 20_000);
  });
});

describe("A server limits", () => {
  test("its connections: the next one gets 503 and is closed, until there is room again", async (t) => {
    const served = await serve(t, { handler: hello, maxConnections: 1 });
    const first = await served.connect();
    first.request("GET /");
    await first.answer();
    const second = await served.connect();
    second.request("GET /");
    const answer = await second.answer();
    assert.equal(answer.status, 503);
    assert.equal(answer.fields.get("retry-after"), "1");
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await second.rest(), "");
    second.end();
    first.request("GET /");
    assert.equal((await first.answer()).body, "hello");
    first.end();
    await until(() => served.server.connections === 0);
    const third = await served.connect();
    third.request("GET /");
    assert.equal((await third.answer()).status, 200);
  });

  test("how many are told that it is full: a flood beyond that is closed without a word", async (t) => {
    const served = await serve(t, { handler: hello, maxConnections: 1, lingerTimeout: 60_000 });
    const open = await Promise.all(Array.from({ length: 300 }, () => served.connect()));
    await until(() => served.server.connections >= 257);
    const last = await served.connect();
    assert.equal(await last.rest(), "");
    assert.equal(served.server.connections, 257);
    for (const client of open) client.destroy();
    last.destroy();
  });

  test("the requests on a connection: the last one says close", async (t) => {
    const served = await serve(t, { handler: hello, maxRequests: 2 });
    const client = await served.connect();
    for (let i = 0; i < 3; i += 1) client.request("GET /");
    assert.equal((await client.answer()).fields.get("connection"), undefined);
    assert.equal((await client.answer()).fields.get("connection"), "close");
    assert.equal(await client.rest(), "");
    assert.equal(served.records.length, 2);
  });
});

describe("A server that stops", () => {
  test("does not wait for an idle client that keeps its side open", { timeout: 20_000 }, async (t) => {
    const served = await serve(t, { handler: hello, lingerTimeout: 60_000 });
    const socket = connect({ port: served.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "data");
    socket.on("error", () => undefined);
    await served.server.stop(60_000);
    socket.destroy();
  });

  test("takes no new connections and closes idle ones at once", async (t) => {
    const served = await serve(t, { handler: hello });
    const fresh = await served.connect();
    const used = await served.connect();
    used.request("GET /");
    await used.answer();
    await until(() => served.server.connections === 2);
    const stopped = served.server.stop();
    assert.equal(await fresh.rest(), "");
    assert.equal(await used.rest(), "");
    fresh.end();
    used.end();
    await stopped;
    assert.equal(await attempt(served.port), "ECONNREFUSED");
    assert.equal(served.server.connections, 0);
  });

  test("finishes the exchange that runs, and says close", async (t) => {
    const slow = pending();
    const served = await serve(t, { handler: slow.handler });
    const client = await served.connect();
    client.request("GET /");
    client.request("GET /second");
    await slow.begun;
    const stopped = served.server.stop();
    assert.equal(await attempt(served.port), "ECONNREFUSED");
    slow.answer(new Response(200, { body: "to the end" }));
    const answer = await client.answer();
    assert.equal(answer.body, "to the end");
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await client.rest(), "");
    client.end();
    await stopped;
    assert.equal(served.records.length, 1);
  });

  test("finishes an answer that is on its way", async (t) => {
    const going = gate();
    const served = await serve(t, {
      handler: () =>
        new Response(200, {
          body: (async function* () {
            yield Buffer.from("first ");
            await going.opened;
            yield Buffer.from("last");
          })(),
        }),
    });
    const client = await served.connect();
    client.request("GET /");
    await client.until("first ");
    const stopped = served.server.stop();
    going.open();
    assert.equal((await client.answer()).body, "first last");
    assert.equal(await client.rest(), "");
    client.end();
    await stopped;
  });

  test("answers a request whose head is on its way", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    client.request("GET /first");
    await client.answer();
    // The empty line in front is answered by nothing, the head behind it makes the connection busy.
    client.send("GET / HTTP/1.1\r\n");
    const other = await served.connect();
    other.request("GET /");
    await other.answer();
    const stopped = served.server.stop();
    client.send("Host: a\r\n\r\n");
    const answer = await client.answer();
    assert.equal(answer.body, "hello");
    assert.equal(answer.fields.get("connection"), "close");
    client.end();
    other.end();
    await stopped;
  });

  test("breaks what is left after the deadline", async (t) => {
    const source = new Source(1000);
    const served = await serve(t, { handler: () => new Response(200, { body: source }) });
    const client = await served.connect();
    client.socket.pause();
    client.request("GET /");
    await until(() => source.count > 0);
    await served.server.stop(20);
    assert.equal(served.server.connections, 0);
    assert.equal((await served.record()).complete, false);
    assert.deepEqual(served.errors, []);
  });

  test("can be told again: the same promise, and at once when there is no patience left", async (t) => {
    const slow = pending();
    const served = await serve(t, { handler: slow.handler });
    const client = await served.connect();
    client.request("GET /");
    await slow.begun;
    const first = served.server.stop();
    const second = served.server.stop(0);
    assert.equal(first, second);
    await first;
    assert.equal(served.server.connections, 0);
    await client.closed();
    slow.answer(new Response(200));
    assert.equal(await served.server.stop(), undefined);
  });

  /** Pieces until the server stops: what an answer without an end comes down to. */
  async function* endless(stopping: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    yield Buffer.from("on and on");
    if (!stopping.aborted) await once(stopping, "abort");
    yield Buffer.from(", to the end");
  }

  test("tells answers without an end, which still send their last piece", { timeout: 20_000 }, async (t) => {
    const served = await serve(t, {
      handler: ({ stopping }) => new Response(200, { body: endless(stopping) }),
    });
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warned);
    t.after(() => process.off("warning", warned));
    const clients = await Promise.all(Array.from({ length: 20 }, () => served.connect()));
    for (const client of clients) {
      client.request("GET /");
      await client.until("on and on");
    }
    const stopped = served.server.stop(60_000);
    for (const client of clients) {
      assert.equal((await client.answer()).body, "on and on, to the end");
      assert.equal(await client.rest(), "");
      client.end();
    }
    await stopped;
    assert.equal(served.records.filter(({ complete }) => complete).length, clients.length);
    assert.deepEqual(served.errors, []);
    assert.deepEqual(warnings, []);
  });

  test("tells a request that comes after it has begun to", { timeout: 20_000 }, async (t) => {
    const seen: boolean[] = [];
    const served = await serve(t, {
      handler: ({ stopping }) => {
        seen.push(stopping.aborted);
        return new Response(200, { body: endless(stopping) });
      },
    });
    const client = await served.connect();
    client.send("GET / HTTP/1.1\r\n");
    const other = await served.connect();
    other.request("GET /");
    await other.until("on and on");
    const stopped = served.server.stop(60_000);
    client.send("Host: a\r\n\r\n");
    assert.equal((await client.answer()).body, "on and on, to the end");
    client.end();
    other.end();
    await stopped;
    assert.deepEqual(seen, [false, true]);
  });

  test("from within a handler still gives the answer", async (t) => {
    const served = await serve(t, {
      handler: () => {
        served.server.stop();
        return new Response(200, { body: "goodbye" });
      },
    });
    const client = await served.connect();
    client.request("GET /");
    const answer = await client.answer();
    assert.equal(answer.body, "goodbye");
    assert.equal(answer.fields.get("connection"), "close");
    client.end();
    await served.server.stop();
  });
});
