// Our own sockets, captured without any privilege: servers and clients through the tap, and what the capture says of them.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer as createNetServer, connect as openSocket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { CaptureAnalysis } from "../src/capture/analysis.ts";
import type { Side } from "../src/capture/model.ts";
import { PacketNumbering } from "../src/capture/packet-numbering.ts";
import { flagNames } from "../src/capture/packets/tcp.ts";
import type { Block } from "../src/capture/pcapng/blocks.ts";
import { readCapture } from "../src/capture/read-capture.ts";
import { bytesBetween, type ConnectionRecord } from "../src/capture/reassembly/history.ts";
import { CaptureFile } from "../src/capture/tap/file.ts";
import { startTap, type Tap, type TapOptions } from "../src/capture/tap/tap.ts";
import { Client } from "../src/client/client.ts";
import { type Handler, Response } from "../src/message/response.ts";
import { connect } from "../src/net/connect.ts";
import { type ListenAddress, type Listener, listen } from "../src/net/listen.ts";
import type { Receiver, Transport } from "../src/net/transport.ts";
import { createServer } from "../src/server/server.ts";
import { Session } from "../src/server/session.ts";
import { SELF_SIGNED } from "./fixtures/certificates.ts";
import { RawClient } from "./fixtures/raw-client.ts";
import { until } from "./fixtures/serving.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
let captures = 0;

interface Capture {
  readonly tap: Tap;
  readonly path: string;
  readonly stops: Error[];
  /** Ends the capture, and reads it. */
  read(): Promise<Reading>;
}

interface Reading {
  readonly blocks: readonly Block[];
  readonly analysis: CaptureAnalysis;
  readonly connections: readonly ConnectionRecord[];
}

async function capture(options: Partial<TapOptions> = {}): Promise<Capture> {
  const path = join(folder.path, `${captures++}.pcapng`);
  const stops: Error[] = [];
  const tap = await startTap({
    sink: (frame) => new CaptureFile({ path }, frame),
    application: "Sockeye 시험",
    onStopped: (error) => stops.push(error),
    ...options,
  });
  const read = async (): Promise<Reading> => {
    await tap.close();
    return readFrom(path);
  };
  return { tap, path, stops, read };
}

async function readFrom(path: string): Promise<Reading> {
  const reader = readCapture();
  reader.push(await readFile(path));
  reader.end();
  const numbering = new PacketNumbering();
  const analysis = new CaptureAnalysis();
  const blocks: Block[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    assert.equal(record.kind, "block");
    blocks.push(record.block);
    const packet = numbering.take(record.block);
    if (packet !== undefined) analysis.add(packet);
  }
  analysis.finish();
  assert.deepEqual(analysis.faults, []);
  return { blocks, analysis, connections: analysis.history.connections };
}

interface Served {
  readonly listener: Listener;
  readonly url: string;
  /** Of the connections that were accepted. */
  readonly transports: Transport[];
}

/** A server of ours whose connections go through the tap. */
async function serve(t: TestContext, tap: Tap, handler: Handler, where: ListenAddress = {}): Promise<Served> {
  const server = createServer({ handler });
  const transports: Transport[] = [];
  let open = 0;
  const listener = await listen(where, (inner) => {
    const transport = tap.observe(inner, { role: "server" });
    transports.push(transport);
    open++;
    new Session(transport, server, () => open--);
  });
  t.after(async () => {
    for (const transport of transports) transport.destroy();
    await listener.close();
    await until(() => open === 0);
  });
  const { host, port } = listener.address;
  return { listener, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, transports };
}

/** The segments of a connection, bare acknowledgements left out: "a SYN ~", "b PSH,ACK 17". */
function linesOf({ segments }: ConnectionRecord): string[] {
  return segments
    .map(({ from, tcp, payload, reconstructed }) => {
      const length = payload.length === 0 ? "" : ` ${payload.length}`;
      return `${from} ${flagNames(tcp.flags).join()}${length}${reconstructed ? " ~" : ""}`;
    })
    .filter((line) => !/^[ab] ACK ~$/.test(line));
}

function streamOf({ streams }: ConnectionRecord, side: Side): Buffer {
  for (const part of streams[side]) assert.equal(part.kind, "bytes");
  return bytesBetween(streams[side], { start: 0, end: Number.POSITIVE_INFINITY });
}

function notesOf({ segments }: ConnectionRecord): string[] {
  return segments.flatMap(({ notes }) => [...notes]);
}

function only(records: readonly ConnectionRecord[]): ConnectionRecord {
  assert.equal(records.length, 1);
  return records[0] as ConnectionRecord;
}

const hello = (): Response => new Response(200, { body: "안녕하세요\n" });

