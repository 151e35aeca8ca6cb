// What `sockeye run` is given: files, folders, patterns, standard input, variables.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runFolder } from "./fixtures/run-command.ts";

const { server, file, run } = runFolder();

server.on("/cat", { fields: [["Content-Type", "text/plain"]], body: "야옹\n" });
server.on("/json", { fields: [["Content-Type", "application/json"]], body: '{"b":1,"a":[2]}' });
file("good.hurl", "GET {{host}}/cat\nHTTP 200\n");

describe("inputs", { concurrency: 2 }, () => {
  file("suite/b.hurl", "GET {{host}}/cat\n");
  file("suite/a.http", "GET {{host}}/json\n?? status == 200\n");
  file("suite/deep/c.rest", "GET {{host}}/cat\n");
  file("suite/ignored.txt", "nonsense");

  test("a folder: what is in it, in order", async () => {
    const { code, err } = await run(["--test", "--jobs", "1", "suite"]);
    assert.equal(code, 0, err);
    assert.deepEqual(err.match(/^suite.*?(?=:)/gm), ["suite/a.http", "suite/b.hurl", "suite/deep/c.rest"]);
  });

  test("--glob, behind the files that are named", async () => {
    const { err } = await run(["--test", "--jobs", "1", "--glob", "suite/**/*.hurl", "good.hurl"]);
    assert.deepEqual(err.match(/^[a-z/]+\.hurl(?=:)/gm), ["good.hurl", "suite/b.hurl"]);
  });

  test("standard input, when nothing is named", async () => {
    const stdin = Buffer.from(`GET ${server.url()}/cat\nHTTP 201\n`);
    const { code, err } = await run([], { stdin });
    assert.equal(code, 4);
    assert.match(err, /--> -:2:6\n/);
    const named = await run(["-"], { stdin: Buffer.from(`GET ${server.url()}/cat\n`) });
    assert.equal(named.out, "야옹\n");
  });

  test("a file that is not UTF-8", async () => {
    const { code, err } = await run(["-"], { stdin: Buffer.from([0xff, 0xfe]) });
    assert.equal(code, 1);
    assert.match(err, /it is not a text in UTF-8/);
  });

  test("several files without --test: each one's last body, in order", async () => {
    const { out } = await run(["good.hurl", "suite/a.http"]);
    assert.equal(out, '야옹\n{"b":1,"a":[2]}');
  });

  test("a .http file that fails", async () => {
    file("fails.http", "### first\nGET {{host}}/cat\n?? status == 404\n");
    const { code, err } = await run(["fails.http"]);
    assert.equal(code, 4);
    assert.match(err, /^error: Assert failure\n {2}--> fails\.http:3:0\n/);
    assert.match(err, /actual: {3}integer <200>\n/);
  });
});

describe("variables", { concurrency: 2 }, () => {
  file(
    "variables.hurl",
    'POST {{host}}/echo\n`{{name}} {{n}}`\nHTTP 200\n[Asserts]\njsonpath "$.body" == "나비 3"\nvariable "n" == 3\n',
  );
  file("vars.env", "# names\nname=나비\nn=3\n");

  const cases: readonly {
    readonly name: string;
    readonly args: readonly string[];
    readonly env?: Record<string, string>;
  }[] = [
    { name: "--variable", args: ["--variable", "name=나비", "--variable", "n=3"] },
    { name: "--variables-file", args: ["--variables-file", "vars.env"] },
    { name: "HURL_VARIABLE_x", args: [], env: { HURL_VARIABLE_name: "나비", HURL_VARIABLE_n: "3" } },
    {
      name: "the command line over the environment",
      args: ["--variables-file", "vars.env"],
      env: { HURL_VARIABLE_name: "멍" },
    },
  ];
  for (const { name, args, env = {} } of cases) {
    test(name, async () => {
      const { code, err } = await run([...args, "variables.hurl"], { env });
      assert.equal(code, 0, err);
    });
  }

  test("one that is not there", async () => {
    const { code, err } = await run(["--variable", "n=3", "variables.hurl"]);
    assert.equal(code, 3);
    assert.match(
      err,
      /^error: Undefined variable\n {2}--> variables\.hurl:2:4\n[\s\S]*\^\^\^\^ you must set the variable name\n/,
    );
  });

  test("the same one twice", async () => {
    const { code, err } = await run(["--variables-file", "vars.env", "--variable", "n=4", "variables.hurl"]);
    assert.equal(code, 1);
    assert.match(err, /Cannot define the variable n twice/);
  });
});
