// Connections as requests want them, over real sockets: routes, proxies, TLS, rates, and who shares with whom.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, connect as openSocket, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { AUTHORITY, CLIENT, SELF_SIGNED, SERVER } from "../../test/fixtures/certificates.ts";
import { Conversation, type Scripted, scripted } from "../../test/scripted-server.ts";
import { Client } from "./client.ts";
import type { ConnectionOptions } from "./connecting.ts";
import { ClientError } from "./errors.ts";
import type { ClientOptions, RequestOptions } from "./options.ts";
import { parseConnectTo, parseResolve } from "./routes.ts";

function client(t: TestContext, options: ClientOptions = {}): Client {
  const made = new Client(options);
  t.after(() => made.destroy());
  return made;
}

const LOOPBACK = { host: "127.0.0.1", port: 0 };

async function listening(t: TestContext, server: Server, where: object = LOOPBACK): Promise<number> {
  server.listen(where);
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port ?? 0;
}

/** Answers each request with the connection's number, the start line and the Host. */
async function echo(conversation: Conversation): Promise<void> {
  for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
    const host = /^host: (.*)$/im.exec(head)?.[1];
    conversation.answer(`${conversation.number} ${head.split("\r\n", 1)[0]} ${host}`);
  }
}

/** The same over TLS. */
async function secureEcho(t: TestContext, options: TlsOptions = {}, where?: object): Promise<number> {
  let count = 0;
  const server = createTlsServer({ ...SERVER, ...options }, (socket) => {
    echo(new Conversation(socket, ++count)).catch(() => socket.destroy());
  });
  server.on("tlsClientError", () => undefined);
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => open.add(socket));
  t.after(() => {
    for (const socket of open) socket.destroy();
  });
  return listening(t, server, where);
}

async function get(
  of: Client,
  url: string,
  connection: ConnectionOptions,
  more: RequestOptions = {},
): Promise<string> {
  return (await of.request(url, { ...more, connection })).body.text();
}

async function fails(promise: Promise<unknown>, code: string): Promise<string> {
  const found = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(found instanceof ClientError, String(found));
  assert.equal(found.code, code, found.message);
  return found.message;
}

// ── other places ──────────────────────────────────────────────────────────────────────────────────

test("connectTo leads elsewhere, and the Host stays the URL's", async (t) => {
  const [first, second] = [await scripted(t, echo), await scripted(t, echo)];
  const one = client(t);
  const connectTo = [`a.test:80:127.0.0.1:${first.port}`, `:81:127.0.0.1:${second.port}`].map(parseConnectTo);
  assert.equal(await get(one, "http://a.test/x", { connectTo }), "1 GET /x HTTP/1.1 a.test");
  assert.equal(await get(one, "http://b.test:81/y", { connectTo }), "1 GET /y HTTP/1.1 b.test:81");
  assert.equal(first.conversations.length, 1);
  assert.equal(second.conversations.length, 1);
});

test("connectTo keeps the name that a certificate is asked for", async (t) => {
  const port = await secureEcho(t);
  const connectTo = [parseConnectTo(`::127.0.0.1:${port}`)];
  const tls = { ca: AUTHORITY };
  assert.equal(await get(client(t), "https://a.test/", { connectTo, tls }), "1 GET / HTTP/1.1 a.test");
  await fails(get(client(t), "https://b.test/", { connectTo, tls }), "TLS_CERTIFICATE");
});

test("resolve gives a name its addresses, for its port only", async (t) => {
  const { port } = await scripted(t, echo);
  const resolve = [parseResolve(`예시.test:${port}:127.0.0.1`), parseResolve(`192.0.2.1:${port}:127.0.0.1`)];
  const one = client(t);
  assert.match(await get(one, `http://예시.test:${port}/`, { resolve }), /xn--vv4b11d\.test:/);
  assert.match(await get(one, `http://192.0.2.1:${port}/`, { resolve }), / 192\.0\.2\.1:/);
  const both = { resolve, connectTo: [parseConnectTo(`c.test:80:xn--vv4b11d.test:${port}`)] };
  assert.match(await get(one, "http://c.test/", both), / c\.test$/);
  const wrongFamily = get(one, `http://예시.test:${port}/`, { resolve, family: 6 });
  assert.match(await fails(wrongFamily, "NAME_NOT_FOUND"), /no IPv6 address/);
});

