// What `sockeye run` gives besides verdicts: bodies, heads, trees, JSON, commands, and what is sent and received.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseHurl } from "../src/suite/hurl/parse.ts";
import { runFolder } from "./fixtures/run-command.ts";

const { folder, server, file, run } = runFolder();

server.on("/cat", {
  fields: [
    ["Content-Type", "text/plain"],
    ["X-Name", "나비"],
  ],
  body: "야옹\n",
});
server.on("/json", { fields: [["Content-Type", "application/json"]], body: '{"b":1,"a":[2]}' });
file("good.hurl", "GET {{host}}/cat\nHTTP 200\n");
file("two.hurl", "GET {{host}}/cat\nX-One: it's\n\nPOST {{host}}/json\n`야옹`\nHTTP 200\n");
file("bad.hurl", "GET {{host}}/cat\nHTTP 201\n");
file("one.http", "GET {{host}}/cat\n");

describe("bodies", { concurrency: 2 }, () => {
  test("-o writes a file, and prints nothing", async () => {
    const { code, out } = await run(["-o", "cat.txt", "good.hurl"]);
    assert.deepEqual([code, out], [0, ""]);
    assert.equal(await folder.read("cat.txt"), "야옹\n");
  });

  test("a reader who goes away ends nothing: files are run, and the code tells how", async () => {
    const { code } = await run(["--report-tap", "gone.tap", "good.hurl", "bad.hurl"], {
      onStart: (child) => void child.stdout?.destroy(),
    });
    assert.equal(code, 4);
    assert.equal(
      await folder.read("gone.tap").then((text) => text.match(/^(?:not )?ok/gm)?.join()),
      "ok,not ok",
    );
  });

  test("-o makes the folders of its file", async () => {
    assert.equal((await run(["-o", "deep/er/cat.txt", "good.hurl"])).code, 0);
    assert.equal(await folder.read("deep/er/cat.txt"), "야옹\n");
  });

  test("-o where a folder is", async () => {
    const { code, err } = await run(["-o", ".", "good.hurl"]);
    assert.equal(code, 1);
    assert.match(err, /^sockeye: Cannot write "\.": it is a folder\n/);
  });

  test("-i has the head before it", async () => {
    const { out } = await run(["-i", "good.hurl"]);
    assert.match(out, /^HTTP\/1\.1 200 OK\n(?:[^\n]+\n)*X-Name: 나비\n(?:[^\n]+\n)*\n야옹\n$/);
  });

  test("--no-output prints none", async () => {
    assert.equal((await run(["--no-output", "good.hurl"])).out, "");
  });

  test("--pretty indents JSON, and only then", async () => {
    assert.equal((await run(["two.hurl"])).out, '{"b":1,"a":[2]}');
    assert.match((await run(["--pretty", "two.hurl"])).out, /^\{\n {2}"b": 1,\n {2}"a": \[\s*2\s*\]\n\}\n?$/);
  });

  test("the body of an answer that is not as it should be is not printed; with --error-format long it is", async () => {
    const { out, err } = await run(["bad.hurl"]);
    assert.deepEqual([out, err.includes("야옹")], ["", false]);
    const long = await run(["--error-format", "long", "bad.hurl"]);
    assert.equal(long.code, 4);
    assert.match(long.err, /HTTP\/1\.1 200[\s\S]*야옹/);
  });
});

describe("other forms", { concurrency: 2 }, () => {
  test("--ast: the tree of each file on a line, and nothing is sent", async () => {
    server.on("/tree", { status: 500 });
    file("tree.hurl", "GET {{host}}/tree\nHTTP 200\n[Asserts]\nstatus == 200\n");
    const { code, out } = await run(["--ast", "tree.hurl", "one.http"]);
    assert.equal(code, 0);
    const [tree, other] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(tree.entries[0].request.method, "GET");
    assert.equal(tree.entries[0].request.url, `${server.url()}/tree`);
    assert.equal(tree.entries[0].response.status, 200);
    assert.equal(tree.entries[0].response.asserts.length, 1);
    assert.equal(other.entries.length, 1);
    assert.ok(!server.received.some(({ target }) => target === "/tree"));
  });

  test("--json: what came of each file on a line, a failed one, too", async () => {
    const { code, out } = await run(["--json", "two.hurl", "bad.hurl"]);
    assert.equal(code, 4);
    const [good, bad] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual([good.filename, good.success, good.entries.length], ["two.hurl", true, 2]);
    assert.deepEqual([bad.filename, bad.success], ["bad.hurl", false]);
    assert.equal(bad.entries[0].asserts[0].success, false);
    assert.equal(good.entries[1].calls[0].request.method, "POST");
  });

  test("--as hurl: a file that says the same", async () => {
    const { code, out } = await run(["--as", "hurl", "two.hurl"]);
    assert.equal(code, 0);
    const { entries } = parseHurl(out);
    assert.deepEqual(
      entries.map(({ request }) => request.method.text),
      ["GET", "POST"],
    );
    assert.ok(out.includes("X-One: it's"));
  });

  for (const form of ["curl", "http", "httpie"]) {
    test(`--as ${form}: both requests`, async () => {
      const { code, out } = await run(["--as", form, "two.hurl"]);
      assert.equal(code, 0);
      assert.ok(out.includes(`${server.url()}/cat`) && out.includes(`${server.url()}/json`), out);
    });
  }

  test("--curl writes a command for each request", async () => {
    await run(["--curl", "commands.sh", "two.hurl"]);
    const lines = (await folder.read("commands.sh")).trimEnd().split("\n");
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => line.startsWith("curl ")));
    assert.ok(lines[0]?.includes(`'X-One: it'\\''s'`), lines[0]);
  });
});

describe("verbosity, on standard error", { concurrency: 2 }, () => {
  const cases = [
    { args: ["good.hurl"], has: [], hasNot: ["*", "> "] },
    {
      args: ["--verbosity", "brief", "good.hurl"],
      has: ["* Entry 1 of 1\n", "* GET {{host}}/cat: 200 OK"],
      hasNot: ["> GET"],
    },
    {
      args: ["-v", "good.hurl"],
      has: ["> GET /cat HTTP/1.1\n", "< HTTP/1.1 200 OK\n", "< X-Name: 나비\n"],
      hasNot: ["야옹"],
    },
    {
      args: ["--very-verbose", "good.hurl"],
      has: ["> GET /cat HTTP/1.1\n", "* Response body:\n* 야옹\n", "* Times: "],
      hasNot: [],
    },
    {
      args: ["--very-verbose", "two.hurl"],
      has: ["* Request body:\n* 야옹\n", "* Entry 2 of 2\n", "* As a curl command: curl "],
      hasNot: [],
    },
  ];
  for (const { args, has, hasNot } of cases) {
    test(args.join(" "), async () => {
      const { code, err } = await run(args);
      assert.equal(code, 0);
      for (const text of has) assert.ok(err.includes(text), err);
      for (const text of hasNot) assert.ok(!err.includes(text), err);
    });
  }
});
