// Requests over real sockets: what is sent, which connection carries it, where redirects lead.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Conversation, scripted } from "../../test/scripted-server.ts";
import { Client, request } from "./client.ts";
import { ClientError } from "./errors.ts";
import type { ClientOptions, RequestOptions, ResponseHead, SentRequest } from "./options.ts";
import { USER_AGENT } from "./request-fields.ts";

function client(t: TestContext, options: ClientOptions = {}): Client {
  const made = new Client(options);
  t.after(() => made.destroy());
  return made;
}

/** Answers each request of a connection with its start line, and the number of the connection. */
async function echo(conversation: Conversation): Promise<void> {
  for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = await conversation.bytes(length);
    conversation.answer(`${conversation.number} ${head.split("\r\n", 1)[0]} ${body}`);
  }
}

async function get(of: Client, url: string): Promise<string> {
  return (await of.request(url)).body.text();
}

// ── what is sent, what is got ─────────────────────────────────────────────────────────────────────

const heads: { name: string; path: string; options: RequestOptions; start: string; end: string[] }[] = [
  { name: "a GET", path: "/a?b#c", options: {}, start: "GET /a?b HTTP/1.1", end: [] },
  {
    name: "a POST with text",
    path: "/",
    options: { method: "POST", body: "안녕" },
    start: "POST / HTTP/1.1",
    end: ["Content-Length: 6", "", "\xec\x95\x88\xeb\x85\x95"],
  },
  {
    name: "a PUT without a body",
    path: "/",
    options: { method: "PUT" },
    start: "PUT / HTTP/1.1",
    end: ["Content-Length: 0"],
  },
  {
    name: "bytes",
    path: "/",
    options: { method: "PUT", body: Buffer.from("xyz") },
    start: "PUT / HTTP/1.1",
    end: ["Content-Length: 3", "", "xyz"],
  },
  {
    name: "OPTIONS *",
    path: "/",
    options: { method: "OPTIONS", target: "*" },
    start: "OPTIONS * HTTP/1.1",
    end: [],
  },
  {
    name: "fields of the caller",
    path: "/",
    options: { fields: { "X-A": "1" } },
    start: "GET / HTTP/1.1",
    end: ["X-A: 1"],
  },
];
for (const { name, path, options, start, end } of heads) {
  test(`${name} is sent in one piece, byte for byte`, async (t) => {
    let received = "";
    const server = await scripted(t, (conversation) => {
      conversation.socket.once("data", (bytes: Buffer) => {
        received = bytes.toString("latin1");
        conversation.answer("");
      });
    });
    await client(t).request(server.url + path, options);
    const own = [
      `Host: 127.0.0.1:${server.port}`,
      `User-Agent: ${USER_AGENT}`,
      "Accept: */*",
      "Accept-Encoding: gzip, deflate, br, zstd",
    ];
    const lines = [start, ...own, ...end];
    assert.equal(received, `${lines.join("\r\n")}${end.includes("") ? "" : "\r\n\r\n"}`);
  });
}

test("an answer has its status, reason, version, fields, body, trailers and ends", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send(
      "HTTP/1.1 201 Gut So\r\nX-a: 1\r\nx-A: 2\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nSum: 5\r\n\r\n",
    );
  });
  const response = await client(t).request(`${server.url}/x#part`);
  assert.equal(response.status, 201);
  assert.equal(response.reason, "Gut So");
  assert.equal(response.version, "1.1");
  assert.deepEqual(response.fields.values("x-a"), ["1", "2"]);
  assert.equal(response.url, `${server.url}/x#part`);
  assert.equal(await response.body.text(), "abcde");
  assert.equal(response.trailers.get("sum"), "5");
  assert.deepEqual(response.remote, { address: "127.0.0.1", port: server.port });
  assert.equal(response.reused, false);
  assert.ok(
    (response.timing.connect ?? -1) >= 0 &&
      (response.timing.firstByte ?? -1) >= 0 &&
      (response.timing.transfer ?? -1) >= 0,
  );
  assert.equal(response.timing.dns, undefined);
});

