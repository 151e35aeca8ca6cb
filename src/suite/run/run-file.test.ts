// A file from its first entry to its last: which entries run, how often, and what is left of them.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { type Answer, echoServer } from "../../../test/fixtures/echo.ts";
import { accountOf, callsOf, type RunParts, runText, wayOf } from "../../../test/fixtures/hurl-run.ts";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import type { FileOutcome } from "./outcome.ts";

const server = echoServer();
const folder = temporaryFolder();

beforeEach(() => {
  server.received.length = 0;
});

function run(text: string, parts: RunParts = {}): Promise<FileOutcome> {
  return runText(text, { ...parts, variables: { host: server.url(), ...parts.variables } });
}

/** Answers with a status for each request, the last one for all that follow. */
function inTurn(...statuses: readonly number[]): Answer {
  let turn = 0;
  return (_received, response) => {
    response.writeHead(statuses[Math.min(turn++, statuses.length - 1)] ?? 200).end();
  };
}

const THREE = "GET {{host}}/1\nHTTP 200\n\nGET {{host}}/2\nHTTP 404\n\nGET {{host}}/3\nHTTP 200\n";
const SECOND_FAILS = "5:6 Assert status code: actual value is <200>";

describe("which entries run", () => {
  test("all up to the first that fails", async () => {
    const outcome = await run(THREE);
    assert.deepEqual(accountOf(outcome), [4, SECOND_FAILS]);
    assert.deepEqual(wayOf(outcome), ["GET /1 200", "GET /2 200"]);
  });

  test("all of them with continueOnError", async () => {
    const outcome = await run(`${THREE}\nGET {{none}}\nHTTP 200\n`, { continueOnError: true });
    const undefinedVariable = "10:7 Undefined variable: you must set the variable none";
    assert.deepEqual(accountOf(outcome), [3, SECOND_FAILS, undefinedVariable]);
    assert.equal(outcome.success, false);
    assert.deepEqual(
      outcome.entries.map(({ index, calls }) => [index, calls.length]),
      [
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 0],
      ],
    );
  });

  const ranges = [
    { fromEntry: 3, toEntry: Number.POSITIVE_INFINITY, way: ["GET /3 200"] },
    { fromEntry: 1, toEntry: 1, way: ["GET /1 200"] },
    { fromEntry: 3, toEntry: 3, way: ["GET /3 200"] },
    { fromEntry: 3, toEntry: 99, way: ["GET /3 200"] },
    { fromEntry: 4, toEntry: 99, way: [] },
  ];
  for (const { way, ...range } of ranges) {
    test(`from ${range.fromEntry} to ${range.toEntry}`, async () => {
      const outcome = await run(THREE, range);
      assert.deepEqual(accountOf(outcome), [0]);
      assert.deepEqual(wayOf(outcome), way);
    });
  }

  test("the listener is told of each with its number and the last one's", async () => {
    const told: string[] = [];
    const listener = {
      entryStarted: (index: number, last: number) => void told.push(`${index} of ${last}`),
      called: () => void told.push("called"),
      entryEnded: ({ index }: { readonly index: number }) => void told.push(`${index} ended`),
      note: (text: string) => void told.push(text),
    };
    await run("GET {{host}}/1\n\nGET {{host}}/2\n[Options]\nskip: true\n\nGET {{host}}/3\n", {
      listener,
      toEntry: 3,
    });
    assert.deepEqual(told, [
      "1 of 3",
      "called",
      "1 ended",
      "Entry 2 is skipped",
      "3 of 3",
      "called",
      "3 ended",
    ]);
  });

  test("without asserts nothing is checked, but captures are made", async () => {
    const text =
      "GET {{host}}/1\nHTTP 404\nX-None: 1\n[Captures]\ncode: status\n[Asserts]\nstatus == 1\n`x`\n";
    const outcome = await run(text, { asserts: false });
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(outcome.entries[0]?.asserts, []);
    assert.deepEqual(outcome.entries[0]?.captures, [
      { name: "code", value: { kind: "integer", value: 200n } },
    ]);
  });

  test("a file without entries succeeds", async () => {
    const outcome = await run("# nothing\n");
    assert.deepEqual([outcome.success, outcome.entries.length], [true, 0]);
  });
});

