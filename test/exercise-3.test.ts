// Exercise 3, a form: the sixteen cases of the exercise's client, in their order, against a fresh server. Each is a
// connection of its own, and what comes back is looked at byte for byte. Once within this process, over a table in
// memory, and once by the command, over a store on the disk.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FORM_METHODS, formHandler } from "../src/resource/form/form.ts";
import { exactHostTest, guardHosts, guardOrigins, hostTest } from "../src/server/guard.ts";
import { createRouter } from "../src/server/router.ts";
import { createServer } from "../src/server/server.ts";
import { createMemoryTable } from "../src/store/memory/table.ts";
import { serve, stop } from "./fixtures/command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

interface Case {
  readonly name: string;
  readonly line: string;
  readonly host?: string;
  readonly body?: string;
  /** The status line. */
  readonly status: string;
  readonly allow?: string;
  /** The body; for HEAD the one that GET has. */
  readonly text: string;
}

const OK = "HTTP/1.1 200 OK";
const BAD_REQUEST = "HTTP/1.1 400 Bad Request";
const NOT_FOUND = "HTTP/1.1 404 Not Found";
const THREE = "The data in DB is as follows.\nID:20182793\nSubject:Computer_Network\nGrade:A";

const CASES: readonly Case[] = [
  { name: "HEAD of the empty store", line: "HEAD /", status: OK, text: "No data in DB" },
  { name: "GET of the empty store", line: "GET /", status: OK, text: "No data in DB" },
  { name: "a bad address", line: "GET /??", status: NOT_FOUND, text: "Invalid Address(url)" },
  {
    name: "a method that nobody knows",
    line: "PRRT /",
    status: "HTTP/1.1 405 Method Not Allowed",
    allow: "GET, HEAD, OPTIONS, END",
    text: "Method not allowed",
  },
  {
    name: "a wrong host",
    line: "GET /",
    host: "127.0.5.1",
    status: BAD_REQUEST,
    text: "Not allowed host: 127.0.5.1",
  },
  {
    name: "PUT where POST creates",
    line: "PUT /create",
    body: "ID: 20182793",
    status: NOT_FOUND,
    text: "Select the appropriate method(Create mode => POST)",
  },
  {
    name: "POST of three keys",
    line: "POST /create",
    body: "ID: 20182793&Subject: Computer_Network&Grade: A",
    status: OK,
    text: "ID:20182793\nSubject:Computer_Network\nGrade:A\nPost Successfully OK",
  },
  { name: "GET of the three", line: "GET /", status: OK, text: THREE },
  {
    name: "a blank key",
    line: "POST /create",
    body: ": 95",
    status: BAD_REQUEST,
    text: "Key value does not exist or is blank.",
  },
  {
    name: "no colon",
    line: "POST /create",
    body: "middle_exam70",
    status: BAD_REQUEST,
    text: "Key-value format is not valid.",
  },
  {
    name: "a key that is there",
    line: "POST /create",
    body: "ID: 20182793",
    status: BAD_REQUEST,
    text: "The key already exists!",
  },
  { name: "HEAD of the three", line: "HEAD /", status: OK, text: THREE },
  {
    name: "PUT of a key that is there and a new one",
    line: "PUT /update",
    body: "ID: 20180434&final_exam: 90",
    status: OK,
    text: [
      "ID: 20180434&final_exam: 90",
      "Update Data as follow:",
      "ID: 20182793 => 20180434",
      "Update(New) Data as follow:",
      "final_exam: 90 (There's no key. New update)",
      "Update with new data Successfully OK",
    ].join("\n"),
  },
  {
    name: "PUT of nothing",
    line: "PUT /update",
    body: "",
    status: BAD_REQUEST,
    text: "There is no content. Please check",
  },
  {
    name: "PUT without a colon",
    line: "PUT /update",
    body: "final_exam90",
    status: BAD_REQUEST,
    text: "Key-value format is not valid.",
  },
  { name: "END", line: "END /", status: OK, text: "The server ends." },
];

const LEFT = "The data in DB is as follows.\nID:20180434\nSubject:Computer_Network\nGrade:A\nfinal_exam:90";

