// Downloads and uploads by the command: what is on the disk afterwards, and what happens when they break off.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { filesHandler } from "../src/resource/files/files.ts";
import { createServer as createSockeye, type Server as Sockeye } from "../src/server/server.ts";
import { openFolderTree } from "../src/store/folder/tree.ts";
import type { Tree } from "../src/store/tree.ts";
import { sockeye } from "./fixtures/client-command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const WHOLE = randomBytes(400_000);

/** What stands behind /file, changed by the tests. */
let content = WHOLE;
let tag = '"one"';
/** Bytes after which the connection breaks, or after which it is silent; undefined: it does neither. */
let breaksAt: number | undefined;
let stopsAt: number | undefined;
let onStopped: () => void = () => undefined;
const ranges: (string | undefined)[] = [];

function answerFile(request: IncomingMessage, response: ServerResponse): void {
  const { range, "if-range": ifRange } = request.headers;
  ranges.push(range);
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (tag !== "") response.setHeader("ETag", tag);
  response.setHeader("Accept-Ranges", "bytes");
  const partial = range !== undefined && ifRange === tag;
  if (partial && from >= content.length) {
    response.writeHead(416, { "Content-Range": `bytes */${content.length}` }).end();
    return;
  }
  const bytes = partial ? content.subarray(from) : content;
  if (partial) response.setHeader("Content-Range", `bytes ${from}-${content.length - 1}/${content.length}`);
  response.writeHead(partial ? 206 : 200, { "Content-Length": bytes.length });
  const end = breaksAt ?? stopsAt;
  if (end === undefined) response.end(bytes);
  else
    response.write(bytes.subarray(0, end), () => (breaksAt === undefined ? onStopped() : response.destroy()));
}

