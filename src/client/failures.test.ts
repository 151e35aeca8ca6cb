// How requests fail over real sockets: each with its code, its kind and a sentence that says what to look at.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Conversation, scripted } from "../../test/scripted-server.ts";
import { Client } from "./client.ts";
import { ClientError } from "./errors.ts";
import type { ClientOptions, RequestOptions } from "./options.ts";

function client(t: TestContext, options: ClientOptions = {}): Client {
  const made = new Client(options);
  t.after(() => made.destroy());
  return made;
}

// ── answers that are none ─────────────────────────────────────────────────────────────────────────

interface Broken {
  readonly name: string;
  readonly answer: (conversation: Conversation) => void;
  readonly code: string;
  readonly kind: string;
  readonly message?: RegExp;
  /** Of the ProtocolError beneath. */
  readonly cause?: string;
  /** The body fails, not the request. */
  readonly body?: boolean;
}

const says = (text: string) => (conversation: Conversation) => conversation.end(text);

const broken: Broken[] = [
  {
    name: "a close without an answer",
    answer: says(""),
    code: "CONNECTION_CLOSED",
    kind: "connection",
    message: /without an answer/,
  },
  {
    name: "a close in the head",
    answer: says("HTTP/1.1 200 OK\r\nA: b\r\n"),
    code: "CONNECTION_CLOSED",
    kind: "connection",
    message: /in the middle/,
  },
  {
    name: "a reset instead of an answer",
    answer: (conversation) => conversation.reset(),
    code: "CONNECTION_RESET",
    kind: "connection",
    message: /before it had answered/,
  },
  {
    name: "a close after interim answers",
    answer: says("HTTP/1.1 103 Early Hints\r\n\r\n"),
    code: "CONNECTION_CLOSED",
    kind: "connection",
  },
  {
    name: "something else than HTTP",
    answer: says("SSH-2.0-OpenSSH_9.2\r\n"),
    code: "PROTOCOL",
    kind: "protocol",
    cause: "STATUS_LINE_INVALID",
  },
  {
    name: "an invalid Content-Length",
    answer: says("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello"),
    code: "PROTOCOL",
    kind: "protocol",
    cause: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "two Content-Lengths that differ",
    answer: says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
    code: "PROTOCOL",
    kind: "protocol",
  },
  {
    name: "a 101 that nobody asked for",
    answer: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    code: "PROTOCOL",
    kind: "protocol",
    cause: "UPGRADE_UNASKED",
  },
  {
    name: "a body shorter than its length",
    answer: says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
    code: "BODY_INCOMPLETE",
    kind: "connection",
    message: /after 5 bytes of 10/,
    body: true,
  },
  {
    name: "a chunked body without its last chunk",
    answer: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    code: "BODY_INCOMPLETE",
    kind: "connection",
    message: /after 5 bytes/,
    body: true,
  },
  {
    name: "a chunked body without its last CRLF",
    answer: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"),
    code: "BODY_INCOMPLETE",
    kind: "connection",
    body: true,
  },
  {
    name: "an invalid chunk size",
    answer: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nG\r\n"),
    code: "PROTOCOL",
    kind: "protocol",
    cause: "CHUNK_SIZE_INVALID",
    body: true,
  },
  {
    name: "a reset in the body",
    answer: (conversation) => {
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      setImmediate(() => conversation.reset());
    },
    code: "CONNECTION_RESET",
    kind: "connection",
    body: true,
  },
  {
    name: "a reset where only the connection's end ends the body",
    answer: (conversation) => {
      conversation.send("HTTP/1.0 200 OK\r\n\r\nhello");
      setImmediate(() => conversation.reset());
    },
    code: "CONNECTION_RESET",
    kind: "connection",
    body: true,
  },
];
for (const { name, answer, code, kind, message = /./, cause, body } of broken) {
  test(`${name} is ${code}`, async (t) => {
    const server = await scripted(t, async (conversation) => {
      await conversation.head();
      answer(conversation);
    });
    const one = client(t);
    const check = (error: unknown): boolean => {
      assert.ok(error instanceof ClientError);
      assert.equal(error.code, code);
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      if (cause !== undefined) assert.equal((error.cause as { code?: string }).code, cause);
      return true;
    };
    if (body === true) {
      const response = await one.request(server.url);
      assert.equal(response.status, 200);
      await assert.rejects(response.body.text(), check);
    } else await assert.rejects(one.request(server.url), check);
    await server.conversations[0]?.closed;
    assert.equal(server.conversations.length, 1);
  });
}

test("what had come of a body that breaks off is handed out before the error", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  });
  const response = await client(t).request(server.url);
  let text = "";
  await assert.rejects(
    async () => {
      for await (const piece of response.body) text += Buffer.from(piece).toString();
    },
    { code: "BODY_INCOMPLETE" },
  );
  assert.equal(text, "hello");
});

