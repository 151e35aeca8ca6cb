// TLS as its caller wants it: whom to trust, who one is, what the server shows, and stations on the way.

import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  connect as openSocket,
  type Server,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { AUTHORITY, CLIENT, SELF_SIGNED, SERVER } from "../../test/fixtures/certificates.ts";
import { type Connected, type ConnectOptions, connect } from "./connect.ts";
import { type ConnectAddress, ConnectError } from "./connect-errors.ts";
import type { TlsSettings } from "./tls-settings.ts";
import type { Transport } from "./transport.ts";

/** Says who the client is, and what it called the server, then what the client said. */
function greet(socket: TLSSocket): void {
  const who = socket.getPeerX509Certificate()?.subject ?? "nobody";
  socket.on("error", () => undefined);
  socket.once("data", (bytes) => socket.end(`${who} ${socket.servername || "-"} ${bytes}`));
}

async function listening(t: TestContext, server: Server, where: object): Promise<number> {
  server.listen(where);
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port ?? 0;
}

function tlsServer(options: TlsOptions = {}): Server {
  const server = createServer({ ...SERVER, ...options }, greet);
  server.on("tlsClientError", () => undefined);
  return server;
}

function serving(t: TestContext, options?: TlsOptions): Promise<number> {
  return listening(t, tlsServer(options), { host: "127.0.0.1", port: 0 });
}

const toLoopback: LookupFunction = (_, __, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);

async function opened(
  t: TestContext,
  where: ConnectAddress,
  options: Partial<ConnectOptions>,
): Promise<Connected> {
  const connected = await connect(where, { timeout: 5000, lookup: toLoopback, ...options });
  t.after(() => connected.transport.destroy());
  return connected;
}

/** What comes until the other side ends, after `text` was sent. */
function answerTo(transport: Transport, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    transport.attach({
      received: (bytes) => void pieces.push(bytes),
      ended: () => resolve(Buffer.concat(pieces).toString("utf8")),
      drained() {},
      stalled() {},
      closed: (error) => reject(error ?? new Error("closed")),
    });
    transport.write(text);
  });
}

async function fails(where: ConnectAddress, options: Partial<ConnectOptions>, code: string): Promise<string> {
  const found = await connect(where, { timeout: 5000, lookup: toLoopback, ...options }).catch(
    (error: unknown) => error,
  );
  assert.ok(found instanceof ConnectError, String(found));
  assert.equal(found.code, code, found.message);
  return found.message;
}

// ── whom to trust ─────────────────────────────────────────────────────────────────────────────────

const trusting: { name: string; host: string; tls: TlsSettings; server?: TlsOptions }[] = [
  { name: "an authority of the caller's", host: "localhost", tls: { ca: AUTHORITY } },
  { name: "one of several authorities", host: "localhost", tls: { ca: [SELF_SIGNED.cert, AUTHORITY] } },
  { name: "an authority in bytes", host: "localhost", tls: { ca: Buffer.from(AUTHORITY) } },
  { name: "an address that the certificate names", host: "127.0.0.1", tls: { ca: AUTHORITY } },
  { name: "anybody, when it is insecure", host: "localhost", tls: { insecure: true }, server: SELF_SIGNED },
  { name: "any name, when it is insecure", host: "other.test", tls: { insecure: true } },
];
for (const { name, host, tls, server } of trusting) {
  test(`TLS trusts ${name}`, async (t) => {
    const port = await serving(t, server);
    const { transport } = await opened(t, { host, port, tls: true }, { tls });
    const servername = host === "127.0.0.1" ? "-" : host;
    assert.equal(await answerTo(transport, "hi"), `nobody ${servername} hi`);
  });
}

test("a self-signed certificate is refused, with the way out", async (t) => {
  const port = await serving(t, SELF_SIGNED);
  const told = await fails({ host: "localhost", port, tls: true }, {}, "TLS_CERTIFICATE");
  assert.match(
    told,
    /one of your own, name its authority's file, as cacert .* NODE_EXTRA_CA_CERTS; insecure/,
  );
});

test("the certificate is asked for the server's name, wherever it is found", async (t) => {
  const port = await serving(t);
  const tls = { ca: AUTHORITY };
  const at = (host: string, name: string): ConnectAddress => ({ host, port, tls: true, name });
  const { transport } = await opened(t, at("127.0.0.1", "a.test"), { tls });
  assert.equal(await answerTo(transport, "hi"), "nobody a.test hi");
  await opened(t, at("unknown.test", "127.0.0.1"), { tls });
  await fails(at("localhost", "b.test"), { tls }, "TLS_CERTIFICATE");
  await fails(at("localhost", "127.0.0.2"), { tls }, "TLS_CERTIFICATE");
});

// ── pinned keys ───────────────────────────────────────────────────────────────────────────────────

const PUBLIC_KEY = createPublicKey(createPrivateKey(SERVER.key));
const DER = PUBLIC_KEY.export({ type: "spki", format: "der" });
const PIN = `sha256//${createHash("sha256").update(DER).digest("base64")}`;
const OTHER_PIN = `sha256//${Buffer.alloc(32).toString("base64")}`;