/** Sends one request, and gives all that comes back until the server closes. */
async function exchange(
  port: number,
  { line, host = `127.0.0.1:${port}`, body }: Partial<Case>,
): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  const length = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  socket.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${length}\r\n${body ?? ""}`);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

/** What a connection attempt ends with. */
async function attempt(port: number): Promise<string | undefined> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return "connected";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    socket.destroy();
  }
}

interface Subject {
  readonly port: number;
  /** Resolves when the server has stopped by itself, in good order. */
  readonly ended: Promise<void>;
  /** Stops it if it still runs. */
  release(): Promise<void>;
}

/** The handlers as the command puts them together. */
async function inProcess(): Promise<Subject> {
  let end: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    end = resolve;
  });
  const isOurs = hostTest([]);
  const form = formHandler(createMemoryTable(), { isOurHost: exactHostTest([]), onEnd: () => end() });
  const handler = guardOrigins(form, { origins: [] });
  const mount = { path: "/", handler, methods: FORM_METHODS, takesAll: true };
  const server = createServer({ handler: createRouter([mount], (inner) => guardHosts(inner, isOurs)) });
  const { port } = await server.listen();
  return { port, ended: asked.then(() => server.stop()), release: () => server.stop(0) };
}

function byCommand(store: string): () => Promise<Subject> {
  return async () => {
    const running = await serve(["--mount", `/=form:${store}`, "--allow-end"]);
    const ended = running.finished.then(({ code, stderr }) => {
      assert.equal(stderr, "");
      assert.equal(code, 0);
    });
    return {
      port: running.port,
      ended,
      release: async () => {
        if (running.child.exitCode === null) await stop(running);
      },
    };
  };
}

const STORE = join(temporaryFolder().path, "store");

for (const { how, start } of [
  { how: "in memory", start: inProcess },
  { how: "by the command, on the disk", start: byCommand(STORE) },
]) {
  describe(`exercise 3 ${how}`, () => {
    let subject: Subject;

    before(async () => {
      subject = await start();
    });
    after(() => subject.release());

    for (const [index, one] of CASES.entries()) {
      test(`case ${index + 1}: ${one.name}`, async () => {
        const received = await exchange(subject.port, one);
        const isHead = one.line.startsWith("HEAD ");
        const interim = "HTTP/1.1 100 Continue\r\n\r\n";
        const answer = isHead ? received.slice(interim.length) : received;
        if (isHead) assert.equal(received.slice(0, interim.length), interim);
        const end = answer.indexOf("\r\n\r\n");
        const [status, ...lines] = answer.slice(0, end).split("\r\n");
        assert.equal(status, one.status);
        assert.equal(answer.slice(end + 4), isHead ? "" : one.text);
        assert.ok(lines.includes("Content-Type: text/plain; charset=utf-8"));
        assert.ok(lines.includes(`Content-Length: ${Buffer.byteLength(one.text)}`));
        assert.equal(
          lines.find((line) => line.startsWith("Allow: ")),
          one.allow === undefined ? undefined : `Allow: ${one.allow}`,
        );
      });
    }

    test("the server has stopped, and its port is free", async () => {
      await subject.ended;
      assert.equal(await attempt(subject.port), "ECONNREFUSED");
      const next = createServer({ handler: () => assert.fail("nobody asks") });
      assert.equal((await next.listen({ port: subject.port })).port, subject.port);
      await next.stop();
    });
  });
}

describe("exercise 3 afterwards", () => {
  test("a server on the same store shows what was left, and refuses END when it is not told to take it", async () => {
    const running = await serve(["--mount", `/=form:${STORE}`]);
    const { port } = running;
    const listing = await exchange(port, { line: "GET /" });
    const refused = await exchange(port, { line: "END /" });
    const { code } = await stop(running);
    assert.equal(listing.slice(listing.indexOf("\r\n\r\n") + 4), LEFT);
    assert.match(
      refused,
      /^HTTP\/1\.1 405 .*\r\nAllow: GET, HEAD, OPTIONS\r\n.*\r\n\r\nMethod not allowed$/s,
    );
    assert.equal(code, 0);
  });
});