describe("tries and repetitions", () => {
  test("a failed try is told of as retried, and does not fail the file", async () => {
    server.on("/flaky", inTurn(503, 500, 200));
    const outcome = await run("GET {{host}}/flaky\nHTTP 200\n", { options: { retry: 5, retryInterval: 1 } });
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(
      outcome.entries.map(({ retried, failures }) => [retried, failures.map(({ message }) => message)]),
      [
        [true, ["Assert status code: actual value is <503>"]],
        [true, ["Assert status code: actual value is <500>"]],
        [false, []],
      ],
    );
  });

  test("a connection that is refused is tried again, too", async () => {
    const text = "GET http://127.0.0.1:1/\nHTTP 200\n";
    const outcome = await run(text, { options: { retry: 2, retryInterval: 1 } });
    assert.deepEqual(
      outcome.entries.map(({ retried }) => retried),
      [true, true, false],
    );
    const [exit, failure = "", ...more] = accountOf(outcome);
    assert.deepEqual([exit, more], [3, []]);
    assert.match(failure, /^1:5 HTTP connection: Cannot connect to 127\.0\.0\.1:1/);
  });

  test("an entry that asks for nothing of its answer is tried once", async () => {
    server.on("/down", inTurn(500));
    const outcome = await run("GET {{host}}/down\n", { options: { retry: 5, retryInterval: 1 } });
    assert.deepEqual(wayOf(outcome), ["GET /down 500"]);
  });

  test("repeat and retry: each repetition has its tries", async () => {
    server.on("/twice", inTurn(500, 200, 500, 200));
    const text = "GET {{host}}/twice\n[Options]\nrepeat: 2\nretry: 1\nretry-interval: 1ms\nHTTP 200\n";
    const outcome = await run(text);
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(
      outcome.entries.map(({ index, retried }) => [index, retried]),
      [
        [1, true],
        [1, false],
        [1, true],
        [1, false],
      ],
    );
  });

  test("an option of a variable that a repetition captures is read once for all of them", async () => {
    server.on("/id", inTurn(200));
    const text =
      "GET {{host}}/id\n[Options]\nrepeat: 2\nvariable: n=1\nHTTP 200\n[Captures]\nn: status\n\nGET {{host}}/{{n}}\n";
    assert.deepEqual(wayOf(await run(text)).at(-1), "GET /200 200");
  });
});

describe("variables and files", () => {
  test("variables go from entry to entry, and not from file to file", async () => {
    const variables = { name: "first" };
    const text =
      'GET {{host}}/{{name}}\nHTTP 200\n[Captures]\nname: url replace "first" "second" urlQueryParam "x"\n';
    await run(text.replace("{{name}}\n", "{{name}}?x=second\n"), { variables });
    const again = await run("GET {{host}}/{{name}}\n", { variables });
    assert.deepEqual(wayOf(again), ["GET /first 200"]);
  });

  test("output writes the last answer's body, decoded, into folders that it makes", async () => {
    server.on("/moved", { status: 302, fields: [["Location", "/body"]] });
    server.on("/body", { body: "야옹" });
    const text = "GET {{host}}/moved\n[Options]\nlocation: true\noutput: deep/{{name}}.txt\nHTTP 200\n";
    const outcome = await run(text, { fileRoot: folder.path, variables: { name: "고양이" } });
    assert.deepEqual(accountOf(outcome), [0]);
    assert.equal(readFileSync(join(folder.path, "deep/고양이.txt"), "utf8"), "야옹");
  });

  test("output to standard output", async () => {
    const printed: string[] = [];
    server.on("/body", { body: "야옹" });
    await run("GET {{host}}/body\n[Options]\noutput: -\n", {
      print: (bytes) => void printed.push(Buffer.from(bytes).toString()),
    });
    assert.deepEqual(printed, ["야옹"]);
  });

  test("output outside of the file root is refused", async () => {
    const outcome = await run("GET {{host}}/body\n[Options]\noutput: ../out.txt\nHTTP 200\n", {
      fileRoot: folder.path,
    });
    const problem = "unauthorized access to file ../out.txt, check --file-root option";
    assert.deepEqual(accountOf(outcome), [3, `3:9 Unauthorized file access: ${problem}`]);
  });

  test("output onto the test file itself", async () => {
    const name = join(folder.path, "self.hurl");
    const text = "GET {{host}}/body\n[Options]\noutput: self.hurl\n";
    writeFileSync(name, text);
    const outcome = await run(text, { fileRoot: folder.path, file: name });
    assert.deepEqual(accountOf(outcome), [
      3,
      "3:9 File write access: self.hurl can not be written (it is the test file itself)",
    ]);
    assert.equal(readFileSync(name, "utf8"), text);
  });

  test("output where a folder is", async () => {
    const outcome = await run("GET {{host}}/body\n[Options]\noutput: deep\nHTTP 200\n", {
      fileRoot: folder.path,
    });
    assert.deepEqual(accountOf(outcome), [
      3,
      "3:9 File write access: deep can not be written (it is no file)",
    ]);
  });
});