const pins: { name: string; pinnedKey: string | Uint8Array; error?: string }[] = [
  { name: "its own", pinnedKey: PIN },
  { name: "its own among others", pinnedKey: `${OTHER_PIN};${PIN}` },
  { name: "its own as PEM", pinnedKey: PUBLIC_KEY.export({ type: "spki", format: "pem" }) as string },
  { name: "its own as DER", pinnedKey: DER },
  { name: "another", pinnedKey: OTHER_PIN, error: "TLS_PINNED_KEY" },
  { name: "a list that is spoilt", pinnedKey: `${PIN};sha256//abc`, error: "TLS_MATERIAL" },
  { name: "no key at all", pinnedKey: "key.pem", error: "TLS_MATERIAL" },
  { name: "a private key", pinnedKey: SERVER.key, error: "TLS_MATERIAL" },
];
for (const { name, pinnedKey, error } of pins) {
  for (const insecure of [false, true]) {
    test(`a server whose pinned key is ${name} is ${error ?? "taken"}${insecure ? ", insecure though it is" : ""}`, async (t) => {
      const port = await serving(t);
      const where = { host: "localhost", port, tls: true };
      const tls = { ca: AUTHORITY, pinnedKey, insecure };
      if (error === undefined) {
        const { transport } = await opened(t, where, { tls });
        assert.equal(await answerTo(transport, "hi"), "nobody localhost hi");
      } else {
        const told = await fails(where, { tls }, error);
        if (error === "TLS_PINNED_KEY") assert.ok(told.includes(PIN), told);
      }
    });
  }
}

// ── who the client is ─────────────────────────────────────────────────────────────────────────────

const both = `${CLIENT.cert}\n${CLIENT.key}\n`;
const { passphrase } = CLIENT;
const clients: { name: string; tls: TlsSettings; error?: string; told?: RegExp }[] = [
  { name: "certificate, key and passphrase", tls: CLIENT },
  { name: "certificate and key in one file", tls: { cert: both, passphrase } },
  { name: "bytes", tls: { cert: Buffer.from(CLIENT.cert), key: Buffer.from(CLIENT.key), passphrase } },
  {
    name: "no passphrase",
    tls: { cert: CLIENT.cert, key: CLIENT.key },
    error: "TLS_MATERIAL",
    told: /passphrase/,
  },
  {
    name: "a wrong passphrase",
    tls: { ...CLIENT, passphrase: "secret-word" },
    error: "TLS_MATERIAL",
    told: /passphrase/,
  },
  {
    name: "another's key",
    tls: { ...CLIENT, key: SERVER.key },
    error: "TLS_MATERIAL",
    told: /belongs to another/,
  },
  { name: "no key", tls: { cert: CLIENT.cert }, error: "TLS_MATERIAL", told: /no private key/ },
  {
    name: "no certificate",
    tls: { key: SERVER.key },
    error: "TLS_MATERIAL",
    told: /without its certificate/,
  },
  {
    name: "a certificate that is none",
    tls: { ...CLIENT, cert: "abc" },
    error: "TLS_MATERIAL",
    told: /not in PEM/,
  },
  { name: "an authority that is none", tls: { ca: "abc" }, error: "TLS_MATERIAL", told: /authorities.*PEM/ },
  {
    name: "an authority that is spoilt",
    tls: { ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
    error: "TLS_MATERIAL",
    told: /authorities.*PEM/,
  },
];
for (const { name, tls, error, told } of clients) {
  test(`a client with ${name} is ${error ?? "known to the server"}`, async (t) => {
    const port = await serving(t, { requestCert: true, ca: AUTHORITY });
    const where = { host: "localhost", port, tls: true };
    if (error === undefined) {
      const { transport } = await opened(t, where, { tls: { ca: AUTHORITY, ...tls } });
      assert.equal(await answerTo(transport, "hi"), "CN=손님 localhost hi");
    } else {
      const message = await fails(where, { tls: { ca: AUTHORITY, ...tls } }, error);
      assert.match(message, told as RegExp);
      assert.doesNotMatch(message, /secret-word|PRIVATE/);
    }
  });
}

test("a server of TLS 1.2 that wants a certificate says so in the handshake", async (t) => {
  const port = await serving(t, { requestCert: true, ca: AUTHORITY, maxVersion: "TLSv1.2" });
  const where = { host: "localhost", port, tls: true };
  assert.match(
    await fails(where, { tls: { ca: AUTHORITY } }, "TLS_HANDSHAKE"),
    /certificate of the client's/,
  );
});

// ── what the server shows ─────────────────────────────────────────────────────────────────────────

test("the server's certificate can be read, also when the connection is gone", async (t) => {
  const port = await serving(t);
  const where = { host: "localhost", port, tls: true };
  const { certificate, transport } = await opened(t, where, { tls: { ca: AUTHORITY } });
  transport.destroy();
  assert.deepEqual(certificate?.(), {
    subject: "C=KR, O=연어, CN=localhost",
    issuer: 'C=KR, O="대한, Inc.", CN=Test Authority',
    start: new Date("2020-01-01T00:00:00Z"),
    expire: new Date("2120-01-01T00:00:00Z"),
    serialNumber: "3e:23:bb:87:21:f8",
    subjectAltName: "DNS:localhost, DNS:a.test, IP Address:127.0.0.1",
    pem: `${SERVER.cert}\n`,
  });
});

test("without TLS there is no certificate", async (t) => {
  const port = await listening(t, createTcpServer(), { host: "127.0.0.1", port: 0 });
  const { certificate } = await opened(t, { host: "127.0.0.1", port }, {});
  assert.equal(certificate, undefined);
});

// ── stations on the way ───────────────────────────────────────────────────────────────────────────

test("TLS is spoken through a UNIX socket to the server behind it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-tls-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "a.sock");
  await listening(t, tlsServer(), { path });
  const { transport, timing } = await opened(
    t,
    { host: "a.test", port: 443, tls: true },
    { tls: { ca: AUTHORITY }, through: { address: { path } } },
  );
  assert.equal(transport.remote.address, path);
  assert.ok((timing.tls ?? -1) >= 0);
  assert.equal(await answerTo(transport, "hi"), "nobody a.test hi");
});

