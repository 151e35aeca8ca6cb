// How the commands make connections: TLS with an authority of one's own or none, a proxy, other addresses, HTTP/1.0.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { AUTHORITY, CLIENT, SERVER } from "./fixtures/certificates.ts";
import { run as sockeye } from "./fixtures/command.ts";

/** Answers each request with its own head. */
function echoHead(socket: Socket): void {
  let text = "";
  socket.setEncoding("latin1").on("data", (piece: string) => {
    text += piece;
    if (!text.includes("\r\n\r\n")) return;
    const body = text.slice(0, text.indexOf("\r\n\r\n") + 2);
    socket.end(
      `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      "latin1",
    );
  });
  socket.on("error", () => undefined);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

let folder = "";
let plain = 0;
let secure = 0;
let mutual = 0;
const servers: Server[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-connection-"));
  await writeFile(join(folder, "authority.pem"), AUTHORITY);
  await writeFile(join(folder, "client:1.pem"), CLIENT.cert);
  await writeFile(join(folder, "client.key"), CLIENT.key);
  servers.push(
    createServer(echoHead),
    createTlsServer({ key: SERVER.key, cert: SERVER.cert }, echoHead),
    createTlsServer(
      { key: SERVER.key, cert: SERVER.cert, ca: AUTHORITY, requestCert: true, maxVersion: "TLSv1.2" },
      echoHead,
    ),
  );
  [plain, secure, mutual] = (await Promise.all(servers.map(listening))) as [number, number, number];
});

after(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const works: { name: string; words: () => string[]; prints: RegExp }[] = [
  { name: "-k", words: () => ["-k", `https://localhost:${secure}/x`], prints: /^GET \/x HTTP\/1\.1\r\n/ },
  {
    name: "--cacert",
    words: () => ["--cacert", join(folder, "authority.pem"), `https://localhost:${secure}/`],
    prints: /^GET \/ /,
  },
  {
    name: "--cert with a password, a colon in the file's name, and --key",
    words: () => [
      "-k",
      "--cert",
      `${join(folder, "client\\:1.pem")}:${CLIENT.passphrase}`,
      "--key",
      join(folder, "client.key"),
      `https://localhost:${mutual}/`,
    ],
    prints: /^GET \/ /,
  },
  {
    name: "--connect-to",
    words: () => ["--connect-to", `example.test:80:127.0.0.1:${plain}`, "http://example.test/"],
    prints: /Host: example\.test\r\n/,
  },
  {
    name: "--resolve",
    words: () => ["--resolve", `example.test:${plain}:127.0.0.1`, `http://example.test:${plain}/`],
    prints: /Host: example\.test:\d+\r\n/,
  },
  {
    name: "--proxy",
    words: () => ["-x", `http://127.0.0.1:${plain}`, "http://example.test/a?b"],
    prints: /^GET http:\/\/example\.test\/a\?b HTTP\/1\.1\r\n/,
  },
  {
    name: "--http1.0",
    words: () => ["--http1.0", `http://127.0.0.1:${plain}/`],
    prints: /^GET \/ HTTP\/1\.0\r\n/,
  },
];
for (const { name, words, prints } of works) {
  test(`a request with ${name} reaches the server`, async () => {
    const { code, stdout, stderr } = await sockeye(["-b", ...words()]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, prints);
  });
}

test("the shell takes the same options", async () => {
  const { code, stdout } = await sockeye(["shell", "-k", "-c", "get x", `https://localhost:${secure}/`]);
  assert.equal(code, 0);
  assert.match(stdout, /GET \/x HTTP\/1\.1/);
});

const fails: { name: string; words: () => string[]; code: number; says: RegExp }[] = [
  {
    name: "an authority that nobody trusts",
    words: () => [`https://localhost:${secure}/`],
    code: 6,
    says: /certificate/i,
  },
  {
    name: "a file that is not there",
    words: () => ["--cacert", join(folder, "none.pem"), `https://localhost:${secure}/`],
    code: 2,
    says: /Cannot read the file .*none\.pem.*: there is no such file/,
  },
  {
    name: "a rule that is none",
    words: () => ["--connect-to", "a", "http://example.test/"],
    code: 2,
    says: /connect-to|HOST1/,
  },
  {
    name: "two families",
    words: () => ["-4", "-6", "http://example.test/"],
    code: 2,
    says: /cannot be used with/,
  },
];
for (const { name, words, code, says } of fails) {
  test(`a request with ${name} ends with ${code}`, async () => {
    const ended = await sockeye(words());
    assert.match(ended.stderr, says);
    assert.equal(ended.code, code);
  });
}
