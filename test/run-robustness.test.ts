// `sockeye run` among hostile servers, careless files and impatient people: nothing is lost, nothing is shown that must
// not be, and the memory stays flat.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { accountOf, callsOf, runText } from "./fixtures/hurl-run.ts";
import { runFolder } from "./fixtures/run-command.ts";

const { folder, server, file, run } = runFolder();

function read(name: string): string {
  return readFileSync(join(folder.path, name), "utf8");
}

server.on("/ok", { body: "all is well" });
file("ok.hurl", "GET {{host}}/ok\nHTTP 200\n");
file("bad.hurl", "GET {{host}}/ok\nHTTP 201\n");

describe("a signal: 130, and what has been run is told of", () => {
  let child: ChildProcess | undefined;
  const phases = [
    {
      name: "within a delay",
      signal: "SIGINT",
      // The last that is said of the first entry.
      begins: "As a curl command",
      second: "GET {{host}}/ok\n[Options]\ndelay: 1h\n",
    },
    {
      name: "between two tries",
      signal: "SIGTERM",
      begins: "Retry entry 2",
      second: "GET {{host}}/ok\n[Options]\nretry: 3\nretry-interval: 1h\nHTTP 201\n",
    },
    {
      name: "while an answer is waited for",
      signal: "SIGTERM",
      begins: undefined,
      second: "GET {{host}}/hang\n",
    },
    { name: "within a body", signal: "SIGINT", begins: undefined, second: "GET {{host}}/half\n" },
  ] as const;
  for (const [number, { name, signal, begins, second }] of phases.entries()) {
    const source = `s${number}.hurl`;
    file(source, `GET {{host}}/first${number}\nHTTP 200\n\n${second}`);
    test(name, async () => {
      const kill = (): void => void child?.kill(signal);
      server.on("/hang", kill);
      server.on("/half", (_, response) => {
        response.writeHead(200, { "Content-Length": "100" }).write("abc", kill);
      });
      server.on(`/first${number}`, { body: "1" });
      const args = ["-v", "--report-junit", `${number}.xml`, "--report-json", `${number}.json`, source];
      const { code, err } = await run(args, {
        onStart: (started) => {
          child = started;
          if (begins === undefined) return;
          let log = "";
          started.stderr?.on("data", (data: Buffer) => {
            const had = log.includes(begins);
            log += data.toString();
            if (!had && log.includes(begins)) setImmediate(kill);
          });
        },
      });
      assert.equal(code, 130);
      assert.match(err, new RegExp(`error: Interrupted\n {2}--> ${source}:4:5\n`));
      assert.match(read(`${number}.xml`), /errors="1" failures="0".*<error message="Interrupted">/s);
      const [{ success, entries }] = JSON.parse(read(`${number}.json/report.json`)) as [
        { success: boolean; entries: { index: number; calls: unknown[] }[] },
      ];
      assert.equal(success, false);
      assert.deepEqual([entries[0]?.index, entries[0]?.calls.length, entries.at(-1)?.index], [1, 1, 2]);
      assert.deepEqual(
        readdirSync(folder.path).filter((one) => one.endsWith(".part")),
        [],
      );
    });
  }
});

