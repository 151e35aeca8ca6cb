// The one-shot command as a person or a script runs it: a process of its own against a real server, in pipes.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { open, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createRawServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type RunOptions, sockeye } from "./fixtures/client-command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const BINARY = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));
const JSON_TEXT = '{"b":12345678901234567890,"a":"핑핑"}';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** What the server has to say, by path. */
const ANSWERS: { readonly [path: string]: Answer } = {
  "/echo": (request, response, body) => {
    const { method, url, headers } = request;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ method, url, headers, body: body.toString("utf8") }));
  },
  "/binary": (_request, response) => response.end(BINARY),
  "/gzip": (_request, response) => response.setHeader("Content-Encoding", "gzip").end(gzipSync(BINARY)),
  "/json": (_request, response) => response.setHeader("Content-Type", "application/json").end(JSON_TEXT),
  "/see": (_request, response) => response.writeHead(302, { Location: "/json" }).end(),
  "/bad": (_request, response) => response.writeHead(400).end("bad\n"),
  "/broken": (_request, response) => response.writeHead(503).end("broken\n"),
  "/early": (_request, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("done");
  },
  "/trailers": (_request, response) => {
    response.writeHead(200, { Trailer: "X-Sum" });
    response.write("data\n");
    response.addTrailers({ "X-Sum": "42" });
    response.end();
  },
  "/silent": () => undefined,
  "/cut": (_request, response) => {
    response.writeHead(200, { "Content-Length": "100" });
    response.write("only this", () => response.destroy());
  },
};

let server: Server;
let origin = "";
before(async () => {
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const path = request.url?.replace(/\?.*/, "") ?? "";
    const answer = ANSWERS[path];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response, Buffer.concat(pieces));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const folder = temporaryFolder();

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

async function echo(args: readonly string[], options?: RunOptions): Promise<Echo> {
  const { code, stdout, stderr } = await sockeye(args, options);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.toString("utf8")) as Echo;
}

const noCurl =
  spawnSync("sh", ["-c", "curl --version"]).status === 0 ? false : "there is no POSIX shell, or no curl";

/** The request that a command makes, as the server had it; without what every tool says of itself. */
async function echoOf(command: string): Promise<Echo> {
  const { stdout } = await promisify(execFile)("sh", ["-c", command], { cwd: folder.path });
  return withoutOwn(JSON.parse(stdout.slice(stdout.indexOf("\r\n\r\n") + 4)) as Echo);
}

function withoutOwn({ headers, ...rest }: Echo): Echo {
  const { "user-agent": _agent, "accept-encoding": _coding, connection: _connection, ...others } = headers;
  return { ...rest, headers: others };
}