test("user information of the URL is sent as Basic credentials, and nowhere else", async (t) => {
  const server = await scripted(t, async (conversation) => {
    conversation.answer(await conversation.head());
  });
  const response = await client(t).request(`http://me:secret@127.0.0.1:${server.port}/x`);
  const head = await response.body.text();
  assert.match(head, /^Authorization: Basic bWU6c2VjcmV0$/m);
  assert.doesNotMatch(head, /secret/);
  assert.doesNotMatch(response.url, /secret/);
});

test("HEAD, 204 and 304 have no body, whatever their fields say, and the connection goes on", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n");
    await conversation.head();
    conversation.send("HTTP/1.1 204 No Content\r\n\r\n");
    await conversation.head();
    conversation.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
  });
  const one = client(t);
  const head = await one.request(server.url, { method: "HEAD" });
  assert.equal(head.fields.get("content-length"), "5");
  assert.equal(await head.body.text(), "");
  assert.equal((await one.request(server.url)).status, 204);
  assert.equal((await one.request(server.url)).status, 304);
  assert.equal(server.conversations.length, 1);
});

test("interim answers are shown in order, and are not taken for the final one", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    conversation.answer("done");
  });
  const seen: string[] = [];
  const response = await client(t).request(server.url, {
    onInterim: ({ status, fields }: ResponseHead) => seen.push(`${status} ${fields.get("link")}`),
  });
  assert.equal(await response.body.text(), "done");
  assert.deepEqual(seen, ["102 undefined", "103 </a>"]);
});

test("onRequest and onResponse show every request as sent, and every head", async (t) => {
  const server = await scripted(t, async (conversation) => {
    conversation.answer("", "Location: /b\r\n", `302 ${(await conversation.head()).length > 0}`);
    await conversation.head();
    conversation.answer("ok");
  });
  const sent: SentRequest[] = [];
  const got: string[] = [];
  await client(t).request(`${server.url}/a`, {
    onRequest: (one) => sent.push(one),
    onResponse: ({ status }, { url, timing }) =>
      got.push(`${status} ${url} ${timing.firstByte !== undefined}`),
  });
  assert.deepEqual(got, [`302 ${server.url}/a true`, `200 ${server.url}/b true`]);
  assert.match(sent[0]?.head ?? "", /^GET \/a HTTP\/1\.1\r\nHost: [^\0]*\r\n\r\n$/);
  assert.deepEqual(
    sent.map(({ method, url, reused }) => `${method} ${url} ${reused}`),
    [`GET ${server.url}/a false`, `GET ${server.url}/b true`],
  );
  assert.equal(sent[0]?.remote.port, server.port);
});

test("what a function of the caller throws ends its request, and nothing else", async (t) => {
  const server = await scripted(t, echo);
  const one = client(t);
  for (const name of ["onRequest", "onResponse"]) {
    const thrown = new Error("mine");
    const options = {
      [name]: () => {
        throw thrown;
      },
    };
    await assert.rejects(one.request(server.url, options), (error) => error === thrown);
  }
  assert.match(await get(one, server.url), /GET/);
});

test("a UNIX socket carries requests", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-client-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "소켓.sock");
  await scripted(t, echo, path);
  const response = await client(t).request("http://anything/x", { socketPath: path });
  assert.equal(await response.body.text(), "1 GET /x HTTP/1.1 ");
  assert.deepEqual(response.remote, { address: path, port: 0 });
});

test("request() needs no client of one's own", async (t) => {
  const server = await scripted(t, echo);
  assert.equal(await (await request(server.url)).body.text(), "1 GET / HTTP/1.1 ");
});

// ── connections ───────────────────────────────────────────────────────────────────────────────────

test("a connection is kept, and the one used last is used first", async (t) => {
  const server = await scripted(t, echo);
  const one = client(t);
  await Promise.all([get(one, server.url), get(one, server.url)]);
  assert.equal(server.conversations.length, 2);
  const last = (await get(one, server.url))[0];
  for (let i = 0; i < 3; i++) assert.equal((await get(one, server.url))[0], last);
  const response = await one.request(server.url);
  assert.equal(response.reused, true);
  assert.equal(response.timing.connect, undefined);
});

