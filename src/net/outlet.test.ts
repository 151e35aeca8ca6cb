import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { Outlet } from "./outlet.ts";
import { TcpTransport } from "./tcp.ts";
import type { Receiver } from "./transport.ts";

const MIB = 1024 * 1024;

interface Pair {
  readonly outlet: Outlet;
  readonly transport: TcpTransport;
  /** The other end. */
  readonly peer: Socket;
  /** What `drained` and the rest were called for, in order. */
  readonly told: string[];
}

/** An outlet on one end of a real connection. */
async function pair(t: TestContext, stallTimeout: number = 0): Promise<Pair> {
  const listener = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address() as { port: number };
  const peer = connect({ host: "127.0.0.1", port: address.port, allowHalfOpen: true });
  const [socket] = (await once(listener, "connection")) as [Socket];
  await once(peer, "connect").catch(() => undefined);
  const transport = new TcpTransport(socket);
  const outlet = new Outlet(transport, stallTimeout);
  const told: string[] = [];
  const receiver: Receiver = {
    received: () => undefined,
    ended: () => told.push("ended"),
    drained: () => {
      told.push("drained");
      outlet.drained();
    },
    stalled: () => {
      told.push("stalled");
      transport.destroy();
    },
    closed: () => {
      told.push("closed");
      outlet.broken(new Error("gone"));
    },
  };
  transport.attach(receiver);
  t.after(() => {
    transport.destroy();
    peer.destroy();
    listener.close();
  });
  return { outlet, transport, peer, told };
}

/** Everything the peer gets until the connection's end. */
async function all(peer: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of peer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe("An outlet", () => {
  const large = Buffer.alloc(100_000, "L");
  const rows: readonly { readonly name: string; readonly pieces: readonly (string | Uint8Array)[] }[] = [
    { name: "a text", pieces: ["hello"] },
    { name: "bytes", pieces: [Buffer.from("hello")] },
    { name: "text of bytes beyond ASCII", pieces: ["a\xe9\xff", "b\x80"] },
    { name: "small pieces", pieces: ["a", Buffer.from("b"), "c", new Uint8Array([100])] },
    { name: "a large piece between small ones", pieces: ["head", large, "tail"] },
    { name: "several large pieces", pieces: [large, "x", large] },
    { name: "empty pieces among others", pieces: ["", "a", new Uint8Array(0), "b"] },
    { name: "very many pieces", pieces: Array.from({ length: 5000 }, (_, i) => `${i},`) },
  ];
  for (const { name, pieces } of rows) {
    const expected = Buffer.concat(
      pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece)),
    );
    test(`writes ${name} in order`, async (t) => {
      const { outlet, transport, peer } = await pair(t);
      outlet.write(pieces);
      await outlet.writeThrough(pieces);
      transport.end();
      assert.deepEqual(await all(peer), Buffer.concat([expected, expected]));
    });
  }

  test("writes nothing when there is nothing", async (t) => {
    const { outlet, transport, peer } = await pair(t);
    outlet.write([]);
    await outlet.writeThrough([]);
    transport.end();
    assert.equal((await all(peer)).length, 0);
  });

  test("leaves alone what it wrote before", async (t) => {
    const { outlet, transport, peer } = await pair(t);
    const expected: string[] = [];
    for (let i = 0; i < 2000; i += 1) {
      outlet.write([`${i}`, ":", "x".repeat(i % 300)]);
      expected.push(`${i}:${"x".repeat(i % 300)}`);
    }
    transport.end();
    assert.equal((await all(peer)).toString(), expected.join(""));
  });

  test("is congested while the other side does not read, and says when that is over", async (t) => {
    const { outlet, peer, told } = await pair(t);
    outlet.write([Buffer.alloc(32 * MIB)]);
    assert.ok(outlet.congested);
    assert.ok(outlet.waiting);
    let received = 0;
    for await (const piece of peer) {
      received += (piece as Buffer).length;
      if (received === 32 * MIB) break;
    }
    while (outlet.congested) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told.slice(0, 1), ["drained"]);
    assert.ok(!outlet.waiting);
  });

  test("makes who writes through wait until the other side reads", async (t) => {
    const { outlet, peer } = await pair(t);
    let done = false;
    const writing = outlet.writeThrough([Buffer.alloc(32 * MIB)]).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(done, false);
    assert.ok(outlet.waiting);
    peer.resume();
    await writing;
    assert.ok(!outlet.waiting);
  });

  test("tells who writes through that the connection broke", async (t) => {
    const { outlet, transport, told } = await pair(t);
    const writing = outlet.writeThrough([Buffer.alloc(32 * MIB)]);
    transport.destroy();
    await assert.rejects(writing, /gone/);
    assert.deepEqual(told, ["closed"]);
  });

  for (const way of ["write", "writeThrough"] as const) {
    test(`says when what ${way}() sent does not move any more`, async (t) => {
      const { outlet, transport, told } = await pair(t, 30);
      const closed = new Promise<void>((resolve) => {
        const { destroy } = transport;
        transport.destroy = () => {
          destroy.call(transport);
          resolve();
        };
      });
      const writing = outlet[way]([Buffer.alloc(32 * MIB)]);
      if (writing !== undefined) await assert.rejects(writing, /gone/);
      await closed;
      assert.equal(told[0], "stalled");
    });
  }

  test("does not mind a rest between two writes, however long", async (t) => {
    const { outlet, transport, peer, told } = await pair(t, 20);
    await outlet.writeThrough(["a"]);
    outlet.rest();
    await new Promise((resolve) => setTimeout(resolve, 80));
    await outlet.writeThrough(["b"]);
    outlet.rest();
    transport.end();
    assert.equal((await all(peer)).toString(), "ab");
    assert.ok(!told.includes("stalled"));
  });
});

describe("A TCP transport", () => {
  test("knows the other side even when the connection is gone", async (t) => {
    const { transport, peer, told } = await pair(t);
    const remote = { address: "127.0.0.1", port: peer.localPort };
    assert.deepEqual(transport.remote, remote);
    transport.destroy();
    while (!told.includes("closed")) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(transport.remote, remote);
  });

  test("goes on reading when it has said that it sends no more, and tells when all is sent", async (t) => {
    const { transport, peer, told } = await pair(t);
    transport.write("goodbye");
    const sent = new Promise<void>((resolve) => transport.end(resolve));
    await sent;
    assert.equal((await all(peer)).toString(), "goodbye");
    assert.ok(!told.includes("closed"));
    peer.end();
    while (!told.includes("closed")) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(told, ["ended", "closed"]);
  });

  test("that is reset is no end to the other side, but an error", async (t) => {
    const { transport, peer } = await pair(t);
    transport.write("half");
    await once(peer, "data");
    transport.reset();
    const [error] = (await once(peer, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
  });

  test("writes nothing, and does not fail, once it is closed", async (t) => {
    const { transport, peer } = await pair(t);
    transport.end();
    assert.equal(transport.write("late"), true);
    assert.equal((await all(peer)).length, 0);
    transport.destroy();
    assert.equal(transport.write("later"), true);
  });
});