let server: Server;
let origin = "";
before(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/file" || path === "/other") answerFile(request, response);
    else if (path === "/named") {
      response.setHeader(
        "Content-Disposition",
        "attachment; filename=\"x.txt\"; filename*=UTF-8''%EB%B3%B4%EA%B3%A0%EC%84%9C.txt",
      );
      response.end("report");
    } else if (path === "/evil") {
      response.setHeader("Content-Disposition", 'attachment; filename="../../.bashrc"');
      response.end("evil");
    } else if (path === "/moved") response.writeHead(301, { Location: "/%EA%B0%80.txt" }).end();
    else if (path === "/%EA%B0%80.txt") response.setHeader("Content-Type", "text/plain").end("가");
    else if (path === "/") response.setHeader("Content-Type", "text/html").end("<p>");
    else response.writeHead(404, { "Content-Type": "text/plain" }).end("no such thing\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const folder = temporaryFolder();
const PART = "file.sockeye-part";

function inFolder(...args: string[]): ReturnType<typeof sockeye> {
  return sockeye(args, { cwd: folder.path });
}

async function saved(name: string): Promise<Buffer> {
  return readFile(join(folder.path, name));
}

describe("a download", () => {
  test("is called as the answer says, and overwrites nothing", async () => {
    const first = await inFolder("-d", `${origin}/named`);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /^Saved 보고서\.txt: 6 B in \d+ ms(?:, .*)?\n$/);
    assert.equal(first.stdout.length, 0);
    await writeFile(join(folder.path, "보고서.txt"), "mine");
    const second = await inFolder("-d", `${origin}/named`);
    assert.match(second.stderr, /Saved 보고서-1\.txt/);
    assert.equal(await folder.read("보고서.txt"), "mine");
    assert.equal(await folder.read("보고서-1.txt"), "report");
  });

  const names = [
    { path: "/moved", name: "가.txt" },
    { path: "/", name: "index.html" },
    { path: "/evil", name: "bashrc" },
  ];
  for (const { path, name } of names) {
    test(`of ${path} is called ${name}`, async () => {
      const { code, stderr } = await inFolder("--download", origin + path);
      assert.equal(code, 0, stderr);
      assert.ok(await folder.has(name));
    });
  }

  test("to a given name replaces what was there", async () => {
    await writeFile(join(folder.path, "given.txt"), "old");
    const { code } = await inFolder("-d", "-o", "given.txt", `${origin}/named`);
    assert.equal(code, 0);
    assert.equal(await folder.read("given.txt"), "report");
  });

  test("of an error is not saved: the body is shown, the exit code tells", async () => {
    const { code, stderr, stdout } = await inFolder("-d", `${origin}/missing`);
    assert.equal(code, 4);
    assert.equal(stdout.length, 0);
    assert.match(
      stderr,
      /^no such thing\nsockeye: Cannot save .*\/missing: the server answered 404 Not Found\n$/,
    );
    assert.equal(await folder.has("missing"), false);
  });

  test("into a folder that is not there fails with a sentence", async () => {
    const { code, stderr } = await inFolder("-d", "-o", "no/such/folder", `${origin}/named`);
    assert.equal(code, 1);
    assert.match(stderr, /Cannot save no\/such\/folder: there is no such folder/);
  });

  test("that breaks off is kept, and --continue loads the rest only", async () => {
    breaksAt = 150_000;
    const broken = await inFolder("-d", `${origin}/file`);
    breaksAt = undefined;
    assert.equal(broken.code, 6);
    assert.match(broken.stderr, /150 kB of file are kept; --continue goes on from there\nsockeye: Cannot /);
    assert.equal(await folder.has("file"), false);
    assert.equal((await stat(join(folder.path, PART))).size, 150_000);
    ranges.length = 0;
    const { code, stderr } = await inFolder("-dc", `${origin}/file`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(ranges, ["bytes=150000-"]);
    assert.deepEqual(await saved("file"), WHOLE);
    assert.deepEqual(
      (await folder.names()).filter((name) => name.includes("sockeye-part")),
      [],
    );
  });

  test("that breaks off twice goes on twice", async () => {
    breaksAt = 100_000;
    await inFolder("-d", "-o", "twice", `${origin}/file`);
    const second = await inFolder("-dc", "-o", "twice", `${origin}/file`);
    assert.match(second.stderr, /200 kB of twice are kept/);
    breaksAt = undefined;
    assert.equal((await inFolder("-dc", "-o", "twice", `${origin}/file`)).code, 0);
    assert.deepEqual(await saved("twice"), WHOLE);
  });

  test("of a file that has changed meanwhile is loaded anew", async () => {
    breaksAt = 100_000;
    await inFolder("-d", "-o", "changed", `${origin}/file`);
    breaksAt = undefined;
    content = randomBytes(200_000);
    tag = '"two"';
    const { code, stderr } = await inFolder("-dc", "-o", "changed", `${origin}/file`);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /not the same on the server any more.*loaded anew/);
    assert.deepEqual(await saved("changed"), content);
    content = WHOLE;
    tag = '"one"';
  });

  test("that has every byte already is finished by a 416", async () => {
    await writeFile(join(folder.path, "all.sockeye-part"), WHOLE);
    const origins = { url: `${origin}/file`, validator: tag, length: WHOLE.length };
    await writeFile(join(folder.path, "all.sockeye-part.json"), JSON.stringify(origins));
    const { code, stderr } = await inFolder("-dc", "-o", "all", `${origin}/file`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await saved("all"), WHOLE);
  });

  test("is not continued with another URL's beginning", async () => {
    breaksAt = 100_000;
    await inFolder("-d", "-o", "mixed", `${origin}/other`);
    breaksAt = undefined;
    ranges.length = 0;
    assert.equal((await inFolder("-dc", "-o", "mixed", `${origin}/file`)).code, 0);
    assert.deepEqual(ranges, [undefined]);
    assert.deepEqual(await saved("mixed"), WHOLE);
  });

  test("without an entity tag is not kept, as nothing could tell whether it is still the same", async () => {
    breaksAt = 100_000;
    tag = "";
    const { stderr } = await inFolder("-d", "-o", "untagged", `${origin}/file`);
    breaksAt = undefined;
    tag = '"one"';
    assert.match(stderr, /untagged is not kept/);
    assert.equal(await folder.has("untagged.sockeye-part"), false);
  });

  test("is kept when Ctrl-C ends it: 130", async () => {
    stopsAt = 50_000;
    let child: ChildProcess | undefined;
    const part = join(folder.path, "stopped.sockeye-part");
    onStopped = async () => {
      while ((await stat(part).catch(() => undefined))?.size !== stopsAt) await new Promise(setImmediate);
      child?.kill("SIGINT");
    };
    const { code, stderr } = await sockeye(["-d", "-o", "stopped", `${origin}/file`], {
      cwd: folder.path,
      onStart: (started) => {
        child = started;
      },
    });
    stopsAt = undefined;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /50\.0 kB of stopped are kept/);
    assert.equal((await inFolder("-dc", "-o", "stopped", `${origin}/file`)).code, 0);
    assert.deepEqual(await saved("stopped"), WHOLE);
  });
});

