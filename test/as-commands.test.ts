// A request written down as a command, run by the shell, the curl and the HTTPie of this machine: what arrives is
// the request.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { asCurl } from "../src/message/as/curl.ts";
import { FORMS } from "../src/message/as/forms.ts";
import { asHttpie } from "../src/message/as/httpie.ts";
import type { ShownRequest } from "../src/message/as/shown-request.ts";
import { Fields } from "../src/protocol/fields.ts";
import { shownRequests } from "./fixtures/shown-requests.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

/** Why a tool cannot be run here; false when it can. `says` is what its version reads like. */
function missing(command: string, says: RegExp): string | false {
  const { status, stdout } = spawnSync("sh", ["-c", `${command} --version`], { encoding: "utf8" });
  if (status === 0 && says.test(stdout)) return false;
  return `${command === "http" ? "HTTPie" : command} is not installed, or there is no POSIX shell`;
}

const noCurl = missing("curl", /^curl /);
// Other programs are called "http", too.
const noHttpie = missing("http", /^3\./);

interface Arrived {
  readonly line: string;
  readonly fields: Fields;
  /** A character for each byte. */
  readonly body: string;
}

const folder = temporaryFolder();
let server: Server;
let origin = "";
const arrived: Arrived[] = [];

/** Reads one request of a connection, answers it, and closes. */
before(async () => {
  server = createServer((socket) => {
    let received = "";
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      const found = readRequest(received);
      if (found === undefined) return;
      arrived.push(found);
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

function readRequest(text: string): Arrived | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [line = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = new Fields();
  for (const one of lines) fields.append(one.slice(0, one.indexOf(":")), one.slice(one.indexOf(":") + 1));
  const rest = text.slice(end + 4);
  if (fields.get("transfer-encoding") === "chunked") {
    const body = unchunked(rest);
    return body === undefined ? undefined : { line, fields, body };
  }
  const length = Number(fields.get("content-length") ?? 0);
  return rest.length < length ? undefined : { line, fields, body: rest };
}

function unchunked(text: string): string | undefined {
  let body = "";
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) return text.endsWith("\r\n\r\n") ? body : undefined;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 4 + size;
  }
}

/** Runs the command as a script, which may be as long as it likes, and gives what has arrived. */
async function run(command: string): Promise<Arrived> {
  arrived.length = 0;
  await writeFile(join(folder.path, "run.sh"), command);
  const child = spawn("sh", ["run.sh"], { cwd: folder.path, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes.toString("utf8");
  });
  child.stdout.resume();
  const code = await new Promise((resolve) => child.on("close", resolve));
  const [first] = arrived;
  assert.ok(code === 0 && first !== undefined && arrived.length === 1, `${code}: ${command}\n${said}`);
  return first;
}

const OWN = [
  "connection",
  "host",
  "user-agent",
  "accept",
  "accept-encoding",
  "content-length",
  "transfer-encoding",
];

interface Told {
  readonly line: string;
  /** In an order of their own, since not every tool keeps it. */
  readonly fields: readonly string[];
  /** A character for each byte. */
  readonly body: string;
}

/** What a request says, whoever sends it: the fields of a tool's own only where they were given. */
function told(line: string, fields: Fields, body: string, given: Fields): Told {
  const others = [...fields].filter(([name]) => !OWN.includes(name.toLowerCase()) || given.has(name));
  return { line, fields: others.map(([name, value]) => `${name.toLowerCase()}: ${value}`).sort(), body };
}

async function check(request: ShownRequest, write: (request: ShownRequest) => string): Promise<void> {
  const { method, url, target, fields, omit, compressed, body = new Uint8Array(0) } = request;
  const command = write(request);
  const { line, fields: sent, body: received } = await run(command);
  const asked = target ?? url.replace(/^[a-z]+:\/\/[^/]*|#.*$/gs, "");
  const expected = told(`${method} ${asked} HTTP/1.1`, fields, Buffer.from(body).toString("latin1"), fields);
  // A comment says that something is not as it was.
  if (!command.startsWith("#")) assert.deepEqual(told(line, sent, received, fields), expected, command);
  assert.equal(received, expected.body, command);
  for (const name of ["user-agent", "accept"])
    if (omit.includes(name) && !fields.has(name) && !command.startsWith("#"))
      assert.equal(sent.get(name), undefined, command);
  if (!fields.has("accept") && !omit.includes("accept")) assert.equal(sent.get("accept"), "*/*", command);
  // Some say "identity" where they were told to say nothing, which means the same.
  const codings = [undefined, "identity"].includes(sent.get("accept-encoding")) ? "none" : "some";
  const asks = compressed && !omit.includes("accept-encoding") && !fields.has("range");
  if (!fields.has("accept-encoding")) assert.equal(codings, asks ? "some" : "none", command);
  if (body.length > 0 && request.chunked === true) assert.equal(sent.has("content-length"), false, command);
  else if (body.length > 0) assert.equal(sent.get("content-length"), String(body.length), command);
  else if (/^(?:POST|PUT|PATCH)$/.test(method)) assert.equal(sent.get("content-length"), "0", command);
  else assert.ok([undefined, "0"].includes(sent.get("content-length")), command);
}

const plain = { fields: new Fields(), omit: [], body: undefined, compressed: false } as const;
const KNOWN = ["GET", "HEAD", "POST", "PUT", "PATCH"];

interface Case {
  readonly name: string;
  readonly request: () => Partial<ShownRequest>;
  readonly curlOnly?: true;
}
const cases: readonly Case[] = [
  {
    name: "a target that no URL can say",
    request: () => ({ method: "OPTIONS", target: "*" }),
    curlOnly: true,
  },
  { name: "a target with dots", request: () => ({ target: "/a/../b/./c?x={y}[1]" }), curlOnly: true },
  {
    name: "a query that nobody encodes",
    request: () => ({ url: `${origin}/x[1]?{a|b}^\`%zz` }),
    curlOnly: true,
  },
  {
    name: "every byte",
    request: () => ({ method: "PUT", body: Uint8Array.from({ length: 256 }, (_, i) => i) }),
  },
  { name: "a long text", request: () => ({ method: "POST", body: Buffer.from("가나 ".repeat(30_000)) }) },
  { name: "a body of 2 MiB", request: () => ({ method: "PUT", body: Buffer.alloc(2 << 20, "x\n") }) },
  { name: "a body in chunks", request: () => ({ method: "PUT", body: Buffer.from("ab"), chunked: true }) },
  { name: "POST without a body", request: () => ({ method: "POST" }) },
  {
    name: "an empty value",
    request: () => ({
      fields: new Fields([
        ["X-A", ""],
        ["X-B", "1"],
      ]),
    }),
  },
  {
    name: "the same name twice",
    request: () => ({
      fields: new Fields([
        ["X-A", "1"],
        ["X-A", "2"],
      ]),
    }),
  },
  { name: "a Host of its own", request: () => ({ fields: new Fields({ Host: "a.example" }) }) },
  {
    name: "codings of its own",
    request: () => ({ compressed: true, fields: new Fields({ "Accept-Encoding": "gzip" }) }),
  },
  {
    name: "credentials",
    request: () => ({ fields: new Fields({ Authorization: "Basic a2ltOuu5hOuwgA==" }) }),
  },
];

test("nothing in any form commands a terminal, or shows as something else", () => {
  const requests = shownRequests(() => "http://127.0.0.1:3091", [...KNOWN, "purge", "x'y|z"]);
  const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
  fc.assert(
    fc.property(requests, (request) => {
      for (const write of Object.values(FORMS)) assert.doesNotMatch(write(request), hidden);
    }),
    { numRuns: 1000 },
  );
});

const tools = [
  {
    tool: "curl",
    write: asCurl,
    skip: noCurl,
    methods: [...KNOWN, "OPTIONS", "M-SEARCH", "purge", "x'y|z"],
    runs: 120,
  },
  { tool: "HTTPie", write: asHttpie, skip: noHttpie, methods: [...KNOWN, "PURGE"], runs: 15 },
];
for (const { tool, write, skip, methods, runs } of tools) {
  describe(`a command for ${tool}, run`, { skip }, () => {
    test("whatever has to be quoted, it arrives as it was", async () => {
      const requests = shownRequests(() => origin, methods);
      await fc.assert(
        fc.asyncProperty(requests, (request) => check(request, write)),
        { numRuns: runs },
      );
    });

    for (const { name, request, curlOnly } of cases) {
      if (tool !== "curl" && curlOnly === true) continue;
      test(`sends ${name}`, () =>
        check({ method: "GET", url: `${origin}/x`, ...plain, ...request() }, write));
    }

    test("a file is sent as it is, whatever its name", async () => {
      const bytes = Buffer.from([0, 10, 13, 255, 64]);
      for (const name of ["사진 1.bin", "it's $x", "-", "@a"]) {
        await writeFile(join(folder.path, name), bytes);
        const bodyFile = name === "-" ? "./-" : name;
        const { line, body, fields } = await run(
          write({ method: "PUT", url: `${origin}/x`, ...plain, bodyFile }),
        );
        assert.equal(line, "PUT /x HTTP/1.1");
        assert.equal(body, bytes.toString("latin1"));
        assert.equal(fields.has("content-type"), false);
      }
    });
  });
}
