// Exercise 1, files: the sequence of requests that the exercise's client sent, each step asserted on the wire and
// on the disk. Once by a bare socket and once by curl, where it is there.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type Running, serve, stop } from "./fixtures/command.ts";

const MEOW = "<!doctype html><title>Meow</title>\n<p>야옹</p>\n";
const HELLO = "Hello my name is Kim, 안녕하세요";
const CATS = "Cat is meow meow, Dog is bow bow";

interface Step {
  readonly method: string;
  readonly target: string;
  readonly body?: string;
  readonly status: number;
  /** Fields of the answer, as they must be. */
  readonly fields?: { readonly [name: string]: string | RegExp | undefined };
  /** The answer's body, as it must be. */
  readonly answer?: string;
  /** What must be in a file afterwards; undefined for a file that must not be there. */
  readonly disk?: readonly [name: string, content: string | undefined];
}

const LENGTH = String(Buffer.byteLength(MEOW));

const STEPS: readonly Step[] = [
  {
    method: "GET",
    target: "/meow.html",
    status: 200,
    fields: { "content-type": "text/html; charset=utf-8", "content-length": LENGTH, date: / GMT$/ },
    answer: MEOW,
  },
  { method: "GET", target: "/mmmmmeow.html", status: 404 },
  {
    method: "PUT",
    target: "/introduce-myself.txt",
    body: HELLO,
    status: 201,
    fields: { location: "/introduce-myself.txt" },
    disk: ["introduce-myself.txt", HELLO],
  },
  {
    method: "POST",
    target: "/bowbow.txt",
    body: CATS,
    status: 201,
    fields: { location: "/bowbow.txt" },
    disk: ["bowbow.txt", CATS],
  },
  {
    method: "POST",
    target: "/bowbow.txt",
    body: CATS,
    status: 200,
    fields: { location: "/bowbow.txt" },
    answer: CATS,
    disk: ["bowbow.txt", CATS + CATS],
  },
  {
    method: "OPTIONS",
    target: "*",
    status: 200,
    fields: { allow: /GET.*HEAD.*POST.*PUT.*DELETE.*OPTIONS/, "content-length": "0" },
  },
  {
    method: "DELETE",
    target: "/introduce-myself.txt",
    status: 200,
    answer: "Deleted /introduce-myself.txt\n",
    disk: ["introduce-myself.txt", undefined],
  },
  {
    method: "HEAD",
    target: "/meow.html",
    status: 200,
    fields: { "content-type": "text/html; charset=utf-8", "content-length": LENGTH },
    answer: "",
  },
  // What the exercise says besides: a second DELETE finds nothing, and putting repeatedly does not make a file grow.
  { method: "DELETE", target: "/introduce-myself.txt", status: 404 },
  { method: "PUT", target: "/bowbow.txt", body: CATS, status: 204, disk: ["bowbow.txt", CATS] },
  { method: "PUT", target: "/bowbow.txt", body: CATS, status: 204, disk: ["bowbow.txt", CATS] },
];

interface Answer {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Reads one answer that ends with the connection. */
function parse(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  // An interim answer stands before the final one.
  if (status === 100) return parse(text.slice(end + 4));
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status, fields, body: text.slice(end + 4) };
}

type Send = (port: number, step: Step) => Promise<Answer>;

const bySocket: Send = async (port, { method, target, body }) => {
  const content = Buffer.from(body ?? "");
  const length = body === undefined ? "" : `Content-Length: ${content.length}\r\n`;
  const socket = connect({ host: "127.0.0.1", port });
  socket.write(
    `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${length}\r\n`,
  );
  socket.write(content);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return parse(Buffer.concat(pieces).toString("utf8"));
};

const byCurl: Send = async (port, { method, target, body }) => {
  const args = ["-s", "-i", "--max-time", "20", "-H", "Connection: close"];
  if (method === "HEAD") args.push("--head");
  else args.push("-X", method);
  if (target === "*") args.push("--request-target", "*");
  if (body !== undefined) args.push("--data-binary", body);
  const { stdout } = await promisify(execFile)("curl", [
    ...args,
    `http://127.0.0.1:${port}${target === "*" ? "/" : target}`,
  ]);
  return parse(stdout);
};

const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
  () => true,
  () => false,
);

for (const { name, send, skip } of [
  { name: "a bare socket", send: bySocket, skip: false },
  { name: "curl", send: byCurl, skip: hasCurl ? false : "curl is not installed" },
]) {
  describe(`exercise 1 by ${name}`, { skip }, () => {
    let folder: string;
    let server: Running & { readonly port: number };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "sockeye-exercise-"));
      await writeFile(join(folder, "meow.html"), MEOW);
      server = await serve([folder]);
    });
    after(async () => {
      const { code } = await stop(server);
      await rm(folder, { recursive: true });
      assert.equal(code, 0);
    });

    for (const step of STEPS) {
      test(`${step.method} ${step.target} gives ${step.status}`, async () => {
        const { status, fields, body } = await send(server.port, step);
        assert.equal(status, step.status);
        for (const [field, wanted] of Object.entries(step.fields ?? {})) {
          const value = fields.get(field) ?? "(not there)";
          if (wanted instanceof RegExp) assert.match(value, wanted);
          else assert.equal(value, wanted);
        }
        if (step.answer !== undefined) assert.equal(body, step.answer);
        if (step.disk !== undefined) {
          const [file, content] = step.disk;
          const path = join(folder, file);
          if (content === undefined) await assert.rejects(access(path));
          else assert.equal(await readFile(path, "utf8"), content);
        }
      });
    }

    test("the log has a line for each request", () => {
      for (const { method, target, status } of STEPS) {
        assert.match(server.output(), new RegExp(`${method} +${target.replace("*", "\\*")} +${status} `));
      }
    });
  });
}