test("at the limit of connections requests wait, and are served in order", async (t) => {
  const server = await scripted(t, echo);
  const one = client(t, { maxConnections: 2 });
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      await get(one, `${server.url}/${i}`);
      order.push(i);
    }),
  );
  assert.equal(server.conversations.length, 2);
  assert.deepEqual(
    order.slice().sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.ok(order.indexOf(9) >= 8 && order.indexOf(0) <= 1, order.join());
});

test("only a request that had to wait for a free connection tells of a queue", async (t) => {
  const server = await scripted(t, echo);
  const one = client(t, { maxConnections: 1 });
  const [first, second] = await Promise.all(
    ["/1", "/2"].map(async (path) => {
      const response = await one.request(server.url + path);
      await response.body.text();
      return response.timing;
    }),
  );
  assert.equal(first?.queue, undefined);
  assert.ok((second?.queue ?? -1) >= 0);
});

test("a request that waits can be aborted, and the others go on", async (t) => {
  let release = (): void => undefined;
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    await new Promise<void>((resolve) => {
      release = resolve;
      setImmediate(() => abort.abort());
    });
    conversation.answer("first");
    await echo(conversation);
  });
  const abort = new AbortController();
  const one = client(t, { maxConnections: 1 });
  const first = get(one, server.url);
  const waiting = one.request(server.url, { signal: abort.signal });
  const third = get(one, server.url);
  await assert.rejects(waiting, { code: "ABORTED" });
  release();
  assert.equal(await first, "first");
  assert.match(await third, /GET/);
});

const notKept = [
  {
    name: "Connection: close",
    answer: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
  },
  { name: "HTTP/1.0", answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok" },
  {
    name: "bytes behind the answer",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n",
  },
  {
    name: "Content-Length and Transfer-Encoding",
    answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
  },
  {
    name: "Keep-Alive: timeout=1",
    answer: "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok",
  },
];
for (const { name, answer } of notKept) {
  test(`after ${name} the connection is not used again`, async (t) => {
    const server = await scripted(t, async (conversation) => {
      await conversation.head();
      conversation.send(answer);
    });
    const one = client(t);
    for (let i = 1; i <= 2; i++) {
      assert.equal(await get(one, server.url), "ok");
      await server.conversations[i - 1]?.closed;
      assert.equal(server.conversations.length, i);
    }
  });
}

test("with HTTP/1.0 and keep-alive the connection is used again", async (t) => {
  const server = await scripted(t, async (conversation) => {
    while ((await conversation.head()) !== "") {
      conversation.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  const one = client(t);
  await get(one, server.url);
  await get(one, server.url);
  assert.equal(server.conversations.length, 1);
});

test("bytes on an unused connection end it: they are never taken for an answer", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("first");
    await conversation.head();
    conversation.answer("stray");
  });
  const one = client(t);
  assert.equal(await get(one, server.url), "first");
  const [conversation] = server.conversations as [Conversation];
  conversation.answer("stray");
  await conversation.closed;
  assert.equal(await get(one, server.url), "first");
  assert.equal(server.conversations.length, 2);
});

test("an unused connection is closed after keepAliveTimeout, and at once when none is kept", async (t) => {
  for (const keepAliveTimeout of [20, 0]) {
    const server = await scripted(t, echo);
    await get(client(t, { keepAliveTimeout }), server.url);
    await server.conversations[0]?.closed;
  }
});

// ── a second try ──────────────────────────────────────────────────────────────────────────────────

/** The first connection answers once, then breaks under the second request; later ones answer. */
function breaksSecond(how: (conversation: Conversation) => void, heard: string[]) {
  return async (conversation: Conversation): Promise<void> => {
    for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
      heard.push(head.split(" ", 1)[0] as string);
      if (conversation.number === 1 && heard.length === 2) {
        how(conversation);
        return;
      }
      conversation.answer(String(conversation.number));
    }
  };
}