test("https goes over a UNIX socket, too", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-connecting-"));
  t.after(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, "a.sock");
  await secureEcho(t, {}, { path: socketPath });
  const connection = { tls: { ca: AUTHORITY }, proxy: "http://127.0.0.1:1" };
  assert.equal(
    await get(client(t), "https://a.test/", connection, { socketPath }),
    "1 GET / HTTP/1.1 a.test",
  );
  await fails(client(t).request("https://a.test/", { socketPath }), "TLS_CERTIFICATE");
});

// ── TLS ───────────────────────────────────────────────────────────────────────────────────────────

test("an answer tells the server's certificate, also when its connection is gone", async (t) => {
  const port = await secureEcho(t);
  const one = client(t);
  const response = await one.request(`https://localhost:${port}/`, {
    connection: { tls: { ca: AUTHORITY } },
  });
  await response.body.bytes();
  await one.close();
  assert.equal(response.certificate?.subject, "C=KR, O=연어, CN=localhost");
  const plain = await scripted(t, echo);
  assert.equal((await client(t).request(plain.url)).certificate, undefined);
});

test("a server that wants a client's certificate gets one", async (t) => {
  const port = await secureEcho(t, { requestCert: true, ca: AUTHORITY });
  assert.match(
    await get(client(t), `https://localhost:${port}/`, { tls: { ca: AUTHORITY, ...CLIENT } }),
    /^1 GET/,
  );
});

/** Node's own server tells nothing to a client without a certificate; OpenSSL's does, after the handshake. */
const noOpenssl: string | false =
  spawnSync("openssl", ["version"]).status === 0 ? false : "openssl is not installed";

test("a refusal that comes behind the handshake asks for the client's certificate", {
  skip: noOpenssl,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-connecting-"));
  t.after(() => rm(folder, { recursive: true }));
  const [own, authority] = [join(folder, "own.pem"), join(folder, "authority.pem")];
  await writeFile(own, `${SERVER.cert}\n${SERVER.key}\n`);
  await writeFile(authority, `${AUTHORITY}\n`);
  const options = [
    "-accept",
    "127.0.0.1:0",
    "-tls1_3",
    "-Verify",
    "1",
    "-cert",
    own,
    "-CAfile",
    authority,
    "-www",
  ];
  const server = spawn("openssl", ["s_server", ...options], { stdio: ["pipe", "pipe", "ignore"] });
  t.after(async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  });
  let printed = "";
  for await (const bytes of server.stdout.iterator({ destroyOnReturn: false })) {
    printed += bytes;
    if (/^ACCEPT \S+:\d+/m.test(printed)) break;
  }
  server.stdout.resume();
  const url = `https://localhost:${/^ACCEPT \S+:(\d+)/m.exec(printed)?.[1]}/`;
  const without = client(t).request(url, { connection: { tls: { ca: AUTHORITY } } });
  assert.match(await fails(without, "TLS_HANDSHAKE"), /"certificate required"\. Does it want a certificate/);
  const response = await client(t).request(url, { connection: { tls: { ca: AUTHORITY, ...CLIENT } } });
  assert.equal(response.status, 200);
});

test("connections are shared by requests that want the same, and by no others", async (t) => {
  const port = await secureEcho(t);
  const url = `https://localhost:${port}/`;
  const one = client(t);
  const trusted = (): ConnectionOptions => ({ tls: { ca: AUTHORITY } });
  assert.match(await get(one, url, { tls: { insecure: true } }), /^1 /);
  assert.match(await get(one, url, trusted()), /^2 /);
  assert.match(await get(one, url, trusted()), /^2 /);
  assert.match(await get(one, url, { tls: { insecure: true } }), /^1 /);
  assert.match(await get(one, url, { tls: { ca: AUTHORITY, ...CLIENT } }), /^3 /);
  assert.match(await get(one, url, { tls: { ca: Buffer.from(AUTHORITY) } }), /^4 /);
  assert.match(await get(one, url, { tls: { ca: Buffer.from(AUTHORITY) } }), /^4 /);
  await fails(get(one, url, { tls: { ca: SELF_SIGNED.cert } }), "TLS_CERTIFICATE");
  await fails(get(one, url, {}), "TLS_CERTIFICATE");
  await fails(one.request(url), "TLS_CERTIFICATE");
});

