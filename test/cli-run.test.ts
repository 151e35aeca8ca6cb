// `sockeye run` as a person or a script runs it: what it prints, where, and how it ends.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runFolder } from "./fixtures/run-command.ts";

const { folder, server, file, run } = runFolder();

server.on("/cat", { fields: [["Content-Type", "text/plain"]], body: "야옹\n" });
server.on("/json", { fields: [["Content-Type", "application/json"]], body: '{"b":1,"a":[2]}' });
file("good.hurl", "GET {{host}}/cat\nHTTP 200\n```\n야옹\n```\n");
file("bad.hurl", "# 고양이\nGET {{host}}/cat\nHTTP 201\n");
file("broken.hurl", "GET {{host}}/cat\nHTTP 200\n[Asserts]\nstatus = 200\n");
file("nobody.hurl", "GET http://127.0.0.1:1/\nHTTP 200\n");
file("capture.hurl", 'GET {{host}}/cat\nHTTP 200\n[Captures]\nx: header "X-None"\n');

const BAD = `error: Assert status code
  --> bad.hurl:3:6
   |
   | GET {{host}}/cat
 3 | HTTP 201
   |      ^^^ actual value is <200>
   |

`;

describe("exit codes, and what is printed where", { concurrency: 2 }, () => {
  const cases: readonly {
    readonly name: string;
    readonly args: readonly string[];
    readonly code: number;
    readonly out?: string | RegExp;
    readonly err?: string | RegExp;
  }[] = [
    { name: "0: the last body", args: ["good.hurl"], code: 0, out: "야옹\n", err: "" },
    { name: "4: an assert", args: ["bad.hurl"], code: 4, out: "", err: BAD },
    {
      name: "3: a connection",
      args: ["nobody.hurl"],
      code: 3,
      out: "",
      err: /^error: HTTP connection\n {2}--> nobody\.hurl:1:5\n.*refused/s,
    },
    {
      name: "3: a capture",
      args: ["capture.hurl"],
      code: 3,
      err: /^error: No query result\n {2}--> capture\.hurl:4:4\n/,
    },
    { name: "3 wins over 4", args: ["--test", "bad.hurl", "capture.hurl"], code: 3 },
    {
      name: "2: a file that cannot be read, with a caret",
      args: ["broken.hurl"],
      code: 2,
      out: "",
      err: /^error: .*\n {2}--> broken\.hurl:4:8\n {3}\|\n 4 \| status = 200\n {3}\| {8}\^ expecting a predicate\n/,
    },
    {
      name: "1: no such file",
      args: ["none.hurl"],
      code: 1,
      err: /^sockeye: Cannot run "none\.hurl": there is no such file or folder/,
    },
    {
      name: "1: an option that is none",
      args: ["--nonsense", "good.hurl"],
      code: 1,
      err: /unknown option '--nonsense'/,
    },
    {
      name: "1: --from-entry behind --to-entry",
      args: ["--from-entry", "3", "--to-entry", "2", "good.hurl"],
      code: 1,
      err: /the first is behind the last/,
    },
    { name: "1: HTTP/2", args: ["--http2", "good.hurl"], code: 1, err: /HTTP\/2/ },
    {
      name: "1: a variable without a name",
      args: ["--variable", "x", "good.hurl"],
      code: 1,
      err: /name=value/,
    },
    {
      name: "1: a variable that is a secret, too",
      args: ["--variable", "x=1", "--secret", "x=2", "good.hurl"],
      code: 1,
      err: /Cannot use x as a variable and as a secret/,
    },
    {
      name: "1: a pattern that matches nothing",
      args: ["--glob", "*.none"],
      code: 1,
      err: /it matches no file/,
    },
  ];
  for (const { name, args, code, out, err } of cases) {
    test(name, async () => {
      const ended = await run(args);
      assert.equal(ended.code, code, ended.err);
      for (const [actual, expected] of [
        [ended.out, out],
        [ended.err, err],
      ] as const) {
        if (expected instanceof RegExp) assert.match(actual, expected);
        else if (expected !== undefined) assert.equal(actual, expected);
      }
    });
  }

  test("nothing is sent when one of the files cannot be read", async () => {
    server.on("/unseen", { status: 500 });
    file("unseen.hurl", "GET {{host}}/unseen\n");
    const { code } = await run(["unseen.hurl", "broken.hurl"]);
    assert.equal(code, 2);
    assert.deepEqual(
      server.received.filter(({ target }) => target === "/unseen"),
      [],
    );
  });
});

