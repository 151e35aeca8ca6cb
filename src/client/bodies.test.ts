// Bodies over real sockets, both ways: streams and who slows whom, early answers, 100-continue, what is left unread.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type Conversation, nodeServer, scripted } from "../../test/scripted-server.ts";
import { Client } from "./client.ts";
import type { ClientOptions } from "./options.ts";

const MIB = 1024 * 1024;

function client(t: TestContext, options: ClientOptions = {}): Client {
  const made = new Client(options);
  t.after(() => made.destroy());
  return made;
}

/** A stream that counts how many pieces were asked for, and whether it was closed early. */
class Pieces implements AsyncIterable<Uint8Array> {
  asked = 0;
  returned = false;
  readonly #count: number;
  readonly #size: number;

  constructor(count: number, size: number) {
    this.#count = count;
    this.#size = size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      while (this.asked < this.#count) {
        this.asked++;
        yield Buffer.alloc(this.#size, this.asked & 0xff);
      }
    } finally {
      this.returned = this.asked < this.#count;
    }
  }
}

/** Waits until a number stays what it is over several turns of the loop that moved bytes elsewhere. */
async function settled(read: () => number): Promise<number> {
  let last = read();
  for (let same = 0; same < 50; same++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (read() === last) continue;
    last = read();
    same = 0;
  }
  return last;
}

// ── up ────────────────────────────────────────────────────────────────────────────────────────────

for (const length of [undefined, 64 * MIB]) {
  test(`64 MiB go up ${length === undefined ? "in chunks" : "by length"}, and the source waits for a server that does not read`, async (t) => {
    const url = await nodeServer(t, (request, response) => {
      let count = 0;
      let sum = 0;
      request.pause();
      settled(() => pieces.asked).then((asked) => {
        assert.ok(asked < 800, `${asked} of 1024 pieces were taken before the server read one`);
        request.resume();
      }, assert.fail);
      request.on("data", (bytes: Buffer) => {
        count += bytes.length;
        sum += bytes[0] as number;
      });
      request.on("end", () => response.end(`${count} ${request.headers["content-length"]} ${sum > 0}`));
    });
    const pieces = new Pieces(1024, 65_536);
    const response = await client(t).request(url, { method: "PUT", body: pieces, length });
    assert.equal(await response.body.text(), `${64 * MIB} ${length} true`);
    assert.equal(pieces.returned, false);
  });
}

test("trailers are sent behind a streamed body", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer(await conversation.until("\r\n\r\n"));
  });
  const { Fields } = await import("../protocol/fields.ts");
  const trailers = () => new Fields({ Sum: "1" });
  const response = await client(t).request(server.url, { method: "POST", body: new Pieces(1, 3), trailers });
  assert.equal(await response.body.text(), "3\r\n\x01\x01\x01\r\n0\r\nSum: 1\r\n\r\n");
});

const wrongSources = [
  {
    name: "throws",
    body: async function* () {
      yield Buffer.from("x");
      throw new Error("mine");
    },
    length: undefined,
    message: /mine/,
  },
  {
    name: "gives more than was announced",
    body: async function* () {
      yield Buffer.from("xyz");
    },
    length: 2,
    message: /announced 2/,
  },
  {
    name: "gives less than was announced",
    body: async function* () {
      yield Buffer.from("x");
    },
    length: 2,
    message: /announced 2/,
  },
  {
    name: "gives text",
    body: async function* () {
      yield "x" as unknown as Uint8Array;
    },
    length: undefined,
    message: /Uint8Array/,
  },
];
for (const { name, body, length, message } of wrongSources) {
  test(`a source that ${name} ends the request, and the server does not take it for whole`, async (t) => {
    let received = "";
    const server = await scripted(t, async (conversation) => {
      await conversation.head();
      received = await conversation.bytes(1000);
    });
    const sent = client(t).request(server.url, { method: "POST", body: body(), length });
    await assert.rejects(sent, { code: "BODY_SOURCE", kind: "usage", message });
    await server.conversations[0]?.closed;
    assert.ok(!received.includes("0\r\n\r\n"));
  });
}