// ── proxies ───────────────────────────────────────────────────────────────────────────────────────

interface TestProxy {
  readonly port: number;
  readonly heads: string[];
}

/** Opens every tunnel to one port, or answers a CONNECT as it is told; passes on nothing else, and says what it got. */
async function proxying(t: TestContext, to: number, answer?: string, isSecure = false): Promise<TestProxy> {
  const heads: string[] = [];
  const serve = (socket: Socket): void => {
    let received = "";
    socket.on("error", () => undefined);
    const listen = (bytes: Buffer): void => {
      received += bytes.toString("latin1");
      if (!received.includes("\r\n\r\n")) return;
      heads.push(received);
      if (!received.startsWith("CONNECT ")) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nby hand");
        received = "";
        return;
      }
      socket.off("data", listen);
      if (answer !== undefined) {
        socket.end(answer, "latin1");
        return;
      }
      const onward = openSocket({ host: "127.0.0.1", port: to });
      onward.on("error", () => socket.destroy());
      socket.pipe(onward).pipe(socket);
      socket.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\n\r\n");
    };
    socket.on("data", listen);
  };
  const server = isSecure ? createTlsServer(SERVER, serve) : createServer(serve);
  return { port: await listening(t, server), heads };
}

test("a request for http is given to the proxy with the whole URL", async (t) => {
  const { port, heads } = await proxying(t, 1);
  const proxy = `http://손님:열쇠@127.0.0.1:${port}`;
  const one = client(t);
  assert.equal(await get(one, "http://a.test/x/%20?y#z", { proxy }), "by hand");
  assert.equal(await get(one, "http://a.test:81/", { proxy }, { method: "OPTIONS", target: "*" }), "by hand");
  await get(one, "http://a.test/", { proxy }, { fields: { "Proxy-Authorization": "Mine" } });
  const [first = "", second = "", third = ""] = heads;
  assert.match(first, /^GET http:\/\/a\.test\/x\/%20\?y HTTP\/1\.1\r\nHost: a\.test\r\n/);
  const credentials = Buffer.from("손님:열쇠").toString("base64");
  assert.ok(first.includes(`\r\nProxy-Authorization: Basic ${credentials}\r\n`));
  assert.match(second, /^OPTIONS http:\/\/a\.test:81 HTTP\/1\.1\r\nHost: a\.test:81\r\n/);
  assert.deepEqual(third.match(/^Proxy-Authorization: .*$/gim), ["Proxy-Authorization: Mine"]);
});

for (const isSecure of [false, true]) {
  test(`a request for https goes through a tunnel, ${isSecure ? "over TLS" : "in clear"} to the proxy`, async (t) => {
    const { port, heads } = await proxying(t, await secureEcho(t), undefined, isSecure);
    const tls = { ca: AUTHORITY };
    const scheme = isSecure ? "https" : "http";
    const connection = { proxy: `${scheme}://u:secret@localhost:${port}`, tls, proxyTls: tls };
    const one = client(t);
    const response = await one.request("https://a.test/x", { connection });
    assert.equal(await response.body.text(), "1 GET /x HTTP/1.1 a.test");
    assert.equal(response.remote.port, port);
    assert.equal(response.certificate?.serialNumber, "3e:23:bb:87:21:f8");
    assert.equal(await get(one, "https://a.test/y", connection), "1 GET /y HTTP/1.1 a.test");
    assert.equal(heads.length, 1);
    const [head = ""] = heads;
    assert.match(head, /^CONNECT a\.test:443 HTTP\/1\.1\r\nHost: a\.test:443\r\n/);
    assert.match(head, /\r\nProxy-Authorization: Basic dTpzZWNyZXQ=\r\n/);
    assert.doesNotMatch(await get(one, "https://a.test/y", connection), /Proxy/);
  });
}