describe("an upload to sockeye serve", () => {
  let tree: Tree;
  let sockeyeServer: Sockeye;
  let url = "";
  const served = temporaryFolder();
  before(async () => {
    tree = await openFolderTree(served.path);
    sockeyeServer = createSockeye({ handler: filesHandler(tree, { cacheSeconds: 0 }) });
    url = (await sockeyeServer.listen({ host: "127.0.0.1", port: 0 })).url;
    await writeFile(join(folder.path, "영상.bin"), LARGE);
  });
  after(async () => {
    await sockeyeServer.stop(0);
    await tree.close();
  });

  const LARGE = randomBytes(3_000_000);

  test("sends a large file whole", async () => {
    const { code, stderr } = await inFolder("--check-status", "PUT", `${url}/plain.bin`, "@영상.bin");
    assert.equal(code, 0, stderr);
    assert.deepEqual(await readFile(join(served.path, "plain.bin")), LARGE);
  });

  test("goes on with --continue where the server's file ends", async () => {
    await writeFile(join(served.path, "half.bin"), LARGE.subarray(0, 1_200_000));
    const { code, stderr, stdout } = await inFolder(
      "-v",
      "PUT",
      `${url}/half.bin`,
      "@영상.bin",
      "--continue",
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The server has 1\.20 MB of 3\.00 MB; the rest is sent/);
    assert.match(
      stdout.toString(),
      /^PATCH \/half\.bin HTTP\/1\.1\n(?:.+\n)*Upload-Offset: 1200000\n(?:.+\n)*Content-Length: 1800000\n/,
    );
    assert.deepEqual(await readFile(join(served.path, "half.bin")), LARGE);
  });

  test("begins with --continue when nothing is there, and has nothing to do when all is", async () => {
    const first = await inFolder("--check-status", "PUT", `${url}/new.bin`, "@영상.bin", "-c");
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(await readFile(join(served.path, "new.bin")), LARGE);
    const second = await inFolder("PUT", `${url}/new.bin`, "@영상.bin", "-c");
    assert.equal(second.code, 0);
    assert.match(second.stderr, /is there already, all 3\.00 MB of it/);
  });

  test("is not added to another file's beginning", async () => {
    await writeFile(join(served.path, "else.bin"), "something else");
    const { code, stderr } = await inFolder("PUT", `${url}/else.bin`, "@영상.bin", "-c");
    assert.equal(code, 1);
    assert.match(stderr, /not the beginning of it/);
    assert.equal(await served.read("else.bin"), "something else");
  });

  test("needs a file to go on with", async () => {
    const { code, stderr } = await inFolder("PUT", `${url}/x`, "--raw", "text", "-c");
    assert.equal(code, 2);
    assert.match(stderr, /--continue takes a download, -d, or the upload of a file/);
  });
});
