// Bodies pass through a server, they do not stay: 256 MiB in either direction, to a process of its own whose
// memory is looked at from outside.

import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const MIB = 1024 * 1024;
const BODY = 256 * MIB;
/** Half of the body: what the collector leaves lying about for a while is below that, also on a busy machine. */
const MOST = BODY / 2;
const PIECE = Buffer.alloc(256 * 1024, "m");

let child: ChildProcess;
let port: number;

before(async () => {
  child = fork(fileURLToPath(new URL("fixtures/flowing-server.ts", import.meta.url)), {
    execArgv: ["--import", "tsx"],
  });
  [{ port }] = (await once(child, "message")) as [{ port: number }];
  // Code is compiled and buffers are grown once; that is no leak.
  for (const { request, bytes, chunked } of DIRECTIONS.map((direction) => direction.exchange(32 * MIB)))
    await exchange(request, bytes, chunked);
});

after(async () => {
  child.disconnect();
  await once(child, "exit");
});

interface Exchange {
  readonly request: string;
  /** Of the request's body. */
  readonly bytes: number;
  readonly chunked: boolean;
}

const DIRECTIONS: readonly { readonly name: string; readonly exchange: (bytes: number) => Exchange }[] = [
  {
    name: "up, by its length",
    exchange: (bytes) => ({
      request: `PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`,
      bytes,
      chunked: false,
    }),
  },
  {
    name: "up, in chunks",
    exchange: (bytes) => ({
      request: "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
      bytes,
      chunked: true,
    }),
  },
  {
    name: "down, by its length",
    exchange: (bytes) => ({
      request: `GET /${bytes} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      bytes: 0,
      chunked: false,
    }),
  },
  {
    name: "down, in chunks",
    exchange: (bytes) => ({
      request: `GET /${bytes}?chunked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      bytes: 0,
      chunked: false,
    }),
  },
];

async function memory(): Promise<{ now: number; peak: number }> {
  child.send("memory");
  const [told] = (await once(child, "message")) as [{ now: number; peak: number }];
  return told;
}

/** Sends a request and as many bytes behind it; gives how many came back, and the last of them. */
async function exchange(
  request: string,
  bytes: number,
  chunked: boolean,
): Promise<{ received: number; tail: string }> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let received = 0;
  let tail = "";
  socket.on("data", (data) => {
    received += data.length;
    tail = (tail + data.subarray(-20).toString("latin1")).slice(-20);
  });
  const ended = once(socket, "end");
  socket.write(request);
  for (let sent = 0; sent < bytes; sent += PIECE.length) {
    if (chunked) socket.write(`${PIECE.length.toString(16)}\r\n`);
    const room = socket.write(PIECE);
    if (chunked) socket.write("\r\n");
    if (!room) await once(socket, "drain");
  }
  if (chunked) socket.write("0\r\n\r\n");
  await ended;
  return { received, tail };
}

for (const direction of DIRECTIONS) {
  test(`256 MiB ${direction.name} pass in flat memory`, async () => {
    const { request, bytes, chunked } = direction.exchange(BODY);
    const start = (await memory()).now;
    const { received, tail } = await exchange(request, bytes, chunked);
    const { peak } = await memory();
    if (bytes > 0) assert.ok(tail.endsWith(`\r\n${BODY}`), tail);
    else assert.ok(received > BODY, `${received} bytes came`);
    const grown = peak - start;
    assert.ok(grown < MOST, `the server grew by ${Math.round(grown / MIB)} MiB`);
  });
}
