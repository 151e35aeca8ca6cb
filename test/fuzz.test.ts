// Ten thousand requests with something wrong in them, at a running server: it may refuse what it likes, but it
// must not fail, hang, or stop serving others.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request } from "../src/message/request.ts";
import { Response } from "../src/message/response.ts";
import { createRouter } from "../src/server/router.ts";
import { RawClient } from "./fixtures/raw-client.ts";
import { Source, serve } from "./fixtures/serving.ts";

const REQUESTS = 10_000;
const AT_ONCE = 16;
const SEED = 20_250_807;
/** Milliseconds after which a connection that was closed by the client counts as hanging: far less than any timeout of the server's. */
const BOUND = 10_000;

const VALID: readonly string[] = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET /stream?q=1&r=%20 HTTP/1.1\r\nHost: a:80\r\nAccept: text/html,*/*;q=0.1\r\nUser-Agent: fuzz\r\nCookie: a=b; c=d\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Type: text/plain\r\n\r\nhello world",
  "POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
  'PUT /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;a="b;c"\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n',
  "PUT /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n",
  "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
  "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  "GET /stream HTTP/1.0\r\n\r\n",
  "GET http://a:80/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n",
  'DELETE /b HTTP/1.1\r\nHost: [::1]:80\r\nIf-Match: "x"\r\n\r\n',
  "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n",
];

/** What a grammar's edges are made of. */
const PIECES: readonly string[] = [
  ...[
    "\r\n",
    "\r",
    "\n",
    "\r\n\r\n",
    " ",
    "\t",
    ":",
    ",",
    ";",
    "\0",
    "\x7f",
    "\xff",
    '"',
    "\\",
    "#",
    "*",
    "%",
  ],
  ...["0\r\n\r\n", "HTTP/1.1", "HTTP/2.0", "HTTP/1.0", "GET / HTTP/1.1\r\n", "Host: b\r\n", "[::1]", "@"],
  ...[
    "Content-Length: 3\r\n",
    "Content-Length: -1\r\n",
    "Transfer-Encoding: chunked\r\n",
    "ffffffffffffffff",
  ],
  ...[
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "Upgrade: x\r\nConnection: upgrade\r\n",
    "9".repeat(30),
    "Content-Length: 99999999999999999999\r\n",
  ],
  "x".repeat(20_000),
];

/** A generator of numbers that gives the same ones for the same seed (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

function one<T>(from: readonly T[], random: Random): T {
  return from[random(from.length)] as T;
}

const MUTATIONS: readonly ((text: string, random: Random) => string)[] = [
  function flip(text, random) {
    const at = random(text.length);
    const byte = text.charCodeAt(at) ^ (1 << random(8));
    return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
  },
  function replace(text, random) {
    const at = random(text.length);
    return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
  },
  function insert(text, random) {
    const at = random(text.length + 1);
    return text.slice(0, at) + one(PIECES, random) + text.slice(at);
  },
  function remove(text, random) {
    const at = random(text.length);
    return text.slice(0, at) + text.slice(at + 1 + random(8));
  },
  function repeat(text, random) {
    const at = random(text.length);
    const end = at + 1 + random(40);
    return text.slice(0, end) + text.slice(at);
  },
  function truncate(text, random) {
    return text.slice(0, random(text.length));
  },
  function splice(text, random) {
    const other = one(VALID, random);
    return text.slice(0, random(text.length)) + other.slice(random(other.length));
  },
];

function mutated(random: Random): string {
  let text = one(VALID, random);
  for (let i = 1 + random(3); i > 0 && text !== ""; i -= 1) text = one(MUTATIONS, random)(text, random);
  return text;
}

/** A mutated request on a connection of its own, as most of them end it; with good ones before and behind it, or another. */
function conversation(random: Random): string {
  const before = random(3) === 0 ? one(VALID, random) : "";
  const behind = [() => "", () => one(VALID, random), () => mutated(random)];
  return before + mutated(random) + one(behind, random)();
}

function cut(text: string, random: Random): string[] {
  const pieces: string[] = [];
  const size = one([text.length, 500, 40], random);
  for (let at = 0; at < text.length; ) {
    const end = at + 1 + random(size);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

async function respond(request: Request): Promise<Response> {
  if (request.target.path === "/unread") return new Response(200, { body: "unread" });
  if (request.target.path === "/stream") return new Response(200, { body: new Source(100, 3) });
  const { length } = await request.body.bytes();
  return new Response(200, { body: `${length} bytes` });
}

/** Everything that came back until the server closed. */
async function converse(port: number, text: string, random: Random): Promise<string> {
  const client = await RawClient.open(port);
  const timer = setTimeout(() => client.socket.destroy(new Error(`No end after ${BOUND} ms`)), BOUND);
  try {
    await client.sendApart(cut(text, random));
    client.end();
    return await client.rest();
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

test(`${REQUESTS} mutated requests give no fault, no hang and no 5xx but 501 and 505`, async (t) => {
  const thrown: unknown[] = [];
  const note = (error: unknown): void => void thrown.push(error);
  process.on("uncaughtException", note).on("unhandledRejection", note);
  t.after(() => process.off("uncaughtException", note).off("unhandledRejection", note));

  const served = await serve(t, {
    handler: createRouter([{ path: "/", handler: respond, methods: ["GET", "PUT", "POST", "DELETE"] }]),
  });
  const statuses = new Map<number, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < REQUESTS) {
      const seed = SEED + next;
      next += 1;
      const random = generator(seed);
      const text = conversation(random);
      let received: string;
      try {
        received = await converse(served.port, text, random);
      } catch (error) {
        throw new Error(`Seed ${seed}, ${JSON.stringify(text.slice(0, 1000))}`, { cause: error });
      }
      for (const [, digits] of received.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        const status = Number(digits);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const allowed = status < 500 || status === 501 || status === 505;
        assert.ok(allowed, `${status} for seed ${seed}, ${JSON.stringify(text.slice(0, 1000))}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  assert.deepEqual(served.errors, []);
  assert.deepEqual(thrown, []);
  // The mutations reach the handler as well as the refusals.
  for (const status of [100, 200, 400, 413, 417, 431, 501, 505])
    assert.ok((statuses.get(status) ?? 0) > 0, `no ${status} among ${JSON.stringify([...statuses])}`);
  t.diagnostic(JSON.stringify(Object.fromEntries([...statuses].sort(([a], [b]) => a - b))));

  const client = await served.connect();
  client.request("GET /");
  assert.equal((await client.answer()).body, "0 bytes");
});