/** Takes a word for its permission, and passes on everything behind it. */
function station(port: number, isSecure: boolean): Server {
  const pass = (socket: Socket): void => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      const onward = openSocket({ host: "127.0.0.1", port });
      onward.on("error", () => undefined);
      socket.pipe(onward).pipe(socket);
      socket.write("go");
    });
  };
  return isSecure ? createServer(SERVER, pass) : createTcpServer(pass);
}

function enter(transport: Transport): Promise<void> {
  return new Promise((resolve, reject) => {
    transport.attach({
      received: () => resolve(),
      ended() {},
      drained() {},
      stalled() {},
      closed: (error) => reject(error ?? new Error("closed")),
    });
    transport.write("may I?");
  });
}

for (const outer of [false, true]) {
  for (const inner of [false, true]) {
    test(`${inner ? "TLS" : "TCP"} goes on behind a station of ${outer ? "TLS" : "TCP"}`, async (t) => {
      const echo = createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", (bytes) => socket.end(`nobody a.test ${bytes}`));
      });
      const port = await listening(t, inner ? tlsServer() : echo, { host: "127.0.0.1", port: 0 });
      const proxyPort = await listening(t, station(port, outer), { host: "127.0.0.1", port: 0 });
      const tls = { ca: AUTHORITY };
      const address = { host: "localhost", port: proxyPort, tls: outer };
      const { transport, certificate } = await opened(
        t,
        { host: "a.test", port: 443, tls: inner },
        { tls, through: { address, tls, enter } },
      );
      assert.deepEqual(transport.remote, { address: "127.0.0.1", port: proxyPort });
      assert.equal(await answerTo(transport, "hi"), "nobody a.test hi");
      assert.equal(certificate === undefined, !inner);
    });
  }
}

test("a station that refuses ends it with its own reason", async (t) => {
  const port = await serving(t);
  const reason = new Error("mine");
  const through = { address: { host: "127.0.0.1", port }, enter: () => Promise.reject(reason) };
  const refused = connect({ host: "a.test", port: 1 }, { timeout: 5000, through });
  await assert.rejects(refused, (error) => error === reason);
});

test("a station that does not answer is a timeout that says so", async (t) => {
  const port = await listening(t, createTcpServer(), { host: "127.0.0.1", port: 0 });
  const through = { address: { host: "127.0.0.1", port }, enter };
  const told = await fails({ host: "a.test", port: 1 }, { timeout: 50, through }, "CONNECT_TIMEOUT");
  assert.match(told, /not passed on/);
});

// ── families of addresses ─────────────────────────────────────────────────────────────────────────

test("only addresses of the wanted family are used", async (t) => {
  const asked: unknown[] = [];
  const lookup: LookupFunction = (_, { family }, done) => {
    asked.push(family);
    if (family === 4) done(null, [{ address: "127.0.0.1", family: 4 }]);
    else done(Object.assign(new Error("none"), { code: "ENOTFOUND" }), []);
  };
  const port = await listening(t, createTcpServer(), { host: "127.0.0.1", port: 0 });
  await opened(t, { host: "a.test", port }, { lookup, family: 4 });
  assert.match(
    await fails({ host: "a.test", port }, { lookup, family: 6 }, "NAME_NOT_FOUND"),
    /no IPv6 address/,
  );
  assert.deepEqual(asked, [4, 6]);
});

test("an address of the other family is refused", async () => {
  assert.match(await fails({ host: "::1", port: 1 }, { family: 4 }, "NAME_NOT_FOUND"), /no IPv4 address/);
  assert.match(
    await fails({ host: "127.0.0.1", port: 1 }, { family: 6 }, "NAME_NOT_FOUND"),
    /no IPv6 address/,
  );
});
