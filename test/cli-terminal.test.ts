// What the command shows on a real terminal, made by script(1): colours, shapes and progress, and nothing that a
// hostile server could do to it.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { noTerminal, sockeyeOnTerminal } from "./fixtures/client-command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const SIZE = 2_000_000;

/** Sends a body in so many pieces that a progress line has to be painted in between. */
async function slowly(response: ServerResponse): Promise<void> {
  for (let piece = 0; piece < 10; piece += 1) {
    response.write(Buffer.alloc(SIZE / 10));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  response.end();
}

let server: Server;
let origin = "";
before(async () => {
  server = createServer((request, response) => {
    switch (request.url) {
      case "/json":
        response.setHeader("Content-Type", "application/json; charset=utf-8");
        response.end('{"이름":"핑핑이","n":12345678901234567890}');
        break;
      case "/hostile":
        response.setHeader("Content-Type", "text/plain");
        response.setHeader("X-Title", Buffer.from("\x9b2J\u202e", "utf8").toString("latin1"));
        // As bytes: joined with a text, the head would be written as UTF-8 once more.
        response.end(Buffer.from("\x1b]0;owned\x07\x1b[2Jhello"));
        break;
      case "/image":
        response.setHeader("Content-Type", "image/png");
        response.end(Buffer.from("\x89PNG\r\n\x1a\n\0\0\0", "latin1"));
        break;
      case "/slow":
        response.writeHead(200, { "Content-Length": SIZE });
        void slowly(response);
        break;
      case "/upload": {
        // Read by and by, so that the sender has to wait.
        const timer = setInterval(() => request.read(), 20);
        request.pause();
        request.on("end", () => {
          clearInterval(timer);
          response.end("thanks");
        });
        break;
      }
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const folder = temporaryFolder();

async function shown(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<string> {
  const { stdout } = await sockeyeOnTerminal(args, { cwd: folder.path, env });
  return stdout.toString("utf8").replaceAll("\r\n", "\n");
}

describe("on a terminal", { concurrency: 2, skip: noTerminal }, () => {
  test("head and body are coloured, and JSON is indented", async () => {
    const text = await shown(["GET", `${origin}/json`]);
    assert.match(text, /^\x1b\[2mHTTP\/1\.1\x1b\[22m \x1b\[1m\x1b\[32m200 OK\x1b\[39m\x1b\[22m\n/);
    assert.match(text, /\x1b\[36mContent-Type\x1b\[39m/);
    assert.match(
      stripVTControlCharacters(text),
      /\n\n\{\n {2}"이름": "핑핑이",\n {2}"n": 12345678901234567890\n\}\n$/,
    );
  });

  test("NO_COLOR takes the colours, and leaves the shape", async () => {
    const text = await shown(["GET", `${origin}/json`], { NO_COLOR: "1" });
    assert.doesNotMatch(text, /\x1b/);
    assert.match(text, /^HTTP\/1\.1 200 OK\n(?:.+\n)+\n\{\n {2}"이름"/);
  });

  test("--pretty none shows everything as it came", async () => {
    const text = await shown(["GET", "--pretty", "none", `${origin}/json`]);
    assert.match(text, /\n\n\{"이름":"핑핑이","n":12345678901234567890\}\n$/);
    assert.doesNotMatch(text, /\x1b/);
  });

  for (const how of ["all", "none"]) {
    test(`no byte of a hostile answer commands the terminal, with --pretty ${how}`, async () => {
      const text = await shown(["GET", "--pretty", how, `${origin}/hostile`], { NO_COLOR: "1" });
      assert.doesNotMatch(text.replace(/\x1b\[\d+m/g, ""), /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
      assert.match(stripVTControlCharacters(text), /X-Title: \\x9b2J\\u202e\n/);
      assert.ok(text.includes("\\x1b]0;owned\\x07\\x1b[2Jhello\n"));
    });
  }

  test("a binary body is not shown, and how to get it is", async () => {
    const text = stripVTControlCharacters(await shown(["GET", `${origin}/image`]));
    assert.match(text, /\n\n\(binary, 11 bytes, image\/png: not shown; -o FILE saves it\)\n$/);
  });

  test("-v shows the request, too", async () => {
    const text = stripVTControlCharacters(await shown(["-v", `${origin}/json`, "a=가"]));
    assert.match(text, /^POST \/json HTTP\/1\.1\n(?:.+\n)+\n\{\n {2}"a": "가"\n\}\n\nHTTP\/1\.1 200 OK\n/);
  });

  test("a download has a progress line, which goes when it is done", async () => {
    const text = await shown(["-d", `${origin}/slow`]);
    const painted = text.split("\r").map((line) => stripVTControlCharacters(line).trimEnd());
    assert.ok(
      painted.some((line) =>
        /^slow +[1-9]\d?% {2}[█▏▎▍▌▋▊▉░]+ {2}[\d.]+ [kM]B of 2\.00 MB +[\d.]+ MB\/s +0:0\d left$/.test(line),
      ),
      JSON.stringify(painted),
    );
    assert.match(text, /\r\x1b\[K(?:\x1b\[2m)?Saved slow: 2\.00 MB in .*MB\/s(?:\x1b\[22m)?\n$/);
  });

  test("so has an upload", async () => {
    await writeFile(join(folder.path, "업로드.bin"), Buffer.alloc(20_000_000));
    const text = await shown(["PUT", `${origin}/upload`, "@업로드.bin"]);
    const painted = text.split("\r").map((line) => stripVTControlCharacters(line));
    assert.ok(
      painted.some((line) => /^PUT 업로드\.bin +\d+% {2}.* of 20\.0 MB/.test(line)),
      JSON.stringify(painted),
    );
    assert.match(stripVTControlCharacters(text), /HTTP\/1\.1 200 OK\n(?:.+\n)+\nthanks\n$/);
  });
});