describe("what is sent", { concurrency: 2 }, () => {
  interface Case {
    readonly name: string;
    readonly args: (url: string) => string[];
    readonly stdin?: Uint8Array;
    readonly is: Partial<Echo>;
    /** Undefined: the field is not sent. */
    readonly headers?: { readonly [name: string]: string | undefined };
  }
  const cases: Case[] = [
    {
      name: "a URL alone is GET",
      args: (url) => [url],
      is: { method: "GET", body: "" },
      headers: { accept: "*/*", "content-type": undefined },
    },
    {
      name: "items make JSON and POST, numbers and order as typed",
      args: (url) => [url, "name=핑핑", "big:=12345678901234567890", "1=one", "list:=[1, 2]"],
      is: {
        method: "POST",
        body: '{"name": "핑핑", "big": 12345678901234567890, "1": "one", "list": [1, 2]}',
      },
      headers: { "content-type": "application/json", accept: "application/json, */*;q=0.5" },
    },
    {
      name: "a form is urlencoded",
      args: (url) => ["-f", url, "a=1 2", "a=가"],
      is: { method: "POST", body: "a=1+2&a=%EA%B0%80" },
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    },
    {
      name: "queries and headers",
      args: (url) => ["get", url, "q==a b&c", "X-One:1", "X-Empty;", "User-Agent:", "Accept:text/plain"],
      is: { method: "GET", url: "/echo?q=a%20b%26c" },
      headers: { "x-one": "1", "x-empty": "", "user-agent": undefined, accept: "text/plain" },
    },
    {
      name: "a raw text has a type",
      args: (url) => ["PUT", url, "--raw", "Cat is 야옹"],
      is: { method: "PUT", body: "Cat is 야옹" },
      headers: { "content-type": "text/plain; charset=utf-8", "content-length": "13" },
    },
    {
      name: "raw JSON is called JSON",
      args: (url) => [url, "--raw", " [1]"],
      is: { method: "POST" },
      headers: { "content-type": "application/json" },
    },
    {
      name: "a chunked body has no length",
      args: (url) => ["--chunked", url, "a=b"],
      is: { body: '{"a": "b"}' },
      headers: { "content-length": undefined, "transfer-encoding": "chunked" },
    },
    {
      name: "credentials are Basic, in UTF-8",
      args: (url) => ["-a", "김:비밀", url],
      is: {},
      headers: { authorization: `Basic ${Buffer.from("김:비밀").toString("base64")}` },
    },
    { name: "a method of one's own", args: (url) => ["PROPFIND", url], is: { method: "PROPFIND" } },
    {
      name: "a pipe with something in it is the body",
      args: (url) => [url],
      stdin: Buffer.from("from a pipe"),
      is: { method: "POST", body: "from a pipe" },
      headers: { "content-type": "text/plain; charset=utf-8", "transfer-encoding": "chunked" },
    },
    {
      name: "JSON in a pipe is called JSON",
      args: (url) => [url],
      stdin: Buffer.from('{"a":1}'),
      is: { body: '{"a":1}' },
      headers: { "content-type": "application/json" },
    },
    {
      name: "an empty pipe is no body",
      args: (url) => [url],
      stdin: new Uint8Array(0),
      is: { method: "GET", body: "" },
    },
    {
      name: "GET leaves a pipe alone",
      args: (url) => ["GET", url],
      stdin: Buffer.from("a list"),
      is: { method: "GET", body: "" },
    },
    {
      name: "@- takes the pipe for any method",
      args: (url) => ["GET", url, "@-"],
      stdin: Buffer.from("a question"),
      is: { method: "GET", body: "a question" },
    },
    {
      name: "--ignore-stdin leaves it alone, too",
      args: (url) => ["--ignore-stdin", url],
      stdin: Buffer.from("x"),
      is: { method: "GET" },
    },
  ];
  for (const { name, args, stdin, is, headers = {} } of cases) {
    test(name, async () => {
      const got = await echo(args(`${origin}/echo`), stdin === undefined ? {} : { stdin });
      for (const [part, value] of Object.entries(is)) assert.equal(got[part as keyof Echo], value, part);
      for (const [header, value] of Object.entries(headers)) assert.equal(got.headers[header], value, header);
    });
  }

  for (const { name, args, stdin } of cases) {
    test(`--as curl prints what sends the same: ${name}`, { skip: noCurl }, async () => {
      const options = stdin === undefined ? {} : { stdin };
      const sent = await echo(args(`${origin}/echo`), options);
      const { code, stdout, stderr } = await sockeye([...args(`${origin}/echo`), "--as", "curl"], options);
      assert.equal(code, 0, stderr);
      assert.deepEqual(await echoOf(stdout.toString("utf8")), withoutOwn(sent));
    });
  }

  test("--as names a file, which is not read", async () => {
    await writeFile(join(folder.path, "큰 파일.bin"), Buffer.alloc(2 << 20, 0xff));
    const args = ["PUT", "http://127.0.0.1:1/x", "@큰 파일.bin", "--as"];
    for (const [form, named] of [
      ["curl", " --data-binary '@큰 파일.bin' "],
      ["httpie", " < '큰 파일.bin'\n"],
      ["hurl", "\nfile,큰\\ 파일.bin;\n"],
      ["http", "\n\n< ./큰 파일.bin\n"],
    ] as const) {
      const { code, stdout } = await sockeye([...args, form], { cwd: folder.path });
      assert.equal(code, 0);
      assert.ok(stdout.toString("utf8").includes(named), `${form}: ${stdout.toString("utf8")}`);
    }
  });

  test("--as sends nothing, and shows nothing that cannot be sent", async () => {
    const shown = await sockeye(["http://127.0.0.1:1/x", "a:=[1]", "--as", "hurl"]);
    assert.equal(shown.code, 0);
    assert.equal(
      shown.stdout.toString("utf8"),
      [
        "POST http://127.0.0.1:1/x",
        "Accept: application/json, */*;q=0.5",
        "Content-Type: application/json",
        "[Options]",
        "compressed: true",
        '{"a": [1]}\n',
      ].join("\n"),
    );
    const refused = await sockeye(["http://127.0.0.1:1/x", "--target", "/a b", "--as", "curl"]);
    assert.equal(refused.code, 2);
    assert.equal(refused.stdout.length, 0);
    assert.match(refused.stderr, /Cannot send the target "\/a b"/);
  });

  test("a file is the body, with its length and the type of its name", async () => {
    await writeFile(join(folder.path, "노트.md"), "# 노트\n");
    const got = await echo(["PUT", `${origin}/echo`, "@노트.md"], { cwd: folder.path });
    assert.equal(got.body, "# 노트\n");
    assert.equal(got.headers["content-type"], "text/markdown; charset=utf-8");
    assert.equal(got.headers["content-length"], "9");
  });

  test("a redirected file is the body, from where it was left", async () => {
    const path = join(folder.path, "redirected.txt");
    await writeFile(path, "first line\nsecond line\n");
    const file = await open(path);
    try {
      await file.read(Buffer.alloc(11), 0, 11, null);
      const got = await echo([`${origin}/echo`], { stdin: file.fd });
      const position = process.platform === "linux" ? 11 : 0;
      assert.equal(got.body, "first line\nsecond line\n".slice(position));
      assert.equal(got.headers["content-length"], String(23 - position));
      assert.equal(got.method, "POST");
    } finally {
      await file.close();
    }
  });

  test("a pipe that stays open and silent stops nobody", async () => {
    const { code, stdout, stderr } = await sockeye([`${origin}/echo`], { stdin: "silent" });
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout.toString()) as Echo).method, "GET");
    assert.match(stderr, /Nothing has come from standard input; going on without it/);
  });

  test("--offline prints the request and sends nothing", async () => {
    const { code, stdout } = await sockeye(["--offline", "PUT", "http://127.0.0.1:1/a b", "x=1", "X-Y:z"]);
    assert.equal(code, 0);
    assert.match(
      stdout.toString(),
      /^PUT \/a%20b HTTP\/1\.1\nHost: 127\.0\.0\.1:1\n(?:.+\n)*X-Y: z\nContent-Length: 10\n\n\{"x": "1"\}\n?$/,
    );
  });

  test("a UNIX socket is spoken to", async () => {
    const path = join(folder.path, "x.sock");
    const local = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
    await new Promise<void>((resolve) => local.listen(path, resolve));
    try {
      assert.equal((await sockeye([`unix:${path}:/a?b`])).stdout.toString(), "localhost /a?b");
      assert.equal(
        (await sockeye(["--socket", path, "http://example.com/c"])).stdout.toString(),
        "example.com /c",
      );
    } finally {
      local.close();
    }
  });
});