// ── no connection ─────────────────────────────────────────────────────────────────────────────────

test("a refused connection says what to look at", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  await assert.rejects(client(t).request(`http://127.0.0.1:${port}/`), {
    code: "CONNECTION_REFUSED",
    kind: "connection",
    message:
      /127\.0\.0\.1:\d+: connection refused.*Is the server running\? .*another address \(127\.0\.0\.1 only\)/,
  });
});

test("requests that wait behind a failing connection get their own try", async (t) => {
  let tries = 0;
  const one = client(t, {
    maxConnections: 1,
    connect: async () => {
      tries++;
      throw new Error(`try ${tries}`);
    },
  });
  const all = await Promise.allSettled([1, 2, 3].map(() => one.request("http://h/")));
  assert.deepEqual(
    all.map((one) => one.status === "rejected" && one.reason.message),
    [1, 2, 3].map((n) => `Cannot connect: try ${n}`),
  );
});

// ── timeouts ──────────────────────────────────────────────────────────────────────────────────────

const silent = async (conversation: Conversation): Promise<void> => {
  await conversation.head();
};
const timeouts: {
  name: string;
  script: (conversation: Conversation) => void | Promise<void>;
  options: RequestOptions;
  code: string;
  body?: boolean;
}[] = [
  {
    name: "an answer that does not come",
    script: silent,
    options: { firstByteTimeout: 20 },
    code: "FIRST_BYTE_TIMEOUT",
  },
  {
    name: "a head that stops in the middle",
    script: async (conversation) => {
      await conversation.head();
      conversation.send("HTTP/1.1 200 OK\r\n");
    },
    options: { firstByteTimeout: 20 },
    code: "FIRST_BYTE_TIMEOUT",
  },
  {
    name: "a body that stops moving",
    script: async (conversation) => {
      await conversation.head();
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    },
    options: { idleTimeout: 20 },
    code: "IDLE_TIMEOUT",
    body: true,
  },
  {
    name: "an upload that nobody takes",
    script: (conversation) => {
      conversation.socket.pause();
    },
    options: { idleTimeout: 20, method: "PUT", body: endless() },
    code: "IDLE_TIMEOUT",
  },
  {
    name: "a large body from memory that nobody takes",
    script: (conversation) => {
      conversation.socket.pause();
    },
    options: { idleTimeout: 20, method: "PUT", body: Buffer.alloc(32 * 1024 * 1024) },
    code: "IDLE_TIMEOUT",
  },
  {
    name: "an answer that takes too long in all",
    script: silent,
    options: { totalTimeout: 20 },
    code: "TOTAL_TIMEOUT",
  },
  {
    name: "a body that takes too long in all",
    script: async (conversation) => {
      await conversation.head();
      conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    },
    options: { totalTimeout: 50 },
    code: "TOTAL_TIMEOUT",
    body: true,
  },
];
for (const { name, script, options, code, body } of timeouts) {
  test(`${name} is ${code}`, async (t) => {
    const server = await scripted(t, script);
    const one = client(t);
    const error = { code, kind: "timeout", message: /0\.0\d s/ };
    if (body === true) await assert.rejects((await one.request(server.url, options)).body.text(), error);
    else await assert.rejects(one.request(server.url, options), error);
    // A socket that is not read does not tell that it was closed.
    server.conversations[0]?.socket.resume();
    await server.conversations[0]?.closed;
  });
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(65_536);
}

test("the wait for a free connection counts for the whole, not for the first byte", async (t) => {
  const server = await scripted(t, silent);
  const one = client(t, { maxConnections: 1 });
  const first = one.request(server.url, { totalTimeout: 100 });
  const second = one.request(server.url, { firstByteTimeout: 1, totalTimeout: 30 });
  await assert.rejects(second, { code: "TOTAL_TIMEOUT" });
  await assert.rejects(first, { code: "TOTAL_TIMEOUT" });
});

test("a reader that takes its time is not timed", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("x".repeat(1_000_000));
  });
  const response = await client(t).request(server.url, { idleTimeout: 10 });
  const pieces = response.body[Symbol.asyncIterator]();
  await pieces.next();
  await new Promise((resolve) => setTimeout(resolve, 40));
  let count = 0;
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next())
    count += piece.value.length;
  assert.ok(count > 0);
});

// ── aborts ────────────────────────────────────────────────────────────────────────────────────────

test("a signal that was aborted before sends nothing", async (t) => {
  const server = await scripted(t, silent);
  const reason = new Error("changed my mind");
  const aborted = client(t).request(server.url, { signal: AbortSignal.abort(reason) });
  await assert.rejects(
    aborted,
    (error: ClientError) => error.code === "ABORTED" && error.kind === "aborted" && error.cause === reason,
  );
  assert.equal(server.conversations.length, 0);
});