for (const how of ["closes", "resets"] as const) {
  test(`an early refusal stops the upload and is read, though the server ${how} the connection at once`, async (t) => {
    for (let round = 0; round < 10; round++) {
      const server = await scripted(t, async (conversation) => {
        await conversation.head();
        const text = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much";
        // Closed with bytes of the body unread, the system sends a reset behind the answer.
        conversation.socket.pause();
        if (how === "closes") conversation.end(text);
        else conversation.socket.write(text, () => conversation.socket.destroy());
      });
      const pieces = new Pieces(1_000_000, 65_536);
      const response = await client(t).request(server.url, { method: "PUT", body: pieces });
      assert.equal(response.status, 413);
      assert.equal(await response.body.text(), "too much");
      assert.ok(pieces.returned, "the source was told");
      await server.close();
    }
  });
}

test("after an early refusal the connection is not used again", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("no", "", "403 Forbidden");
  });
  const one = client(t);
  for (let i = 1; i <= 2; i++) {
    const response = await one.request(server.url, { method: "POST", body: new Pieces(1_000_000, 1000) });
    assert.equal(await response.body.text(), "no");
    assert.equal(server.conversations.length, i);
  }
});

test("a 2xx that begins early does not stop the upload: both bodies move at once", async (t) => {
  const url = await nodeServer(t, (request, response) => {
    response.writeHead(200);
    response.flushHeaders();
    request.pipe(response);
  });
  let open = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    open = resolve;
  });
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("one ");
    await answered;
    yield Buffer.from("two");
  }
  const response = await client(t).request(url, { method: "POST", body: body() });
  open();
  assert.equal(await response.body.text(), "one two");
});

// ── 100-continue ──────────────────────────────────────────────────────────────────────────────────

for (const body of ["text", new Pieces(1, 4)]) {
  test(`with expectContinue a ${typeof body === "string" ? "text" : "stream"} waits for the 100`, async (t) => {
    const server = await scripted(t, async (conversation) => {
      assert.match(await conversation.head(), /^Expect: 100-continue$/m);
      assert.equal(await settled(() => conversation.socket.bytesRead), conversation.socket.bytesRead);
      const before = conversation.socket.bytesRead;
      conversation.send("HTTP/1.1 100 Continue\r\n\r\n");
      await conversation.until(typeof body === "string" ? "text" : "0\r\n\r\n");
      conversation.answer(String(conversation.socket.bytesRead > before));
    });
    const response = await client(t).request(server.url, { method: "PUT", body, expectContinue: true });
    assert.equal(await response.body.text(), "true");
  });
}

test("a final answer instead of the 100 spares the body", async (t) => {
  let after = "?";
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("no", "", "401 Unauthorized");
    after = await conversation.bytes(1);
  });
  const pieces = new Pieces(1, 4);
  const begun: boolean[] = [];
  const response = await client(t).request(server.url, {
    method: "PUT",
    body: pieces,
    expectContinue: true,
    onResponse: (_head, { bodyBegun }) => void begun.push(bodyBegun),
  });
  assert.equal(response.status, 401);
  assert.deepEqual(begun, [false]);
  assert.equal(await response.body.text(), "no");
  await server.conversations[0]?.closed;
  assert.equal(after, "");
  assert.equal(pieces.asked, 0);
});

test("a server that says nothing gets the body after a while", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer(await conversation.bytes(4));
  });
  const response = await client(t).request(server.url, { method: "PUT", body: "text", expectContinue: true });
  assert.equal(await response.body.text(), "text");
});

test("417 is answered by the request without the expectation", async (t) => {
  const server = await scripted(t, async (conversation) => {
    const head = await conversation.head();
    if (/^expect/im.test(head)) conversation.answer("", "Connection: close\r\n", "417 Expectation Failed");
    else conversation.answer(await conversation.until("0\r\n\r\n"));
  });
  const pieces = new Pieces(1, 1);
  const response = await client(t).request(server.url, { method: "PUT", body: pieces, expectContinue: true });
  assert.equal(await response.body.text(), "1\r\n\x01\r\n0\r\n\r\n");
  assert.equal(server.conversations.length, 2);
});