const breaks = [
  { name: "closes", how: (conversation: Conversation) => conversation.end() },
  { name: "resets", how: (conversation: Conversation) => conversation.reset() },
];
const secondTries = [
  { request: { method: "GET" }, again: true },
  { request: { method: "PUT", body: "x" }, again: true },
  { request: { method: "DELETE" }, again: true },
  { request: { method: "POST", body: "x" }, again: false },
  { request: { method: "PATCH", body: "x" }, again: false },
  {
    request: {
      method: "PUT",
      body: (async function* () {
        yield Buffer.from("x");
      })(),
    },
    again: false,
  },
];
for (const { name, how } of breaks) {
  for (const { request: options, again } of secondTries) {
    const what = `${options.method}${typeof options.body === "object" ? " of a stream" : ""}`;
    test(`a ${what} is ${again ? "sent once more" : "not sent again"} when the server ${name} a kept connection`, async (t) => {
      const heard: string[] = [];
      const server = await scripted(t, breaksSecond(how, heard));
      const one = client(t);
      await get(one, server.url);
      // A stream can be read once, and each test needs its own.
      const body =
        typeof options.body === "object"
          ? (async function* () {
              yield Buffer.from("x");
            })()
          : options.body;
      const second = one.request(server.url, { ...options, body });
      if (again) {
        const response = await second;
        assert.equal(await response.body.text(), "2");
        assert.equal(response.reused, false);
        assert.deepEqual(heard, ["GET", options.method, options.method]);
      } else {
        await assert.rejects(second, { kind: "connection" });
        assert.deepEqual(heard, ["GET", options.method]);
      }
    });
  }
}

test("a request is not sent again when its connection was new", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.end();
  });
  await assert.rejects(client(t).request(server.url), { code: "CONNECTION_CLOSED" });
  assert.equal(server.conversations.length, 1);
});

test("a request is not sent again when a byte of the answer has come", async (t) => {
  const heard: string[] = [];
  const server = await scripted(
    t,
    breaksSecond((conversation) => conversation.end("H"), heard),
  );
  const one = client(t);
  await get(one, server.url);
  await assert.rejects(one.request(server.url), { code: "CONNECTION_CLOSED" });
  assert.deepEqual(heard, ["GET", "GET"]);
});

test("a request is sent again once, on a new connection, though others are kept", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("first");
    await conversation.head();
    conversation.end();
  });
  const one = client(t, { maxConnections: 3 });
  await Promise.all([get(one, server.url), get(one, server.url), get(one, server.url)]);
  assert.equal(await get(one, server.url), "first");
  assert.equal(server.conversations.length, 4);
});

// ── redirects ─────────────────────────────────────────────────────────────────────────────────────

test("a redirect is followed over the same connection, and told", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("moved", "Location: b?c\r\n", "301 Moved");
    await echo(conversation);
  });
  const response = await client(t).request(`${server.url}/a/x#part`);
  assert.equal(await response.body.text(), "1 GET /a/b?c HTTP/1.1 ");
  assert.equal(response.url, `${server.url}/a/b?c#part`);
  assert.deepEqual(
    response.redirects.map(({ status, url }) => `${status} ${url}`),
    [`301 ${server.url}/a/x#part`],
  );
  assert.equal(response.reused, true);
});

test("credentials go along within the origin, and not to another one", async (t) => {
  const heads: string[] = [];
  const other = await scripted(t, async (conversation) => {
    heads.push(await conversation.head());
    conversation.answer("there");
  });
  const server = await scripted(t, async (conversation) => {
    heads.push(await conversation.head());
    conversation.answer("", "Location: /same\r\n", "302 Found");
    heads.push(await conversation.head());
    conversation.answer("", `Location: ${other.url}/\r\n`, "302 Found");
  });
  const fields = { Authorization: "Basic x", Cookie: "c=1", "X-Mine": "1" };
  const response = await client(t).request(server.url, { fields });
  assert.equal(await response.body.text(), "there");
  const carried = heads.map((head) => /^Authorization/m.test(head) && /^Cookie/m.test(head));
  assert.deepEqual(carried, [true, true, false]);
  assert.match(heads[2] ?? "", /^X-Mine: 1$/m);
  assert.match(heads[2] ?? "", new RegExp(`^Host: 127\\.0\\.0\\.1:${other.port}$`, "m"));
});

