// `sockeye serve` as a user meets it: what it prints, how it ends, and what it says when it cannot start.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run, serve, start, stop } from "./fixtures/command.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-serve-"));
  await mkdir(join(folder, "site"));
  await mkdir(join(folder, "uploads"));
  await writeFile(join(folder, "site", "안녕.txt"), "안녕하세요\n");
  await writeFile(join(folder, "file.txt"), "no folder\n");
});
after(() => rm(folder, { recursive: true }));

/** Sends bytes on a connection of its own and gives all that comes until it closes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.write(bytes);
  let text = "";
  for await (const piece of socket) text += (piece as Buffer).toString("utf8");
  return text;
}

const get = (target: string, extra = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${extra}\r\n`;

test("several mounts share a server, the longest prefix wins, and `OPTIONS *` speaks for all", async () => {
  const site = join(folder, "site");
  const uploads = join(folder, "uploads");
  const server = await serve(["--mount", `/=files:${site}`, "--mount", `/up=files:${uploads}`]);
  const target = `/${encodeURIComponent("안녕.txt")}`;
  assert.match(await exchange(server.port, get(target)), /안녕하세요\n$/);
  const put =
    "PUT /up/a/b.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
  assert.match(await exchange(server.port, put), /^HTTP\/1\.1 201 [\s\S]*\r\nLocation: \/up\/a\/b\.txt\r\n/);
  assert.deepEqual(await readdir(join(uploads, "a")), ["b.txt"]);
  await server.printed(/GET +\/안녕\.txt +200/);
  assert.equal((await stop(server)).code, 0);
});

test("--read-only refuses to write and says what is allowed", async () => {
  const server = await serve([join(folder, "site"), "--read-only"]);
  const answer = await exchange(
    server.port,
    "DELETE /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  );
  assert.match(answer, /^HTTP\/1\.1 405 /);
  assert.match(answer, /\r\nAllow: GET, HEAD, OPTIONS\r\n/);
  const aboutServer = "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  assert.match(await exchange(server.port, aboutServer), /\r\nAllow: GET, HEAD, OPTIONS\r\n/);
  await stop(server);
});

test("a host that is not ours gets 421, unless it is allowed", async () => {
  const server = await serve([join(folder, "site"), "--allow-host", "files.example"]);
  const ask = (host: string): Promise<string> =>
    exchange(server.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  assert.match(await ask("evil.example"), /^HTTP\/1\.1 421 /);
  const aboutServer = "OPTIONS * HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
  assert.match(await exchange(server.port, aboutServer), /^HTTP\/1\.1 421 /);
  assert.match(await ask("files.example:80"), /^HTTP\/1\.1 200 /);
  assert.match(await ask(`127.0.0.1:${server.port}`), /^HTTP\/1\.1 200 /);
  await stop(server);
});

for (const { format, line } of [
  { format: "json", line: /^\{"time":"[^"]+","method":"GET","target":"\/file\.txt",.*"status":404,.*\}$/m },
  { format: "combined", line: /^127\.0\.0\.1 - - \[[^\]]+\] "GET \/file\.txt HTTP\/1\.1" 404 \d+ "-" "-"$/m },
  {
    format: "dev",
    line: /^\d\d:\d\d:\d\d {2}GET {5}\/file\.txt {2}404 {2}\d+ B {2}[\d.]+ ms {2}127\.0\.0\.1:\d+$/m,
  },
]) {
  test(`--log ${format} writes its line`, async () => {
    const server = await serve([join(folder, "site"), "--log", format]);
    await exchange(server.port, get("/file.txt"));
    await server.printed(line);
    await stop(server);
  });
}

test("-v prints both header sections as they crossed the wire", async () => {
  const server = await serve([join(folder, "site"), "-v"]);
  await exchange(server.port, get("/nothing", "x-ODD-case: 1\r\n"));
  await server.printed(
    /^> GET \/nothing HTTP\/1\.1\n> Host: localhost\n> Connection: close\n> x-ODD-case: 1\n>\n< HTTP\/1\.1 404 Not Found\n/m,
  );
  await stop(server);
});

test("SIGTERM lets the running exchange finish, closes idle connections, and ends with 0", async () => {
  const server = await serve([join(folder, "uploads")]);
  const idle = connect({ host: "127.0.0.1", port: server.port });
  await once(idle, "connect");
  idle.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(idle, "data");
  const busy = connect({ host: "127.0.0.1", port: server.port });
  busy.write(
    "PUT /slow.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
  );
  await once(busy, "data");

  const closed = once(idle.resume(), "end");
  server.child.kill("SIGTERM");
  await closed;
  busy.write("slow");
  let answer = "";
  for await (const piece of busy) answer += (piece as Buffer).toString();
  assert.match(answer, /^HTTP\/1\.1 201 [\s\S]*\r\nConnection: close\r\n/);
  assert.equal((await server.finished).code, 0);
});

test("a second signal quits at once", async () => {
  const server = await serve([join(folder, "uploads")]);
  const busy: Socket = connect({ host: "127.0.0.1", port: server.port });
  busy.on("error", () => undefined);
  busy.write(
    "PUT /never.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
  );
  await once(busy, "data");
  server.child.kill("SIGINT");
  await server.printed(/Again to quit at once/);
  server.child.kill("SIGINT");
  assert.equal((await server.finished).code, 130);
  busy.destroy();
});

test("a port that is taken is told with the way out", async () => {
  const other: Server = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { code, stderr } = await run(["serve", folder, "--port", String(port)]);
  other.close();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}: the port is taken.*--port 0`));
  if (process.platform === "linux") assert.match(stderr, new RegExp(`\\(process ${process.pid}\\)`));
});

test("an address that this machine does not have ends in the ones it has", async () => {
  // TEST-NET-3 (RFC 5737): nobody has it.
  const { code, stderr } = await run(["serve", folder, "--host", "203.0.113.77", "--port", "0"]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /Cannot listen on 203\.0\.113\.77:0: this machine has no such address\. It has .*127\.0\.0\.1.*0\.0\.0\.0/,
  );
});

for (const { args, message } of [
  { args: ["--mount", "public"], message: /it takes PATH=KIND:WHERE/ },
  { args: ["--mount", "/=nothing:x"], message: /there is no such kind\. Kinds: files/ },
  { args: ["--mount", "/a=files:.", "--mount", "/a/=files:.."], message: /\. is mounted there already/ },
  { args: ["--mount", "/a b=files:."], message: /a path has no space/ },
  { args: ["--port", "70000"], message: /A port is a number from 0 to 65535/ },
  { args: ["--head-timeout", "soon"], message: /It takes a whole number/ },
  { args: ["--log", "xml"], message: /Allowed choices are dev, combined, json, none/ },
  { args: ["--nonsense"], message: /unknown option '--nonsense'/ },
]) {
  test(`serve ${args.join(" ")} is a usage error`, async () => {
    const { code, stdout, stderr } = await run(["serve", ...args]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  });
}

for (const { name, message } of [
  { name: "missing", message: /Cannot serve .*missing: there is no such folder/ },
  { name: "file.txt", message: /Cannot serve .*file\.txt: it is a file/ },
]) {
  test(`serving ${name} fails before anything listens`, async () => {
    const { code, stderr } = await run(["serve", join(folder, name), "--port", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, message);
  });
}

test("a UNIX socket is served, and removed at the end", { skip: process.platform === "win32" }, async () => {
  const path = join(folder, "sockeye.sock");
  const server = start(["serve", join(folder, "site"), "--socket", path]);
  await server.printed(/unix:/);
  const socket = connect({ path });
  socket.write("GET / HTTP/1.1\r\nHost: anything.example\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const piece of socket) text += (piece as Buffer).toString("utf8");
  assert.match(text, /^HTTP\/1\.1 200 /);
  await stop(server);
  assert.ok(!(await readdir(folder)).includes("sockeye.sock"));
});