test("a redirect instead of the 100 is followed with the stream, which was not begun", async (t) => {
  const server = await scripted(t, async (conversation) => {
    const head = await conversation.head();
    if (head.startsWith("PUT /a")) conversation.answer("", "Location: /b\r\n", "307 Temporary Redirect");
    else {
      conversation.send("HTTP/1.1 100 Continue\r\n\r\n");
      conversation.answer(await conversation.until("0\r\n\r\n"));
    }
  });
  const response = await client(t).request(`${server.url}/a`, {
    method: "PUT",
    body: new Pieces(1, 1),
    expectContinue: true,
  });
  assert.equal(await response.body.text(), "1\r\n\x01\r\n0\r\n\r\n");
});

test('"auto" asks for a stream of unknown size, not for a short text', async (t) => {
  const heads: string[] = [];
  const server = await scripted(t, async (conversation) => {
    for (let i = 0; i < 2; i++) {
      heads.push(await conversation.head());
      if (i === 0) await conversation.bytes(4);
      else {
        conversation.send("HTTP/1.1 100 Continue\r\n\r\n");
        await conversation.until("0\r\n\r\n");
      }
      conversation.answer("");
    }
  });
  const one = client(t);
  await one.request(server.url, { method: "PUT", body: "text", expectContinue: "auto" });
  await one.request(server.url, { method: "PUT", body: new Pieces(1, 1), expectContinue: "auto" });
  assert.deepEqual(
    heads.map((head) => /^Expect/m.test(head)),
    [false, true],
  );
});

// ── down ──────────────────────────────────────────────────────────────────────────────────────────

test("64 MiB come down, and the server waits for a reader that does not read", async (t) => {
  let written = 0;
  const url = await nodeServer(t, async (_, response) => {
    response.writeHead(200, { "Content-Length": 64 * MIB });
    for (; written < 1024; written++) {
      if (!response.write(Buffer.alloc(65_536, written & 0xff))) await once(response, "drain");
    }
    response.end();
  });
  const response = await client(t).request(url);
  const ahead = await settled(() => written);
  assert.ok(ahead < 800, `${ahead} of 1024 pieces were sent before one was read`);
  assert.ok(response.body.received < MIB, `${response.body.received} bytes are kept`);
  let count = 0;
  for await (const piece of response.body) count += piece.length;
  assert.equal(count, 64 * MIB);
  assert.equal(response.body.complete, true);
});

test("thousands of tiny chunks come whole, however the reader comes late", async (t) => {
  const chunks = Array.from({ length: 5000 }, (_, i) => `1\r\n${i % 10}\r\n`).join("");
  const server = await scripted(t, async (conversation) => {
    while ((await conversation.head()) !== "") {
      conversation.send(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    }
  });
  const one = client(t);
  for (let i = 0; i < 2; i++) {
    const response = await one.request(server.url);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await response.body.text(), "0123456789".repeat(500));
  }
  assert.equal(server.conversations.length, 1);
});

test("a body without length or chunks ends with the connection", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfirst ");
    conversation.end("last");
  });
  assert.equal(await (await client(t).request(server.url)).body.text(), "first last");
});

test("a body can be read once, an empty one any number of times", async (t) => {
  const server = await scripted(t, async (conversation) => {
    for (const body of ["text", ""]) {
      await conversation.head();
      conversation.answer(body);
    }
  });
  const one = client(t);
  const response = await one.request(server.url);
  assert.equal(response.body.used, false);
  assert.equal(await response.body.text(), "text");
  assert.equal(response.body.used, true);
  await assert.rejects(response.body.bytes(), { code: "BODY_USED" });
  const empty = await one.request(server.url);
  assert.equal(await empty.body.text(), "");
  assert.equal(await empty.body.text(), "");
});

test("bytes() takes a limit, for a body of known and of unknown length", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("12345");
    await conversation.head();
    conversation.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n");
  });
  const one = client(t);
  for (let i = 0; i < 2; i++) {
    await assert.rejects((await one.request(server.url)).body.bytes(4), { code: "BODY_TOO_LARGE" });
  }
});