describe("what is printed in a pipe", { concurrency: 2 }, () => {
  const cases: { name: string; args: (url: string) => string[]; is: Buffer | string | RegExp }[] = [
    { name: "bytes as they are", args: (url) => [`${url}/binary`], is: BINARY },
    { name: "bytes out of their coding", args: (url) => [`${url}/gzip`], is: BINARY },
    {
      name: "bytes in their coding with --no-decode",
      args: (url) => ["--no-decode", `${url}/gzip`],
      is: gzipSync(BINARY),
    },
    { name: "JSON as it came", args: (url) => [`${url}/json`], is: JSON_TEXT },
    {
      name: "JSON for reading with --pretty format",
      args: (url) => ["--pretty", "format", `${url}/json`],
      is: '{\n  "b": 12345678901234567890,\n  "a": "핑핑"\n}\n',
    },
    {
      name: "colours when asked for by name",
      args: (url) => ["--pretty=colors", `${url}/json`],
      is: /\x1b\[34m"b"\x1b\[39m/,
    },
    {
      name: "the head with -h",
      args: (url) => ["-h", `${url}/bad`],
      is: /^HTTP\/1\.1 400 Bad Request\nDate: .*\n(?:.+\n)*$/,
    },
    { name: "nothing of a HEAD's body", args: (url) => ["HEAD", `${url}/binary`], is: "" },
    {
      name: "both heads and bodies with -v, in their order",
      args: (url) => ["-v", `${url}/json`, "a=b"],
      is: /^POST \/json HTTP\/1\.1\n(?:.+\n)+\n\{"a": "b"\}\n\nHTTP\/1\.1 200 OK\n(?:.+\n)+\n\{"b".*\}\n$/,
    },
    {
      name: "interim responses with -v",
      args: (url) => ["-v", `${url}/early`],
      is: /\n\nHTTP\/1\.1 103 Early Hints\nLink: .*\n\nHTTP\/1\.1 200 OK\n(?:.+\n)+\ndone\n$/i,
    },
    {
      name: "trailers behind the body",
      args: (url) => ["--print=hb", `${url}/trailers`],
      is: /\n\ndata\n\nX-Sum: 42\n$/,
    },
    {
      name: "a redirect as it is",
      args: (url) => ["-h", `${url}/see`],
      is: /^HTTP\/1\.1 302 Found\nLocation: \/json\n/,
    },
    { name: "what a redirect leads to with -F", args: (url) => ["-F", `${url}/see`], is: JSON_TEXT },
    {
      name: "only the last exchange with -F",
      args: (url) => ["-F", "--print=Hh", `${url}/see`],
      is: /^GET \/json HTTP\/1\.1\n(?:.+\n)+\nHTTP\/1\.1 200 OK\n(?:.+\n)+$/,
    },
    {
      name: "each exchange with --all",
      args: (url) => ["--all", "--print=Hh", `${url}/see`],
      is: /^GET \/see HTTP\/1\.1\n(?:.+\n)+\nHTTP\/1\.1 302 Found\n(?:.+\n)+\nGET \/json HTTP\/1\.1\n(?:.+\n)+\nHTTP\/1\.1 200 OK\n(?:.+\n)+$/,
    },
    {
      name: "what else is known with -m",
      args: (url) => ["-m", `${url}/json`],
      is: /^Elapsed: \d+ ms\nPeer: 127\.0\.0\.1:\d+\nConnection: new\n$/,
    },
  ];
  for (const { name, args, is } of cases) {
    test(name, async () => {
      const { code, stdout, stderr } = await sockeye(args(origin));
      assert.equal(code, 0, stderr);
      if (is instanceof RegExp) assert.match(stdout.toString("utf8"), is);
      else assert.deepEqual(stdout, Buffer.from(is as string));
      assert.equal(stderr, "");
    });
  }

  test("--timing goes to standard error", async () => {
    const { stdout, stderr } = await sockeye(["--timing", `${origin}/json`]);
    assert.equal(stdout.toString(), JSON_TEXT);
    assert.match(stderr, /^connect +[\d.]+ ms .*\nfirst byte .*\ntransfer .*\ntotal +[\d.]+ ms\n$/);
  });

  test("-o saves the body of any answer, and replaces what was there", async () => {
    const path = join(folder.path, "saved.txt");
    await writeFile(path, "a longer text that was there before");
    const { code, stdout } = await sockeye(["-o", path, `${origin}/bad`]);
    assert.equal(code, 0);
    assert.equal(stdout.length, 0);
    assert.equal(await folder.read("saved.txt"), "bad\n");
  });

  test("-o leaves the old file when the answer is cut short", async () => {
    await writeFile(join(folder.path, "old.txt"), "old");
    const { code } = await sockeye(["-o", "old.txt", `${origin}/cut`], { cwd: folder.path });
    assert.equal(code, 6);
    assert.equal(await folder.read("old.txt"), "old");
    assert.equal(await folder.has("old.txt.sockeye-part"), false);
  });
});

describe("how it ends", { concurrency: 2 }, () => {
  let odd: ReturnType<typeof createRawServer>;
  let oddOrigin = "";
  before(async () => {
    odd = createRawServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    });
    await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
    oddOrigin = `http://127.0.0.1:${(odd.address() as AddressInfo).port}/`;
  });
  after(() => odd.close());

  const cases: { name: string; args: () => string[]; code: number; says?: RegExp }[] = [
    { name: "an answer is an answer", args: () => [`${origin}/bad`], code: 0 },
    { name: "2xx with --check-status", args: () => ["--check-status", `${origin}/json`], code: 0 },
    {
      name: "3xx",
      args: () => ["--check-status", `${origin}/see`],
      code: 3,
      says: /The server answered 302 Found/,
    },
    { name: "3xx that was followed", args: () => ["--check-status", "-F", `${origin}/see`], code: 0 },
    { name: "4xx", args: () => ["--check-status", `${origin}/bad`], code: 4, says: /400 Bad Request/ },
    { name: "5xx", args: () => ["--check-status", `${origin}/broken`], code: 5, says: /503/ },
    {
      name: "refused",
      args: () => ["http://127.0.0.1:1/"],
      code: 6,
      says: /^sockeye: Cannot connect to 127\.0\.0\.1:1\b/m,
    },
    { name: "cut short", args: () => [`${origin}/cut`], code: 6 },
    { name: "too slow", args: () => ["--timeout", "0.3", `${origin}/silent`], code: 7 },
    {
      name: "too slow with its first byte",
      args: () => ["--first-byte-timeout", "200", `${origin}/silent`],
      code: 7,
    },
    { name: "no HTTP", args: () => [oddOrigin], code: 8 },
    { name: "no URL", args: () => ["GET"], code: 2, says: /takes a URL/ },
    { name: "an impossible URL", args: () => ["http://:x/"], code: 2, says: /Cannot use the URL/ },
    { name: "a strange scheme", args: () => ["ftp://example.com/"], code: 2 },
    {
      name: "an item that is none",
      args: () => [":1/", "what"],
      code: 2,
      says: /Cannot read the item "what"/,
    },
    {
      name: "JSON that is none",
      args: () => [":1/", "a:=yes"],
      code: 2,
      says: /not JSON. a=yes sends it as text/,
    },
    {
      name: "a missing file",
      args: () => ["PUT", ":1/", "@missing.txt"],
      code: 2,
      says: /Cannot read missing\.txt: there is no such file/,
    },
    { name: "two bodies", args: () => [":1/", "a=b", "@c"], code: 2, says: /items and @c together/ },
    {
      name: "a header that would be two",
      args: () => [":1/", "X:a\r\nEvil: b"],
      code: 2,
      says: /Cannot set X/,
    },
    { name: "a header without a sane name", args: () => [":1/", "a b:c"], code: 2 },
    { name: "no Host", args: () => [":1/", "Host:"], code: 2, says: /Host/ },
    {
      name: "an unknown option",
      args: () => [":1/", "--nonsense"],
      code: 2,
      says: /unknown option '--nonsense'\nSee sockeye request --help\./,
    },
    {
      name: "a wrong choice",
      args: () => [":1/", "--pretty=very"],
      code: 2,
      says: /all, colors, format, none/,
    },
    { name: "help", args: () => ["request", "--help"], code: 0 },
  ];
  for (const { name, args, code, says } of cases) {
    test(`${name}: ${code}`, async () => {
      const ended = await sockeye(args());
      assert.equal(ended.code, code, ended.stderr);
      if (code === 0) assert.equal(ended.stderr, "");
      else assert.match(ended.stderr, says ?? /Cannot /);
      // A sentence or two for a person, no stack.
      assert.ok(ended.stderr.split("\n").length <= 4, ended.stderr);
      assert.doesNotMatch(ended.stderr, /\n\s+at /);
    });
  }

  test("-v shows no body that the server did not ask for", async () => {
    const refusing = createRawServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () =>
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n"),
      );
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = refusing.address() as AddressInfo;
      const words = ["-v", "--expect-continue", "PUT", `http://127.0.0.1:${port}/`, "--raw", "never sent"];
      const { stdout } = await sockeye(words);
      assert.match(stdout.toString(), /^Expect: 100-continue$[\s\S]*^HTTP\/1\.1 403 Forbidden$/m);
      assert.doesNotMatch(stdout.toString(), /never sent/);
    } finally {
      refusing.close();
    }
  });

  test("standard output that takes no more: 1", async (t) => {
    const full = await open("/dev/full", "w").catch(() => undefined);
    if (full === undefined) return t.skip("there is no /dev/full here");
    try {
      const ended = await sockeye([`${origin}/binary`], { stdout: full.fd });
      assert.equal(ended.code, 1);
      assert.equal(ended.stderr, "sockeye: Cannot write to standard output: the disk is full\n");
    } finally {
      await full.close();
    }
  });

  test("Ctrl-C: 130", async () => {
    // Other cases run at the same time: only this one's own request counts.
    const target = "/silent?interrupted";
    const arrived = new Promise<void>((resolve) =>
      server.on("request", (request) => {
        if (request.url === target) resolve();
      }),
    );
    const ended = await sockeye([`${origin}${target}`], {
      onStart: (child) => void arrived.then(() => child.kill("SIGINT")),
    });
    assert.equal(ended.code, 130, ended.stderr);
    assert.match(ended.stderr, /Interrupted/);
  });
});