test("an abort while the connection is being made gives it up", async (t) => {
  const abort = new AbortController();
  let given: AbortSignal | undefined;
  const one = client(t, {
    connect: (_, { signal }) => {
      given = signal;
      setImmediate(() => abort.abort());
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  await assert.rejects(one.request("http://h/", { signal: abort.signal }), { code: "ABORTED" });
  assert.equal(given?.aborted, true);
});

test("an abort while the answer is awaited closes the connection", async (t) => {
  const abort = new AbortController();
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    abort.abort();
  });
  await assert.rejects(client(t).request(server.url, { signal: abort.signal }), { code: "ABORTED" });
  await server.conversations[0]?.closed;
});

test("an abort during the upload closes the connection, and tells the source", async (t) => {
  const abort = new AbortController();
  let told = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(1000);
    } finally {
      told = true;
    }
  }
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    await conversation.bytes(5000);
    abort.abort();
  });
  await assert.rejects(
    client(t).request(server.url, { method: "PUT", body: source(), signal: abort.signal }),
    { code: "ABORTED" },
  );
  await server.conversations[0]?.closed;
  assert.equal(told, true);
});

test("an abort while the body is read ends the reading, and closes the connection", async (t) => {
  const abort = new AbortController();
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
  });
  const response = await client(t).request(server.url, { signal: abort.signal });
  const text = response.body.text();
  setImmediate(() => abort.abort());
  await assert.rejects(text, { code: "ABORTED" });
  await server.conversations[0]?.closed;
});

test("an abort after the end changes nothing, and leaves no listener behind", async (t) => {
  const abort = new AbortController();
  let listeners = 0;
  const { signal } = abort;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...all: Parameters<typeof add>) => {
    listeners++;
    add(...all);
  };
  signal.removeEventListener = (...all: Parameters<typeof remove>) => {
    listeners--;
    remove(...all);
  };
  const server = await scripted(t, async (conversation) => {
    for (;;) {
      if ((await conversation.head()) === "") return;
      conversation.answer("done");
    }
  });
  const one = client(t);
  const response = await one.request(server.url, { signal });
  assert.equal(listeners, 0);
  abort.abort();
  assert.equal(await response.body.text(), "done");
  assert.equal(await (await one.request(server.url)).body.text(), "done");
  assert.equal(server.conversations.length, 1);
});

// ── what cannot be sent ───────────────────────────────────────────────────────────────────────────

const unsendable: { name: string; url?: string; options: RequestOptions; code: string }[] = [
  { name: "another scheme", url: "ftp://127.0.0.1/", options: {}, code: "URL_INVALID" },
  { name: "CONNECT", options: { method: "CONNECT" }, code: "REQUEST_INVALID" },
  { name: "a method that is no token", options: { method: "GET /" }, code: "REQUEST_INVALID" },
  { name: "a field with a line break", options: { fields: { A: "1\r\nB: 2" } }, code: "REQUEST_INVALID" },
  { name: "a field name with a space", options: { fields: { "A B": "1" } }, code: "REQUEST_INVALID" },
  {
    name: "a Transfer-Encoding of one's own",
    options: { fields: { "Transfer-Encoding": "chunked" } },
    code: "REQUEST_INVALID",
  },
  {
    name: "a Content-Length that is not the body's",
    options: { method: "PUT", body: "x", fields: { "Content-Length": 2 } },
    code: "REQUEST_INVALID",
  },
  { name: "a target with a space", options: { target: "/a b" }, code: "REQUEST_INVALID" },
];
for (const { name, url, options, code } of unsendable) {
  test(`${name} is ${code}, and nothing of it is sent`, async (t) => {
    let received = 0;
    const server = await scripted(t, (conversation) => {
      conversation.socket.on("data", (bytes: Buffer) => {
        received += bytes.length;
      });
    });
    const one = client(t);
    await assert.rejects(one.request(url ?? server.url, options), { code, kind: "usage" });
    await one.destroy();
    await Promise.all(server.conversations.map(({ closed }) => closed));
    assert.equal(received, 0);
  });
}

test("a process ends while connections are kept, and with them their timers", async (t) => {
  const server = await scripted(t, async (conversation) => {
    while ((await conversation.head()) !== "") conversation.answer("done");
  });
  const module = new URL("./client.ts", import.meta.url).href;
  const program = `const { request } = await import(${JSON.stringify(module)});
    const all = await Promise.all([1, 2, 3].map(() => request(${JSON.stringify(server.url)})));
    for (const one of all) console.log(await one.body.text());`;
  const child = execFile(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  let printed = "";
  child.stdout?.on("data", (text: string) => {
    printed += text;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.equal(printed, "done\ndone\ndone\n");
});