for (const host of ["127.0.0.1", "::1"]) {
  test(`a server's connection on ${host}, from handshake to close, each byte as it passed`, async (t) => {
    const captured = await capture();
    const { listener, transports } = await serve(t, captured.tap, hello, { host });
    const { port } = listener.address;
    const client = await RawClient.open({ host, port });
    const clientPort = client.socket.localPort;
    client.request(encodeURI("GET /하나?둘=셋").replace("%20", " "));
    const first = await client.answer();
    client.request("POST /", ["Content-Length: 3"], "abc");
    const second = await client.answer();
    client.end();
    await client.closed();

    const { blocks, analysis, connections } = await captured.read();
    const record = only(connections);
    const { connection } = record;
    assert.deepEqual(connection.a, { address: host, port: clientPort });
    assert.deepEqual(connection.b, { address: host, port });
    assert.deepEqual(connection.a, { ...transports[0]?.remote });
    assert.deepEqual(
      [connection.client, connection.clientBy, connection.opening],
      ["a", "handshake", "handshake"],
    );
    assert.equal(connection.state, "closed");
    assert.equal(streamOf(record, "b").toString("latin1"), answersText([first, second]));
    assert.deepEqual(notesOf(record), []);
    assert.deepEqual(
      linesOf(record).map((line) => line.replace(/ \d+$/, "")),
      [
        "a SYN ~",
        "b SYN,ACK ~",
        "a PSH,ACK",
        "b PSH,ACK",
        "a PSH,ACK",
        "b PSH,ACK",
        "a FIN,ACK",
        "b FIN,ACK",
      ],
    );
    assert.deepEqual(
      analysis.exchanges.map(({ request, response }) => [
        request?.head.method,
        response?.head.status,
        response?.bodyLength,
        request?.complete,
        response?.complete,
      ]),
      [
        ["GET", 200, 16, true, true],
        ["POST", 200, 16, true, true],
      ],
    );
    for (const block of blocks) {
      if (block.type !== "packet") continue;
      assert.equal(block.process?.process, process.pid);
      assert.ok(block.direction !== undefined);
    }
    assert.equal(blocks.at(-1)?.type, "statistics");
  });
}

function answersText(answers: readonly { readonly head: string; readonly body: string }[]): string {
  return answers.map(({ head, body }) => `${head}\r\n\r\n${body}`).join("");
}

test("a client's connection, with the name by which it found the server", async (t) => {
  const [ours, theirs] = [await capture(), await capture()];
  const { url } = await serve(
    t,
    theirs.tap,
    async (request) => new Response(200, { body: await request.body.text() }),
  );
  const client = new Client({ connect: ours.tap.connecting(connect) });
  const target = url.replace("127.0.0.1", "localhost");
  const answer = await client.request(target, { method: "POST", body: "연어 ".repeat(1000) });
  assert.equal(await answer.body.text(), "연어 ".repeat(1000));
  await client.close();

  const { blocks, analysis, connections } = await ours.read();
  await until(() => theirs.tap.counts.packets >= ours.tap.counts.packets);
  const other = await theirs.read();
  const record = only(connections);
  assert.equal(record.connection.client, "a");
  assert.equal(record.connection.state, "closed");
  assert.deepEqual(
    record.segments
      .filter(({ tcp }) => flagNames(tcp.flags).includes("FIN"))
      .map(({ reconstructed }) => reconstructed),
    [true, true],
  );
  const exchange = analysis.exchanges[0];
  assert.equal(exchange?.request?.bodyLength, 7000);
  assert.equal(exchange?.response?.bodyLength, 7000);
  const named = blocks.flatMap((block) => (block.type === "names" ? block.entries : []));
  assert.deepEqual(named, [{ address: record.connection.b.address, names: ["localhost"] }]);

  // Both ends have seen the same.
  const mirrored = only(other.connections);
  for (const side of ["a", "b"] as const) assert.deepEqual(streamOf(mirrored, side), streamOf(record, side));
  assert.deepEqual(
    [mirrored.connection.a, mirrored.connection.b],
    [record.connection.a, record.connection.b],
  );
});

test("10 MB in many pieces, both ways", async (t) => {
  const body = Buffer.alloc(10_000_000);
  for (let i = 0; i < body.length; i += 4) body.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0, size = 1; at < body.length; at += size, size = (size * 7) % 99_991) {
      yield body.subarray(at, at + size);
    }
  }
  const captured = await capture({ maxQueue: 64 * 1024 * 1024, segmentSize: 1460 });
  const { url } = await serve(t, captured.tap, async (request) => {
    const received = Buffer.from(await request.body.bytes());
    return new Response(200, { body: received });
  });
  const client = new Client();
  const answer = await client.request(url, { method: "PUT", body: pieces(), length: body.length });
  assert.ok(body.equals(await answer.body.bytes()));
  await client.close();

  const { analysis, connections } = await captured.read();
  assert.equal(captured.tap.counts.droppedPackets, 0);
  const record = only(connections);
  assert.deepEqual(notesOf(record), []);
  const exchange = analysis.exchanges[0];
  for (const [side, message] of [
    ["a", exchange?.request],
    ["b", exchange?.response],
  ] as const) {
    assert.ok(message?.complete);
    assert.ok(streamOf(record, side).subarray(message.headEnd, message.end).equals(body));
  }
  for (const { payload } of record.segments) assert.ok(payload.length <= 1460);
});