test("connectTo names the tunnel's end, for http as well, and resolve the proxy's address", async (t) => {
  const { port: end } = await scripted(t, echo);
  const { port, heads } = await proxying(t, end);
  const connection = {
    proxy: `proxy.test:${port}`,
    resolve: [parseResolve(`proxy.test:${port}:127.0.0.1`)],
    connectTo: [parseConnectTo("a.test:80:[::1]:8080")],
  };
  const one = client(t);
  assert.equal(await get(one, "http://a.test/", connection), "1 GET / HTTP/1.1 a.test");
  assert.equal(await get(one, "http://a.test/again", connection), "1 GET /again HTTP/1.1 a.test");
  assert.match(heads[0] ?? "", /^CONNECT \[::1\]:8080 HTTP\/1\.1\r\nHost: \[::1\]:8080\r\n/);
});

test("noProxy goes past the proxy", async (t) => {
  const server: Scripted = await scripted(t, echo);
  const connection = { proxy: "http://127.0.0.1:1", noProxy: "a.test, 127.0.0.1" };
  assert.match(await get(client(t), server.url, connection), /^1 GET \/ HTTP/);
});

const refusals: { name: string; answer: string; user?: string; told: RegExp }[] = [
  {
    name: "407",
    answer: "HTTP/1.1 407 Auth Needed\r\n\r\n",
    told: /407 Auth Needed\. Name a user and a password/,
  },
  { name: "407", answer: "HTTP/1.1 407 No\r\n\r\n", user: "u:secret@", told: /407 No\. It does not accept/ },
  { name: "502", answer: "HTTP/1.1 502 Bad Gateway\r\n\r\n", told: /502 Bad Gateway\. Is the server up/ },
  { name: "403", answer: "HTTP/1.0 403 \r\n\r\n", told: /it answered 403\. Does it allow tunnels/ },
  { name: "an end", answer: "", told: /its answer cannot be read: .*closed the connection/ },
  { name: "something else", answer: "SSH-2.0-x\r\n\r\n", told: /its answer cannot be read/ },
  { name: "bytes behind its 200", answer: "HTTP/1.1 200 OK\r\n\r\nhello", told: /nobody had asked for/ },
];
for (const { name, answer, user = "", told } of refusals) {
  test(`a proxy that answers CONNECT with ${name} is named${user === "" ? "" : ", its user is not"}`, async (t) => {
    const { port } = await proxying(t, 1, answer);
    const proxy = `http://${user}127.0.0.1:${port}`;
    const message = await fails(
      client(t).request("https://a.test/", { connection: { proxy } }),
      "PROXY_REFUSED",
    );
    assert.ok(
      message.startsWith(`Cannot connect to a.test:443 through the proxy http://127.0.0.1:${port}: `),
      message,
    );
    assert.match(message, told);
    assert.doesNotMatch(message, /secret/);
  });
}

test("a redirect from http to https goes from the proxy's hands into a tunnel", async (t) => {
  const end = await secureEcho(t);
  const seen: string[] = [];
  const proxy = await scripted(t, async (conversation) => {
    const head = await conversation.head();
    seen.push(head.split("\r\n", 1)[0] as string);
    if (head.startsWith("CONNECT")) {
      const onward = openSocket({ host: "127.0.0.1", port: end });
      onward.on("error", () => undefined);
      conversation.send("HTTP/1.1 200 OK\r\n\r\n");
      conversation.socket.removeAllListeners("data").removeAllListeners("end");
      conversation.socket.pipe(onward).pipe(conversation.socket);
    } else conversation.answer("", "Location: https://a.test/there\r\n", "302 Found");
  });
  const connection = { proxy: proxy.url, tls: { ca: AUTHORITY } };
  assert.equal(await get(client(t), "http://a.test/here", connection), "1 GET /there HTTP/1.1 a.test");
  assert.deepEqual(seen, ["GET http://a.test/here HTTP/1.1", "CONNECT a.test:443 HTTP/1.1"]);
});

