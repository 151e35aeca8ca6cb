// `sockeye run` on a terminal, and when somebody presses Ctrl-C.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { noTerminal, sockeyeOnTerminal } from "./fixtures/client-command.ts";
import { runFolder } from "./fixtures/run-command.ts";

const { folder, server, file, run } = runFolder();

server.on("/json", { fields: [["Content-Type", "application/json"]], body: '{"b":1,"a":"야옹"}' });

/** All that a terminal shows. */
async function shown(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
  const ended = await sockeyeOnTerminal(["run", ...args], { cwd: folder.path, env: { LC_ALL: "C.UTF-8" } });
  return { code: ended.code, text: ended.stdout.toString("utf8").replaceAll("\r\n", "\n") };
}

function write(name: string, text: string): void {
  writeFileSync(join(folder.path, name), text.replaceAll("{{host}}", server.url()));
}

describe("on a terminal", { skip: noTerminal }, () => {
  test("--test shows a bar while it runs, and takes it away", async () => {
    write("slow.hurl", "GET {{host}}/json\n\nGET {{host}}/json\n[Options]\ndelay: 150ms\nHTTP 200\n");
    const { code, text } = await shown(["--test", "slow.hurl"]);
    assert.equal(code, 0);
    assert.match(stripVTControlCharacters(text), /\rExecuted 0\/1 ░+ slow\.hurl \[2\/2\]\r/);
    const last = text.slice(text.lastIndexOf("\r\x1b[K"));
    assert.match(stripVTControlCharacters(last), /^\rslow\.hurl: Success \(2 request\(s\) in \d+ ms\)\n-+\n/);
  });

  test("without --test there is none, and JSON is indented and coloured", async () => {
    write("json.hurl", "GET {{host}}/json\n");
    const { text } = await shown(["json.hurl"]);
    assert.ok(!text.includes("Executed"), text);
    assert.match(text, /\x1b\[/);
    assert.match(stripVTControlCharacters(text), /\{\n {2}"b": 1,\n {2}"a": "야옹"\n\}/);
  });

  test("failures are coloured; not with --no-color", async () => {
    write("fails.hurl", "GET {{host}}/json\nHTTP 201\n");
    const { code, text } = await shown(["fails.hurl"]);
    assert.equal(code, 4);
    assert.match(text, /\x1b\[1merror: Assert status code\x1b\[/);
    const plain = await shown(["--no-color", "fails.hurl"]);
    assert.match(plain.text, /^error: Assert status code\n {2}--> fails\.hurl:2:6\n/m);
  });

  test("nothing that a server sends moves the cursor", async () => {
    server.on("/evil", { fields: [["Content-Type", "text/plain"]], body: "\x1b[2J\x07wiped" });
    write("evil.hurl", "GET {{host}}/evil\n");
    const { text } = await shown(["evil.hurl"]);
    assert.ok(
      text.includes("wiped") && !text.includes("\x1b[2J") && !text.includes("\x07"),
      JSON.stringify(text),
    );
  });
});

describe("Ctrl-C", { skip: process.platform === "win32" }, () => {
  /** Runs until the server has a request for the path, then sends the signal. */
  async function interrupted(
    path: string,
    args: readonly string[],
    signal: NodeJS.Signals = "SIGINT",
  ): Promise<Awaited<ReturnType<typeof run>>> {
    let child: ChildProcess | undefined;
    server.on(path, () => void child?.kill(signal));
    return run(args, {
      onStart: (started) => {
        child = started;
      },
    });
  }

  test("ends with 130, and starts no further file", async () => {
    file("silent.hurl", "GET {{host}}/json\nHTTP 200\n\nGET {{host}}/silent\nHTTP 200\n");
    file("after.hurl", "GET {{host}}/after\n");
    const { code } = await interrupted("/silent", ["--test", "--jobs", "1", "silent.hurl", "after.hurl"]);
    assert.equal(code, 130);
    assert.ok(!server.received.some(({ target }) => target === "/after"));
  });

  test("what ran before it is in the report", async () => {
    file("first.hurl", "GET {{host}}/json\nHTTP 200\n");
    file("hangs.hurl", "GET {{host}}/hangs\nHTTP 200\n");
    const args = ["--test", "--jobs", "1", "--report-tap", "part.tap", "first.hurl", "hangs.hurl"];
    const { code, err } = await interrupted("/hangs", args);
    assert.equal(code, 130, err);
    assert.match(await folder.read("part.tap"), /^ok 1 - first\.hurl$/m);
  });

  test("SIGTERM does the same", async () => {
    file("terminated.hurl", "GET {{host}}/terminated\n");
    const { code } = await interrupted("/terminated", ["terminated.hurl"], "SIGTERM");
    assert.equal(code, 130);
  });

  test("within a delay, too", async () => {
    file("waits.hurl", "GET {{host}}/waits\n\nGET {{host}}/json\n[Options]\ndelay: 1h\n");
    server.on("/waits", (_received, response) => response.end());
    const { code } = await run(["-v", "waits.hurl"], {
      onStart: (child) => {
        let said = "";
        child.stderr?.on("data", function listen(bytes: Buffer) {
          said += bytes.toString();
          if (!said.includes("As a curl command")) return;
          child.stderr?.off("data", listen);
          child.kill("SIGINT");
        });
      },
    });
    assert.equal(code, 130);
  });
});