test("files in a ring are whole, each by itself, and nothing is lost between them", async (t) => {
  const at = join(folder.path, "ring");
  await mkdir(at);
  let file: CaptureFile | undefined;
  const captured = await capture({
    sink: (frame) => {
      file = new CaptureFile({ path: join(at, "a.pcapng"), maxSize: 50_000 }, frame);
      return file;
    },
  });
  const { url } = await serve(t, captured.tap, () => new Response(200, { body: "x".repeat(10_000) }));
  const client = new Client();
  for (let i = 0; i < 40; i++) await (await client.request(url)).body.bytes();
  await client.close();
  await captured.tap.close();
  const readings = await Promise.all((file?.files ?? []).map(readFrom));
  assert.ok(readings.length >= 8, `${readings.length} files`);
  const packets = readings.flatMap(({ blocks }) => blocks.filter(({ type }) => type === "packet"));
  assert.equal(packets.length, captured.tap.counts.packets);
  const answered = readings
    .flatMap(({ analysis }) => analysis.exchanges)
    .filter(({ response }) => response?.complete);
  assert.equal(answered.length, 40);
});

test("a client that resets, and a server that does", async (t) => {
  const captured = await capture();
  const { listener, transports } = await serve(t, captured.tap, hello);
  const first = await RawClient.open(listener.address.port);
  first.request("GET /");
  await first.answer();
  first.reset();
  await until(() => captured.tap.counts.packets >= 6);
  const second = await RawClient.open(listener.address.port);
  second.request("GET /");
  await second.answer();
  transports[1]?.reset();
  await second.closed();

  const { connections } = await captured.read();
  assert.deepEqual(
    connections.map((record) => [record.connection.state, linesOf(record).at(-1)]),
    [
      ["reset", "a RST,ACK"],
      ["reset", "b RST,ACK"],
    ],
  );
});

test("who has closed its side still gets its answer", async (t) => {
  const captured = await capture();
  const { listener } = await serve(t, captured.tap, async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return hello();
  });
  const client = await RawClient.open(listener.address.port);
  client.request("GET /", ["Connection: close"]);
  client.end();
  await client.answer();
  await client.closed();
  const { connections } = await captured.read();
  const ends = linesOf(only(connections))
    .map((line) => line.replace(/ \d+$/, ""))
    .slice(2);
  assert.deepEqual(ends.toSorted(), ["a FIN,ACK", "a PSH,ACK", "b FIN,ACK", "b PSH,ACK"]);
  assert.equal(only(connections).connection.state, "closed");
});

test("a UNIX socket's connections, at addresses that are named after it", async (t) => {
  const captured = await capture();
  const path = join(folder.path, "연어.sock");
  const { transports } = await serve(t, captured.tap, hello, { path });
  const client = new Client();
  for (let i = 0; i < 2; i++) {
    const answer = await client.request("http://a/", { socketPath: path, fields: { Connection: "close" } });
    assert.equal(await answer.body.text(), "안녕하세요\n");
  }
  await client.close();
  await until(() => transports.length === 2);
  const { blocks, analysis, connections } = await captured.read();
  assert.equal(analysis.exchanges.length, 2);
  assert.equal(connections.length, 2);
  for (const { connection } of connections)
    assert.deepEqual(connection.b, { address: "127.1.0.1", port: 80 });
  const named = blocks.flatMap((block) => (block.type === "names" ? block.entries : []));
  assert.deepEqual(named, [{ address: "127.1.0.1", names: [path] }]);
});