for (const [connection, told] of [
  [{ proxy: "socks5://h:1" }, /socks5 is not spoken/],
  [{ limitRate: 0 }, /limit the rate to 0/],
  [{ limitRate: Number.NaN }, /limit the rate to NaN/],
] as const) {
  test(`${JSON.stringify(connection)} is refused before anything is sent`, async (t) => {
    assert.match(
      await fails(client(t).request("http://127.0.0.1:1/", { connection }), "OPTION_INVALID"),
      told,
    );
  });
}

// ── rates ─────────────────────────────────────────────────────────────────────────────────────────

test("a limited rate sends the request in pieces, and loses nothing either way", async (t) => {
  const came: number[] = [];
  const server = await scripted(t, async (conversation) => {
    conversation.socket.on("data", (bytes: Buffer) => came.push(bytes.length));
    const head = await conversation.head();
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    conversation.answer(await conversation.bytes(length));
  });
  const body = "0123456789".repeat(3000);
  const response = await client(t).request(server.url, {
    method: "POST",
    body,
    // Shorter than the sending takes: it counts from the last byte on.
    firstByteTimeout: 600,
    connection: { limitRate: 40_000 },
  });
  assert.equal(await response.body.text(), body);
  assert.ok(came.length >= 4, String(came));
});

// ── HTTP/1.0 ──────────────────────────────────────────────────────────────────────────────────────

/** Answers with start line, Host, Connection and body, in the version of its choice. */
async function echoOld(conversation: Conversation, version: string, fields = ""): Promise<void> {
  for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const host = /^host: \S+$/im.test(head) ? "Host" : "no Host";
    const text = `${conversation.number} ${head.split("\r\n", 1)[0]} ${host} ${await conversation.bytes(length)}`;
    conversation.send(`HTTP/${version} 200 OK\r\n${fields}Content-Length: ${text.length}\r\n\r\n${text}`);
  }
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

for (const version of ["1.0", "1.1"]) {
  test(`each request of HTTP/1.0 has its own connection to a server of HTTP/${version}`, async (t) => {
    const server = await scripted(t, (conversation) => echoOld(conversation, version));
    const one = client(t);
    const ask = (options: RequestOptions): Promise<string> =>
      one.request(server.url, { version: "1.0", ...options }).then(({ body }) => body.text());
    assert.equal(await ask({}), "1 GET / HTTP/1.0 Host ");
    assert.equal(
      await ask({ method: "POST", body: "안녕", expectContinue: true }),
      "2 POST / HTTP/1.0 Host 안녕",
    );
    assert.equal(await ask({ method: "PUT", body: pieces("a", "b"), length: 2 }), "3 PUT / HTTP/1.0 Host ab");
  });
}

test("a connection of HTTP/1.0 is kept when both sides ask for it", async (t) => {
  const server = await scripted(t, (conversation) =>
    echoOld(conversation, "1.0", "Connection: keep-alive\r\n"),
  );
  const one = client(t);
  for (let i = 0; i < 2; i++) {
    const response = await one.request(server.url, { version: "1.0", fields: { Connection: "keep-alive" } });
    assert.equal(await response.body.text(), "1 GET / HTTP/1.0 Host ");
  }
});

test("a body of HTTP/1.0 may last until the connection ends", async (t) => {
  const server = await scripted(t, async (conversation) => {
    await conversation.head();
    conversation.end("HTTP/1.0 200 OK\r\n\r\nto the end");
  });
  const response = await client(t).request(server.url, { version: "1.0" });
  assert.equal(response.version, "1.0");
  assert.equal(await response.body.text(), "to the end");
});

test("a body of unknown length is not sent in HTTP/1.0", async (t) => {
  const server = await scripted(t, () => undefined);
  const sent = client(t).request(server.url, { version: "1.0", method: "POST", body: pieces("a") });
  assert.match(await fails(sent, "REQUEST_INVALID"), /unknown length.*Tell its length/);
});