// ── codings ───────────────────────────────────────────────────────────────────────────────────────

function coded(
  body: Uint8Array,
  coding: string,
  status = "200 OK",
): (conversation: Conversation) => Promise<void> {
  return async (conversation) => {
    while ((await conversation.head()) !== "") {
      conversation.send(
        `HTTP/1.1 ${status}\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      conversation.send(body);
    }
  };
}

test("codings are undone in reverse; the fields stay as received", async (t) => {
  const body = brotliCompressSync(gzipSync("안녕"));
  const server = await scripted(t, coded(body, "gzip, br"));
  const one = client(t);
  for (let i = 0; i < 2; i++) {
    const response = await one.request(server.url);
    assert.deepEqual(response.decoded, ["gzip", "br"]);
    assert.equal(response.body.length, undefined);
    assert.equal(await response.body.text(), "안녕");
    assert.equal(response.fields.get("content-length"), String(body.length));
    assert.equal(response.body.received, body.length);
  }
  assert.equal(server.conversations.length, 1);
});

const untouched = [
  { name: "decode: false", coding: "gzip", status: "200 OK", options: { decode: false } },
  { name: "a coding that is not known", coding: "compress", status: "200 OK", options: {} },
  { name: "a part (206)", coding: "gzip", status: "206 Partial Content", options: {} },
];
for (const { name, coding, status, options } of untouched) {
  test(`with ${name} the bytes are those received`, async (t) => {
    const body = gzipSync("text");
    const server = await scripted(t, coded(body, coding, status));
    const response = await client(t).request(server.url, options);
    assert.deepEqual(response.decoded, []);
    assert.deepEqual(await response.body.bytes(), body);
  });
}

test("compressed data without its end is an error, though its length is right", async (t) => {
  const server = await scripted(t, coded(gzipSync("text").subarray(0, -6), "gzip"));
  await assert.rejects((await client(t).request(server.url)).body.text(), { code: "DECODING" });
});

test("leaving a decoded body early frees the connection", async (t) => {
  const body = gzipSync(Buffer.alloc(100_000, "x"));
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9000000\r\n\r\n`);
    conversation.send(body);
  });
  const response = await client(t).request(server.url);
  for await (const _ of response.body) break;
  await server.conversations[0]?.closed;
});

// ── what is left unread ───────────────────────────────────────────────────────────────────────────

test("discarding a short rest keeps the connection, a long one ends it", async (t) => {
  const server = await scripted(t, async (conversation) => {
    for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
      const length = head.startsWith("GET /long") ? 10_000_000 : 1000;
      conversation.send(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nbegin`);
      if (length === 1000) conversation.send("x".repeat(995));
    }
  });
  const one = client(t, { maxConnections: 1 });
  for (let i = 0; i < 3; i++) (await one.request(server.url)).body.discard();
  await (await one.request(server.url)).body.bytes();
  assert.equal(server.conversations.length, 1);
  const long = await one.request(`${server.url}/long`);
  long.body.discard();
  await server.conversations[0]?.closed;
  await assert.rejects(long.body.bytes(), { code: "BODY_USED" });
  await (await one.request(server.url)).body.bytes();
  assert.equal(server.conversations.length, 2);
});

test("leaving `for await` early frees the connection for who waits", async (t) => {
  const server = await scripted(t, async (conversation) => {
    if ((await conversation.head()).startsWith("GET /long"))
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\nbegin");
    else conversation.answer("second");
  });
  const one = client(t, { maxConnections: 1 });
  const response = await one.request(`${server.url}/long`);
  const second = one.request(server.url);
  for await (const _ of response.body) break;
  assert.equal(await (await second).body.text(), "second");
});

test("a body that is forgotten unread gives its connection free", async (t) => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\nbegin");
  });
  const one = client(t);
  const status = async (): Promise<number> => (await one.request(server.url)).status;
  assert.equal(await status(), 200);
  let closed = false;
  server.conversations[0]?.closed.then(() => {
    closed = true;
  });
  while (!closed) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