describe("a run that is broken off", () => {
  test("rejects with the signal's reason: while an answer is waited for", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    server.on("/silent", () => abort.abort(reason));
    await assert.rejects(run("GET {{host}}/silent\n", { signal: abort.signal }), reason);
  });

  for (const [name, options] of [
    ["a delay", { delay: 3_600_000 }],
    ["the time between tries", { retry: 1, retryInterval: 3_600_000 }],
  ] as const) {
    test(`rejects with the signal's reason: within ${name}`, async () => {
      const abort = new AbortController();
      const reason = new Error("enough");
      const listener = { note: () => abort.abort(reason) };
      const text = "GET {{host}}/x\n[Options]\nrepeat: 2\nHTTP 404\n";
      await assert.rejects(run(text, { signal: abort.signal, listener, options }), reason);
    });
  }

  test("the listener is told what there was until then, and where it ended", async () => {
    const abort = new AbortController();
    const told: FileOutcome[] = [];
    server.on("/stuck", () => abort.abort(new Error("enough")));
    const listener = { interrupted: (outcome: FileOutcome) => void told.push(outcome) };
    const text = "GET {{host}}/1\nHTTP 200\n\nGET {{host}}/stuck\nHTTP 200\n";
    await assert.rejects(run(text, { signal: abort.signal, listener }));
    const [outcome] = told;
    assert.ok(outcome !== undefined && told.length === 1);
    assert.equal(outcome.success, false);
    assert.deepEqual(accountOf(outcome), [3, "4:5 Interrupted: the run ended here"]);
    assert.deepEqual(wayOf(outcome), ["GET /1 200"]);
  });

  test("closes its connections", async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    server.on("/last", (_received, response) => {
      response.socket?.once("close", closed);
      response.end();
    });
    await run("GET {{host}}/last\n");
    await gone;
  });
});

test("bodies of entries that went well go, but for the last, when nobody wants them", async () => {
  server.on("/body", { body: "야옹" });
  const text = "GET {{host}}/body\n\nGET {{host}}/body\nHTTP 201\n\nGET {{host}}/body\n";
  const sizes = async (keepBodies: boolean): Promise<number[]> => {
    const outcome = await run(text, { keepBodies, continueOnError: true });
    return callsOf(outcome).map(({ response }) => response.body.length);
  };
  assert.deepEqual(await sizes(true), [6, 6, 6]);
  assert.deepEqual(await sizes(false), [0, 6, 6]);
});

test("an outcome tells when, how long, and how each request would be made with curl", async () => {
  const outcome = await run("POST {{host}}/x\n`it's`\nHTTP 200\n");
  const [entry] = outcome.entries;
  assert.ok(outcome.startedAt instanceof Date && outcome.duration > 0);
  assert.ok(entry !== undefined && entry.duration > 0);
  assert.match(entry.curl ?? "", /^curl /);
  assert.ok(entry.curl?.includes(`${server.url()}/x`));
  assert.equal(callsOf(outcome)[0]?.request.head.split("\r\n")[0], "POST /x HTTP/1.1");
});