/** A server whose TLS ends here, and what it was asked. */
async function serveTls(t: TestContext): Promise<number> {
  const server = createTlsServer({ ...SELF_SIGNED }, (socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A proxy that opens tunnels. */
async function proxyTunnels(t: TestContext): Promise<number> {
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      const port = /^CONNECT [^ ]*:(\d+) /.exec(bytes.toString("latin1"))?.[1];
      const onward = openSocket(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Go\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("TLS is shown as what it encrypts, and the capture says so", async (t) => {
  const captured = await capture();
  const port = await serveTls(t);
  const client = new Client({ connect: captured.tap.connecting(connect) });
  const answer = await client.request(`https://localhost:${port}/`, {
    connection: { tls: { insecure: true } },
  });
  assert.equal(await answer.body.text(), "secret");
  await client.close();
  const { blocks, analysis, connections } = await captured.read();
  const { connection } = only(connections);
  assert.equal(connection.b.port, port);
  assert.equal(connection.state, "closed");
  assert.deepEqual(
    analysis.exchanges.map(({ request, response }) => [request?.head.target.path, response?.bodyLength]),
    [["/", 6]],
  );
  const first = blocks.find((block) => block.type === "packet");
  assert.match(first?.comments?.join() ?? "", /encrypted with TLS/);
});

test("a tunnel through a proxy is one connection: CONNECT, and what goes through the tunnel", async (t) => {
  const captured = await capture();
  const proxyPort = await proxyTunnels(t);
  const port = await serveTls(t);
  const client = new Client({ connect: captured.tap.connecting(connect) });
  const answer = await client.request(`https://localhost:${port}/`, {
    connection: { proxy: `http://127.0.0.1:${proxyPort}`, tls: { insecure: true } },
  });
  assert.equal(await answer.body.text(), "secret");
  await client.close();
  const { connections } = await captured.read();
  const record = only(connections);
  assert.equal(record.connection.b.port, proxyPort);
  assert.equal(record.connection.state, "closed");
  assert.deepEqual(notesOf(record), []);
  const sent = streamOf(record, "a").toString("latin1");
  const received = streamOf(record, "b").toString("latin1");
  assert.match(sent, /^CONNECT localhost:\d+ HTTP\/1\.1\r\n.*\r\n\r\nGET \/ HTTP\/1\.1\r\n/s);
  assert.match(received, /^HTTP\/1\.1 200 Go\r\n\r\nHTTP\/1\.1 200 OK\r\n.*\r\n\r\nsecret$/s);
});

test("a passage that ends in the clear is one connection, too", async (t) => {
  const captured = await capture();
  const proxyPort = await proxyTunnels(t);
  const { listener } = await serve(t, (await capture()).tap, hello);
  const { port } = listener.address;
  const address = { host: "127.0.0.1", port: proxyPort };
  const enter = (transport: Transport): Promise<void> =>
    new Promise((resolve) => {
      transport.attach({ ...DEAF, received: () => resolve() });
      transport.write(`CONNECT a:${port} HTTP/1.1\r\n\r\n`);
    });
  const open = captured.tap.connecting(connect);
  const { transport } = await open({ host: "a", port }, { timeout: 0, through: { address, enter } });
  await new Promise<void>((resolve) => {
    transport.attach({ ...DEAF, ended: resolve });
    transport.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  });
  transport.destroy();
  const { connections } = await captured.read();
  const record = only(connections);
  assert.match(streamOf(record, "a").toString("latin1"), /^CONNECT a:\d+ HTTP\/1\.1\r\n\r\nGET \/ /);
  assert.match(streamOf(record, "b").toString("latin1"), /^HTTP\/1\.1 200 Go\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  assert.equal(record.connection.state, "closed");
});

const DEAF: Receiver = { received() {}, ended() {}, drained() {}, stalled() {}, closed() {} };

test("a capture whose folder is removed ends, is told of once, and the server goes on", async (t) => {
  const at = join(folder.path, "gone");
  await mkdir(at);
  const captured = await capture({ sink: (frame) => new CaptureFile({ path: join(at, "a.pcapng") }, frame) });
  const { url } = await serve(t, captured.tap, hello);
  const client = new Client();
  const ask = async (): Promise<void> => {
    const answer = await client.request(url);
    assert.equal(await answer.body.text(), "안녕하세요\n");
  };
  await ask();
  await captured.tap.flush();
  await rm(at, { recursive: true });
  await ask();
  await captured.tap.flush();
  assert.equal(captured.tap.recording, false);
  await ask();
  await captured.tap.flush();
  await captured.tap.close();
  await client.close();
  assert.deepEqual(
    captured.stops.map((error) => (error as NodeJS.ErrnoException).code),
    ["VANISHED"],
  );
});

test("a connection that outlives the capture goes on, and one that comes later is not observed at all", async (t) => {
  const captured = await capture();
  const { listener } = await serve(t, captured.tap, hello);
  const early = await RawClient.open(listener.address.port);
  early.request("GET /1");
  await early.answer();
  const { connections } = await captured.read();
  const late = await RawClient.open(listener.address.port);
  for (const client of [early, late]) {
    client.request("GET /2");
    assert.equal((await client.answer()).status, 200);
    client.end();
    await client.closed();
  }
  assert.equal(linesOf(only(connections)).length, 4);
  assert.equal(only(connections).connection.state, "left");
  assert.equal((await readFrom(captured.path)).connections.length, 1);
});
