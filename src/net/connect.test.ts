import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo, LookupFunction, Server } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { SELF_SIGNED } from "../../test/fixtures/certificates.ts";
import { type Connected, type ConnectOptions, connect } from "./connect.ts";
import { type ConnectAddress, ConnectError } from "./connect-errors.ts";

async function listening(t: TestContext, server: Server, host = "127.0.0.1"): Promise<number> {
  server.listen({ host, port: 0 });
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function opened(
  t: TestContext,
  where: ConnectAddress,
  options: Partial<ConnectOptions> = {},
): Promise<Connected> {
  const connected = await connect(where, { timeout: 5000, ...options });
  t.after(() => connected.transport.destroy());
  return connected;
}

/** Sends a greeting, and gives what comes back until the other side ends. */
function exchange({ transport }: Connected, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    transport.attach({
      received(bytes) {
        received += Buffer.from(bytes).toString("latin1");
      },
      ended() {
        resolve(received);
      },
      drained() {},
      stalled() {},
      closed: (error) => reject(error ?? new Error(`closed after ${JSON.stringify(received)}`)),
    });
    transport.write(text);
  });
}

const echo = (): Server =>
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.once("data", (bytes) => socket.end(bytes));
    socket.on("error", () => undefined);
  });

/** Resolves every name to these addresses. */
function lookupOf(...addresses: string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (_, __, done) => setImmediate(done, null, all);
}

test("connect() opens TCP to an address", async (t) => {
  const port = await listening(t, echo());
  const connected = await opened(t, { host: "127.0.0.1", port });
  assert.deepEqual(connected.transport.remote, { address: "127.0.0.1", port });
  assert.equal(connected.timing.dns, undefined);
  assert.equal(connected.timing.tls, undefined);
  assert.equal(await exchange(connected, "hello"), "hello");
});

test("connect() opens TCP to a name, and tells how long the name took", async (t) => {
  const port = await listening(t, echo());
  const connected = await opened(t, { host: "a.test", port }, { lookup: lookupOf("127.0.0.1") });
  assert.ok((connected.timing.dns ?? -1) >= 0);
  assert.equal(await exchange(connected, "hello"), "hello");
});

test("connect() goes on to the next address of a name", async (t) => {
  const port = await listening(t, echo());
  const connected = await opened(
    t,
    { host: "a.test", port },
    { lookup: lookupOf("::1", "127.0.0.2", "127.0.0.1") },
  );
  assert.equal(connected.transport.remote.address, "127.0.0.1");
});

test("connect() opens UNIX sockets", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-connect-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "a.sock");
  const server = echo().listen(path);
  await once(server, "listening");
  t.after(() => server.close());
  const connected = await opened(t, { path });
  assert.deepEqual(connected.transport.remote, { address: path, port: 0 });
  assert.equal(await exchange(connected, "hello"), "hello");
});

test("what a server said before it broke the connection off is read, though a write fails first", async (t) => {
  const port = await listening(
    t,
    createServer((socket) => {
      // Closing with unread bytes in the buffer sends a reset.
      socket.pause();
      socket.write("last words", () => socket.destroy());
    }),
  );
  const connected = await opened(t, { host: "127.0.0.1", port });
  const { transport } = connected;
  let received = "";
  const closed = new Promise<void>((resolve) => {
    transport.attach({
      received(bytes) {
        received += Buffer.from(bytes).toString();
      },
      ended() {
        transport.destroy();
      },
      drained() {},
      stalled() {},
      closed: () => resolve(),
    });
  });
  // No turn of the loop in between: the writes meet the reset before anything can be read.
  const until = performance.now() + 50;
  while (performance.now() < until) transport.write("x");
  await closed;
  assert.equal(received, "last words");
});

for (const how of ["end", "reset"] as const) {
  test(`an ${how === "end" ? "end in good order" : "abrupt reset"} right behind data is told as what it is`, async (t) => {
    const port = await listening(
      t,
      createServer({ allowHalfOpen: true }, (socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => {
          socket.write("last words", () => {
            if (how === "end") socket.end();
            else Object.assign(socket, { resetAndClosing: true }).destroy();
          });
        });
      }),
    );
    const { transport } = await opened(t, { host: "127.0.0.1", port });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      transport.attach({
        received: (bytes) => seen.push(Buffer.from(bytes).toString()),
        ended() {
          seen.push("ended");
          transport.destroy();
        },
        drained() {},
        stalled() {},
        closed(error) {
          seen.push((error as NodeJS.ErrnoException | undefined)?.code ?? "closed");
          resolve();
        },
      });
      transport.write("hello");
    });
    assert.deepEqual(seen, how === "end" ? ["last words", "ended", "closed"] : ["last words", "ECONNRESET"]);
  });
}

// ── why it fails ──────────────────────────────────────────────────────────────────────────────────

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function failing(code: string): LookupFunction {
  return (_, __, done) => done(Object.assign(new Error(code), { code }), "", 4);
}