test("303 after POST asks with GET, without the body and its fields; 307 sends both again", async (t) => {
  for (const [status, start, body] of [
    ["303 See Other", "GET / HTTP/1.1", false],
    ["307 Temporary Redirect", "POST / HTTP/1.1", true],
  ] as const) {
    let second = "";
    const server = await scripted(t, async (conversation) => {
      await conversation.until("\r\n\r\nhello");
      conversation.answer("", "Location: /\r\n", status);
      second = await conversation.head();
      if (body) assert.equal(await conversation.bytes(5), "hello");
      conversation.answer("");
    });
    await client(t).request(`${server.url}/form`, {
      method: "POST",
      body: "hello",
      fields: { "Content-Type": "text/plain" },
    });
    assert.equal(second.split("\r\n", 1)[0], start);
    assert.equal(/^content-/im.test(second), body);
  }
});

const refusedRedirects = [
  {
    name: "a streamed body asked for again",
    location: "/next",
    options: () => ({
      method: "POST",
      body: (async function* () {
        yield Buffer.from("x");
      })(),
    }),
    error: { code: "REDIRECT_BODY", kind: "usage" },
  },
  {
    name: "a circle",
    location: "/",
    options: () => ({}),
    error: { code: "REDIRECT_LOOP", kind: "protocol" },
  },
  {
    name: "one too many",
    location: "/next",
    options: () => ({ maxRedirects: 0 }),
    error: { code: "TOO_MANY_REDIRECTS", kind: "protocol" },
  },
  {
    name: "one that is not wanted",
    location: "/next",
    options: () => ({ redirect: "error" as const }),
    error: { code: "REDIRECT_UNWANTED", kind: "protocol" },
  },
  {
    name: "another scheme",
    location: "ftp://h/",
    options: () => ({}),
    error: { code: "REDIRECT_INVALID", kind: "protocol" },
  },
];
for (const { name, location, options, error } of refusedRedirects) {
  test(`a redirect fails by ${name}`, async (t) => {
    const server = await scripted(t, async (conversation) => {
      const head = await conversation.head();
      if (/chunked/i.test(head)) await conversation.until("0\r\n\r\n");
      conversation.answer("", `Location: ${location}\r\n`, "307 Temporary Redirect");
    });
    await assert.rejects(client(t).request(server.url, options()), error);
    assert.equal(server.conversations.length, 1);
  });
}

test('with redirect: "manual" the redirect is the answer', async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.answer("see", "Location: /x\r\n", "302 Found");
  });
  const response = await client(t).request(server.url, { redirect: "manual" });
  assert.equal(response.status, 302);
  assert.equal(await response.body.text(), "see");
});

test("a redirect with an endless body costs the connection, not the request", async (t) => {
  const server = await scripted(t, async (conversation) => {
    if (conversation.number === 2) return echo(conversation);
    await conversation.head();
    conversation.send(
      `HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 1000000000\r\n\r\n${"x".repeat(1000)}`,
    );
  });
  assert.equal(await get(client(t), server.url), "2 GET /x HTTP/1.1 ");
  await server.conversations[0]?.closed;
});

// ── the end ───────────────────────────────────────────────────────────────────────────────────────

test("close() lets what runs finish, closes what is unused, and takes no more", async (t) => {
  let release = (): void => undefined;
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    if (conversation.number === 2)
      await new Promise<void>((resolve) => {
        release = resolve;
        asked();
      });
    conversation.answer(String(conversation.number));
  });
  let asked = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const one = new Client();
  const first = get(one, server.url);
  const second = get(one, server.url);
  assert.equal(await first, "1");
  await reached;
  const closed = one.close();
  await server.conversations[0]?.closed;
  await assert.rejects(one.request(server.url), { code: "CLIENT_CLOSED" });
  release();
  assert.equal(await second, "2");
  await closed;
  await server.conversations[1]?.closed;
});

test("destroy() breaks off what runs", async (t) => {
  const one = new Client();
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    await one.destroy();
  });
  await assert.rejects(
    one.request(server.url),
    (error) => error instanceof ClientError && error.code === "CLIENT_CLOSED",
  );
  await server.conversations[0]?.closed;
});
