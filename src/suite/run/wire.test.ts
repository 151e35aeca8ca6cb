// One request over the wire: its framing, its limits, TLS, UNIX sockets, and how its answer comes.

import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { AUTHORITY, CLIENT, SERVER } from "../../../test/fixtures/certificates.ts";
import { accountOf, callsOf, type RunParts, runText } from "../../../test/fixtures/hurl-run.ts";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { Conversation, scripted } from "../../../test/scripted-server.ts";
import type { FileOutcome } from "./outcome.ts";

const folder = temporaryFolder();
const fileRoot = folder.path;
writeFileSync(join(fileRoot, "authority.pem"), AUTHORITY);
writeFileSync(join(fileRoot, "client.pem"), CLIENT.cert);
writeFileSync(join(fileRoot, "client.key"), CLIENT.key);

/** The heads that a server got while it answered each with these bytes. */
async function answered(
  t: TestContext,
  answer: string | Uint8Array,
  text: string,
  parts: RunParts = {},
): Promise<{
  readonly outcome: FileOutcome;
  readonly heads: readonly string[];
  readonly connections: number;
}> {
  const heads: string[] = [];
  const server = await scripted(t, async (conversation) => {
    for (let head = await conversation.head(); head !== ""; head = await conversation.head()) {
      heads.push(head);
      conversation.send(answer);
    }
  });
  const outcome = await runText(text, { ...parts, variables: { host: server.url } });
  return { outcome, heads, connections: server.conversations.length };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("framing", () => {
  test("entries of a file share a connection", async (t) => {
    const { outcome, connections } = await answered(
      t,
      OK,
      "GET {{host}}/1\n\nGET {{host}}/2\n\nHEAD {{host}}/3\n",
    );
    assert.deepEqual(accountOf(outcome), [0]);
    assert.equal(connections, 1);
  });

  test("a chunked request, because it says Transfer-Encoding: chunked", async (t) => {
    let request = "";
    const server = await scripted(t, async (conversation) => {
      request = `${await conversation.head()}\r\n\r\n${await conversation.until("0\r\n\r\n")}`;
      conversation.answer("");
    });
    const text = "PUT {{host}}/\nTransfer-Encoding: chunked\n`meow`\nHTTP 200\n";
    assert.deepEqual(accountOf(await runText(text, { variables: { host: server.url } })), [0]);
    assert.match(request, /\r\nTransfer-Encoding: chunked\r\n/i);
    assert.doesNotMatch(request, /content-length/i);
    assert.ok(request.endsWith("\r\n\r\n4\r\nmeow\r\n0\r\n\r\n"));
  });

  test("HTTP/1.0 asks for no kept connection, and an answer of its version is one", async (t) => {
    const { outcome, heads, connections } = await answered(
      t,
      "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
      "GET {{host}}/1\nHTTP/1.0 200\n\nGET {{host}}/2\nHTTP/1.0 200\n`ok`\n",
      { options: { http: "1.0" } },
    );
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(
      heads.map((head) => head.split("\r\n")[0]),
      ["GET /1 HTTP/1.0", "GET /2 HTTP/1.0"],
    );
    assert.equal(connections, 2);
  });

  test("HEAD has no body, whatever its Content-Length", async (t) => {
    const { outcome } = await answered(
      t,
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
      "HEAD {{host}}/\nHTTP 200\nContent-Length: 4\n[Asserts]\nbytes isEmpty\n",
    );
    assert.deepEqual(accountOf(outcome), [0]);
  });

  test("the head is told as it was sent", async (t) => {
    const { outcome, heads } = await answered(t, OK, "GET {{host}}/a\nX-One: 1\n");
    assert.equal(callsOf(outcome)[0]?.request.head, `${heads[0]}\r\n\r\n`);
  });

  test("an interim answer is none", async (t) => {
    const { outcome } = await answered(
      t,
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`,
      "GET {{host}}/\nHTTP 200\n`ok`\n",
    );
    assert.deepEqual(accountOf(outcome), [0]);
  });
});

describe("coded answers", () => {
  const codings = { gzip: gzipSync, "x-gzip": gzipSync, br: brotliCompressSync, deflate: deflateSync };
  for (const [coding, code] of Object.entries(codings)) {
    test(coding, async (t) => {
      const body = code("야옹");
      const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
      const text = "GET {{host}}/\nHTTP 200\n[Asserts]\nbytes count == 6\nrawbytes == hex,RAW;\n`야옹`\n";
      const { outcome } = await answered(
        t,
        Buffer.concat([Buffer.from(head), body]),
        text.replace("RAW", body.toString("hex")),
      );
      assert.deepEqual(accountOf(outcome), [0]);
    });
  }

  test("one that cannot be undone does no harm where nobody looks", async (t) => {
    const answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok";
    const { outcome } = await answered(
      t,
      answer,
      "GET {{host}}/\nHTTP 200\n[Asserts]\nrawbytes count == 2\n",
    );
    assert.deepEqual(accountOf(outcome), [0]);
    assert.match(callsOf(outcome)[0]?.response.undecoded ?? "", /^could not uncompress response with gzip/);
  });
});

describe("what ends an entry", () => {
  const cases = [
    {
      name: "a body over maxFilesize, announced",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901",
      parts: { maxFilesize: 10 },
      failure: "1:5 HTTP connection: the body has more than the 10 bytes that --max-filesize allows",
    },
    {
      name: "a body over maxFilesize, in chunks",
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n",
      parts: { maxFilesize: 10 },
      failure: "1:5 HTTP connection: the body has more than the 10 bytes that --max-filesize allows",
    },
    {
      name: "an answer that is no HTTP",
      answer: "SSH-2.0-OpenSSH\r\n\r\n",
      parts: {},
      failure: /^1:5 HTTP connection: Cannot /,
    },
    {
      name: "an answer that takes too long",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n123",
      parts: { options: { maxTime: 30 } },
      failure: /^1:5 HTTP connection: Cannot wait longer for .*it took more than 0\.03 s in all$/,
    },
  ];
  for (const { name, answer, parts, failure } of cases) {
    test(name, async (t) => {
      const { outcome } = await answered(t, answer, "GET {{host}}/\nHTTP 200\n", parts);
      const [exit, first = "", ...more] = accountOf(outcome);
      assert.deepEqual([exit, more], [3, []]);
      if (typeof failure === "string") assert.equal(first, failure);
      else assert.match(first, failure);
    });
  }

  test("a body of exactly maxFilesize is whole", async (t) => {
    const { outcome } = await answered(t, OK, "GET {{host}}/\nHTTP 200\n`ok`\n", { maxFilesize: 2 });
    assert.deepEqual(accountOf(outcome), [0]);
  });

  test("a server that closes before it answers, and one that closes within the body", async (t) => {
    for (const start of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123"]) {
      const server = await scripted(t, async (conversation) => {
        await conversation.head();
        conversation.end(start);
      });
      const outcome = await runText("POST {{host}}/\nHTTP 200\n", { variables: { host: server.url } });
      const [exit, failure = ""] = accountOf(outcome);
      assert.equal(exit, 3);
      assert.match(failure, /^1:6 HTTP connection: Cannot /);
    }
  });
});

test("over a UNIX socket", { skip: process.platform === "win32" }, async (t) => {
  const path = join(folder.path, "socket");
  const heads: string[] = [];
  await scripted(
    t,
    async (conversation) => {
      heads.push(await conversation.head());
      conversation.answer("ok");
    },
    path,
  );
  const text = `GET http://cats.test/x\n[Options]\nunix-socket: ${path}\nHTTP 200\n\`ok\`\n`;
  const outcome = await runText(text);
  assert.deepEqual(accountOf(outcome), [0]);
  assert.match(heads[0] ?? "", /^GET \/x HTTP\/1\.1\r\nHost: cats\.test\r\n/);
  assert.ok(outcome.entries[0]?.curl?.includes("--unix-socket"));
});

describe("TLS", () => {
  async function secure(t: TestContext, options: TlsOptions = {}): Promise<string> {
    let count = 0;
    const server = createTlsServer({ ...SERVER, ...options }, async (socket) => {
      const conversation = new Conversation(socket, ++count);
      while ((await conversation.head()) !== "") conversation.answer("ok");
    });
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    return `https://localhost:${(server.address() as AddressInfo).port}`;
  }

  const pin = createHash("sha256")
    .update(new X509Certificate(SERVER.cert).publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");

  const cases: readonly {
    readonly name: string;
    readonly server?: TlsOptions;
    readonly options: readonly string[];
    readonly failure?: RegExp;
  }[] = [
    { name: "insecure", options: ["insecure: true"] },
    { name: "cacert", options: ["cacert: authority.pem"] },
    { name: "nobody trusts it", options: [], failure: /^1:5 HTTP connection: Cannot .*certificate/ },
    { name: "pinnedpubkey", options: ["insecure: true", `pinnedpubkey: sha256//${pin}`] },
    {
      name: "pinnedpubkey of another",
      options: ["insecure: true", `pinnedpubkey: sha256//${"A".repeat(43)}=`],
      failure: /^1:5 HTTP connection: Cannot .*key/,
    },
    {
      name: "cert and key",
      server: { requestCert: true, ca: AUTHORITY },
      options: ["cacert: authority.pem", `cert: client.pem:${CLIENT.passphrase}`, "key: client.key"],
    },
    {
      name: "no certificate where one is asked for",
      server: { requestCert: true, ca: AUTHORITY, maxVersion: "TLSv1.2" },
      options: ["cacert: authority.pem"],
      failure: /^1:5 HTTP connection: Cannot /,
    },
    {
      name: "a file that is not there",
      options: ["cacert: none.pem"],
      failure: /^1:5 Unsupported option: Cannot .*none\.pem/,
    },
  ];
  for (const { name, server, options, failure } of cases) {
    test(name, async (t) => {
      const host = await secure(t, server);
      const text = [
        "GET {{host}}/",
        ...(options.length === 0 ? [] : ["[Options]", ...options]),
        "HTTP 200",
        "`ok`",
        "",
      ];
      const outcome = await runText(text.join("\n"), { fileRoot, variables: { host } });
      const [exit, first = ""] = accountOf(outcome);
      if (failure === undefined) assert.deepEqual([exit, first], [0, ""]);
      else {
        assert.equal(exit, 3);
        assert.match(first, failure);
      }
    });
  }

  test("the query certificate", async (t) => {
    const { serialNumber } = new X509Certificate(SERVER.cert);
    const text = `GET {{host}}/
[Options]
insecure: true
HTTP 200
[Asserts]
certificate "Subject" contains "CN=localhost"
certificate "Subject" contains "연어"
certificate "Issuer" contains "CN=Test Authority"
certificate "Start-Date" daysBeforeNow >= 0
certificate "Expire-Date" daysAfterNow > 30000
certificate "Serial-Number" replace ":" "" toString matches /(?i)^0*${serialNumber}$/
certificate "Subject-Alt-Name" contains "a.test"
certificate "Value" startsWith "-----BEGIN CERTIFICATE-----"
`;
    const outcome = await runText(text, { variables: { host: await secure(t) } });
    assert.deepEqual(accountOf(outcome), [0]);
  });
});