function rejects(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof ConnectError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test("a refused connection asks whether the server runs, and where it is bound", async () => {
  const port = await freePort();
  await rejects(
    connect({ host: "127.0.0.1", port }, { timeout: 5000 }),
    "CONNECTION_REFUSED",
    /Is the server running\?.*127\.0\.0\.1 only/,
  );
});

test("a connection refused at every address of a name names them", async () => {
  const port = await freePort();
  const refused = connect(
    { host: "a.test", port },
    { timeout: 5000, lookup: lookupOf("127.0.0.1", "127.0.0.2") },
  );
  await rejects(
    refused,
    "CONNECTION_REFUSED",
    /^Cannot connect to a\.test:\d+: connection refused \(tried 127\.0\.0\.1, 127\.0\.0\.2\)/,
  );
});

const names = [
  { system: "ENOTFOUND", message: /a\.test has no address/ },
  { system: "EAI_AGAIN", message: /no name server.*online/ },
];
for (const { system, message } of names) {
  test(`a name that fails with ${system} is NAME_NOT_FOUND`, async () => {
    await rejects(
      connect({ host: "a.test", port: 1 }, { timeout: 5000, lookup: failing(system) }),
      "NAME_NOT_FOUND",
      message,
    );
  });
}

for (const [system, code, message] of [
  ["ETIMEDOUT", "CONNECT_TIMEOUT", /firewall or a cloud security group/],
  ["EHOSTUNREACH", "HOST_UNREACHABLE", /no way to that host/],
  ["ENETUNREACH", "HOST_UNREACHABLE", /no way to that host/],
] as const) {
  test(`${system} of the system is ${code}`, async () => {
    await rejects(
      connect({ host: "a.test", port: 1 }, { timeout: 5000, lookup: failing(system) }),
      code,
      message,
    );
  });
}

test("a name server that does not answer is a timeout that says so", async () => {
  const never: LookupFunction = () => undefined;
  await rejects(
    connect({ host: "a.test", port: 1 }, { timeout: 20, lookup: never }),
    "CONNECT_TIMEOUT",
    /name was not resolved within 0\.02 s/,
  );
});

test("a socket file that is missing, and one that nobody listens on", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-connect-"));
  t.after(() => rm(folder, { recursive: true }));
  await rejects(
    connect({ path: join(folder, "none") }, { timeout: 5000 }),
    "SOCKET_NOT_FOUND",
    /there is no such socket/,
  );
  await writeFile(join(folder, "file"), "");
  await rejects(
    connect({ path: join(folder, "file") }, { timeout: 5000 }),
    "CONNECTION_REFUSED",
    /no program listens/,
  );
});

test("an aborted signal ends it with its reason, before and meanwhile", async () => {
  const reason = new Error("mine");
  const where = { host: "a.test", port: 1 };
  const options = { timeout: 5000, lookup: (() => undefined) as LookupFunction };
  const before = connect(where, { ...options, signal: AbortSignal.abort(reason) });
  await assert.rejects(before, (error) => error === reason);
  const abort = new AbortController();
  const meanwhile = connect(where, { ...options, signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(meanwhile, (error) => error === reason);
});

// ── TLS ───────────────────────────────────────────────────────────────────────────────────────────

const { key: KEY, cert: CERTIFICATE } = SELF_SIGNED;

async function tlsPort(t: TestContext): Promise<number> {
  const server = createTlsServer({ key: KEY, cert: CERTIFICATE, ALPNProtocols: ["http/1.1"] }, (socket) => {
    socket.once("data", (bytes) => socket.end(`${socket.alpnProtocol} ${bytes}`));
    socket.on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  return listening(t, server);
}

test("connect() opens TLS to a server whose certificate is trusted", async (t) => {
  const port = await tlsPort(t);
  const connected = await opened(
    t,
    { host: "localhost", port, tls: true },
    { tls: { ca: CERTIFICATE }, lookup: lookupOf("127.0.0.1") },
  );
  assert.ok((connected.timing.tls ?? -1) >= 0);
  assert.equal(await exchange(connected, "hello"), "http/1.1 hello");
});

test("a certificate that nobody vouches for is refused", async (t) => {
  const port = await tlsPort(t);
  await rejects(
    connect({ host: "localhost", port, tls: true }, { timeout: 5000 }),
    "TLS_CERTIFICATE",
    /no authority.*NODE_EXTRA_CA_CERTS/,
  );
});

test("a certificate for another name is refused", async (t) => {
  const port = await tlsPort(t);
  const other = connect(
    { host: "other.test", port, tls: true },
    { timeout: 5000, tls: { ca: CERTIFICATE }, lookup: lookupOf("127.0.0.1") },
  );
  await rejects(other, "TLS_CERTIFICATE", /for another name/);
});

test("a port that speaks something else than TLS is told", async (t) => {
  const port = await listening(
    t,
    createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
  );
  await rejects(
    connect({ host: "127.0.0.1", port, tls: true }, { timeout: 5000 }),
    "TLS_HANDSHAKE",
    /plain http/,
  );
});

test("a TLS handshake that does not end is a timeout that says so", async (t) => {
  const port = await listening(
    t,
    createServer((socket) => {
      socket.on("error", () => undefined).resume();
    }),
  );
  await rejects(
    connect({ host: "127.0.0.1", port, tls: true }, { timeout: 50 }),
    "CONNECT_TIMEOUT",
    /TLS handshake did not end/,
  );
});