describe("--test", { concurrency: 2 }, () => {
  test("a line for each file and a summary, on standard error; no body", async () => {
    const { code, out, err } = await run(["--test", "--jobs", "1", "good.hurl", "bad.hurl"]);
    assert.equal(code, 4);
    assert.equal(out, "");
    assert.equal(
      err,
      `good.hurl: Success (1 request(s) in N ms)
${BAD}bad.hurl: Failure (1 request(s) in N ms)
${"-".repeat(80)}
Executed files:    2
Executed requests: 2 (N/s)
Succeeded files:   1 (50.0%)
Failed files:      1 (50.0%)
Duration:          N ms
`,
    );
  });

  test("several files at a time: each one's texts together, each file once", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `many-${index}.hurl`);
    for (const name of names) file(name, "GET {{host}}/cat\nHTTP 201\n");
    const { code, err } = await run(["--test", "--jobs", "4", ...names]);
    assert.equal(code, 4);
    const told = [...err.matchAll(/--> (many-\d+\.hurl):2:6[\s\S]*?\n\n(.*): Failure/g)].map(
      ([, at, name]) => [at, name],
    );
    assert.equal(told.length, 12);
    for (const [at, name] of told) assert.equal(at, name);
    assert.deepEqual(new Set(told.map(([, name]) => name)), new Set(names));
  });

  test("files that run at the same time are in a report in their order", async () => {
    let late: (() => void) | undefined;
    let quick = false;
    // Whichever is asked for first: the one that is first in the row ends last.
    const endLate = (): void => {
      if (quick) late?.();
    };
    server.on("/late", (_received, response) => {
      late = () => response.end("late\n");
      endLate();
    });
    server.on("/quick", (_received, response) => {
      response.once("finish", () => {
        quick = true;
        endLate();
      });
      response.end("quick\n");
    });
    file("1-late.hurl", "GET {{host}}/late\n");
    file("2-quick.hurl", "GET {{host}}/quick\n");
    const args = ["--parallel", "--jobs", "2", "--report-tap", "order.tap", "1-late.hurl", "2-quick.hurl"];
    const { out } = await run(args);
    assert.deepEqual(out.trimEnd().split("\n").sort(), ["late", "quick"]);
    assert.match(await folder.read("order.tap"), /^ok 1 - 1-late\.hurl\nok 2 - 2-quick\.hurl$/m);
  });

  test("--repeat runs all files again", async () => {
    const { err } = await run(["--test", "--repeat", "3", "good.hurl"]);
    assert.match(err, /Executed files: {4}3\n/);
  });

  test("no progress bar where there is no terminal", async () => {
    const { err } = await run(["--test", "good.hurl"]);
    assert.doesNotMatch(err, /\r|\x1b/);
  });
});

describe("which entries, and how", { concurrency: 2 }, () => {
  file("three.hurl", "GET {{host}}/1\nHTTP 404\n\nGET {{host}}/2\nHTTP 404\n\nGET {{host}}/3\nHTTP 200\n");

  const cases = [
    { args: ["three.hurl"], code: 4, places: ["2:6"] },
    { args: ["--continue-on-error", "three.hurl"], code: 4, places: ["2:6", "5:6"] },
    { args: ["--from-entry", "3", "three.hurl"], code: 0, places: [] },
    { args: ["--from-entry", "2", "--to-entry", "2", "three.hurl"], code: 4, places: ["5:6"] },
    { args: ["--no-assert", "three.hurl"], code: 0, places: [] },
  ];
  for (const { args, code, places } of cases) {
    test(args.join(" "), async () => {
      const ended = await run(args);
      assert.equal(ended.code, code);
      assert.deepEqual(
        [...ended.err.matchAll(/--> three\.hurl:(\S+)/g)].map(([, place]) => place),
        places,
      );
    });
  }

  test("--retry tells of each try, verbosely", async () => {
    const { code, err } = await run(["-v", "--retry", "2", "--retry-interval", "1", "bad.hurl"]);
    assert.equal(code, 4);
    assert.equal(err.match(/^\* Retry entry 1 in N ms, \d of 2$/gm)?.length, 2);
    assert.equal(err.match(/^error: /gm)?.length, 1);
  });
});

describe("reasons", { concurrency: 2 }, () => {
  file("why.hurl", "GET {{host}}/cat\n# why: a new cat is made\n# 왜: 새 고양이가 생긴다\nHTTP 201\n");

  for (const [locale, reason, other] of [
    ["C", "a new cat is made", "새 고양이가 생긴다"],
    ["ko_KR.UTF-8", "새 고양이가 생긴다", "a new cat is made"],
  ] as const) {
    test(`in the language of ${locale}`, async () => {
      const { err } = await run(["why.hurl"], { env: { LC_ALL: locale } });
      assert.ok(err.includes(reason), err);
      assert.ok(!err.slice(err.indexOf("^^^")).includes(other), err);
    });
  }
});