describe("files that are written", () => {
  test("a report that cannot be written does not take the others with it", async () => {
    const { code, err } = await run(["--report-tap", "/dev/full", "--report-junit", "kept.xml", "ok.hurl"]);
    assert.deepEqual([code, /Cannot write "\/dev\/full"/.test(err)], [3, true]);
    assert.match(read("kept.xml"), /tests="1"/);
  });

  test("one that cannot be written is refused before anything is sent", async () => {
    server.received.length = 0;
    const { code, err } = await run(["--report-tap", "ok.hurl/x.tap", "ok.hurl"]);
    assert.equal(code, 1);
    assert.match(err, /Cannot write "ok\.hurl\/x\.tap": .* is no folder/);
    assert.equal(server.received.length, 0);
  });

  test("a device stays one, and standard output is not read", async () => {
    const { code, out } = await run(["--test", "--report-tap", "/dev/stdout", "-c", "/dev/null", "ok.hurl"]);
    assert.deepEqual([code, out], [0, "TAP version 13\n1..1\nok 1 - ok.hurl\n"]);
    assert.ok(statSync("/dev/null").isCharacterDevice());
  });

  test("a link stays one, a file keeps its mode, and credentials are for their owner only", async () => {
    writeFileSync(join(folder.path, "real.jar"), "");
    chmodSync(join(folder.path, "real.jar"), 0o640);
    symlinkSync("real.jar", join(folder.path, "link.jar"));
    assert.equal((await run(["-c", "link.jar", "--curl", "new.sh", "ok.hurl"])).code, 0);
    assert.ok(lstatSync(join(folder.path, "link.jar")).isSymbolicLink());
    assert.match(read("real.jar"), /^# Netscape/);
    assert.equal(statSync(join(folder.path, "real.jar")).mode & 0o777, 0o640);
    assert.equal(statSync(join(folder.path, "new.sh")).mode & 0o077, 0);
  });

  test("the option output does not write over the test file", async () => {
    const text = "GET {{host}}/ok\n[Options]\noutput: self.hurl\n";
    file("self.hurl", text);
    const { code, err } = await run(["self.hurl"]);
    assert.equal(code, 3);
    assert.match(err, /self\.hurl can not be written \(it is the test file itself\)/);
    assert.equal(read("self.hurl").replaceAll(server.url(), "{{host}}"), text);
  });
});

describe("what servers send", () => {
  test("the type of a body names no file by what objects inherit", async () => {
    server.on("/type", { fields: [["Content-Type", "text/constructor"]], body: "x" });
    file("type.hurl", "GET {{host}}/type\n");
    assert.equal((await run(["--report-json", "types", "type.hurl"])).code, 0);
    assert.match(readdirSync(join(folder.path, "types/store")).join(), /^[0-9a-f]{32}_response\.bin$/);
  });

  test("JSON for a terminal has no character that turns it around", async () => {
    server.on("/turn", { fields: [["X-Turn", "a\u202eb\u009bc"]] });
    file("turn.hurl", 'GET {{host}}/turn\nHTTP 200\n[Captures]\nx: header "X-Turn"\n');
    const { out } = await run(["--json", "turn.hurl"]);
    assert.match(out, /"a\\u202eb\\u009bc"/);
    assert.ok(!/[\u0080-\u009f\u202e]/.test(out));
  });

  test("colours of the log are colours", async () => {
    const { err } = await run(["--verbosity", "brief", "--color", "ok.hurl"]);
    assert.ok(err.includes("\x1b[1mEntry 1 of 1\x1b[22m"), JSON.stringify(err));
    assert.ok(!err.includes("\\x1b"));
  });

  test("a secret is not told of before its capture makes it one", async () => {
    server.on("/login", { fields: [["X-Token", "t0k3n-of-today"]], body: '{"t":"t0k3n-of-today"}' });
    file("login.hurl", 'GET {{host}}/login\nHTTP 200\n[Captures]\nt: header "X-Token" redact\n');
    const { code, out, err } = await run(["--very-verbose", "--json", "login.hurl"]);
    assert.equal(code, 0);
    assert.ok(!`${out}${err}`.includes("t0k3n"), err);
    assert.match(err, /< X-Token: \*\*\*/);
  });

  test("a secret is struck out before a command line quotes it", async () => {
    file("quoted.hurl", "POST {{host}}/ok\nX-A: {{s}}\n`{{s}}`\n");
    for (const form of ["curl", "hurl", "http", "httpie"]) {
      const { out } = await run(["--as", form, "--secret", 's=it\'s "my" s3cret', "quoted.hurl"]);
      assert.ok(out.includes("***") && !/s3cret|it'|my/.test(out), out);
    }
  });
});

describe("--error-format", () => {
  file("long.hurl", "GET {{host}}/ok\nHTTP 201\n[Asserts]\nbody == 1\n\nGET {{host}}/ok\nHTTP 200\n");

  test("long: head and body of the answer stand below what is wrong", async () => {
    const { code, err } = await run(["--error-format", "long", "--continue-on-error", "long.hurl"]);
    assert.equal(code, 4);
    assert.match(
      err,
      /actual value is <200>\n {3}\|\n\n< HTTP\/1\.1 200 OK\n(?:< .*\n)+<\n\* Response body:\n\* all is well\n\n$/,
    );
  });

  test("short: they do not", async () => {
    const { err } = await run(["--error-format", "short", "long.hurl"]);
    assert.ok(!err.includes("all is well"));
  });
});

describe("many", () => {
  test("more jobs than anybody has", async () => {
    assert.equal((await run(["--test", "--jobs", "9007199254740991", "ok.hurl", "bad.hurl"])).code, 4);
  });

  test("more files than a process may have open", async () => {
    const names = Array.from({ length: 1100 }, (_, i) => `many/${i}.hurl`);
    for (const name of names) file(name, "HEAD {{host}}/ok\nHTTP 200\n");
    const { code, err } = await run(["--test", "many"]);
    assert.equal(code, 0);
    assert.match(err, /Executed files: {4}1100\n/);
  });

  test("an early failure is not forgotten, nor are requests", async () => {
    let turn = 0;
    server.on("/turns", (_, response) => void response.writeHead(turn++ === 0 ? 500 : 200).end());
    const text = "GET {{host}}/turns\n[Options]\nrepeat: 10010\nHTTP 200\n";
    const outcome = await runText(text, {
      variables: { host: server.url() },
      continueOnError: true,
      keepBodies: false,
    });
    assert.deepEqual(accountOf(outcome), [4, "4:6 Assert status code: actual value is <500>"]);
    assert.equal(outcome.entries.length, 10_000);
    assert.equal(callsOf(outcome).length + (outcome.forgotten ?? 0), 10_010);
  });

  test("bodies are kept of the last entry and of failed ones, unless all are wanted", async () => {
    const text = `${"GET {{host}}/ok\nHTTP 200\n".repeat(2)}GET {{host}}/ok\nHTTP 201\n${"GET {{host}}/ok\n".repeat(2)}`;
    const sizes = async (keepBodies: boolean): Promise<number[]> => {
      const parts = { variables: { host: server.url() }, continueOnError: true, keepBodies };
      return callsOf(await runText(text, parts)).map(({ response }) => response.body.length);
    };
    assert.deepEqual(await sizes(false), [0, 0, 11, 0, 11]);
    assert.deepEqual(await sizes(true), [11, 11, 11, 11, 11]);
  });
});

test("a message about the command line has no character that turns it around", async () => {
  const { code, err } = await run(["no\u202ehurl"]);
  assert.deepEqual([code, /Cannot run "no\\u202ehurl"/.test(err), err.includes("\u202e")], [1, true, false]);
});
