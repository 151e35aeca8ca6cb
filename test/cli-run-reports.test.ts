// What `sockeye run` leaves behind, reports and cookies; and that no secret is in anything.

import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { describe, test } from "node:test";
import { runFolder } from "./fixtures/run-command.ts";

const { folder, server, file, run } = runFolder();

server.on("/cat", { fields: [["Content-Type", "text/plain"]], body: "야옹\n" });
server.on("/set", { fields: [["Set-Cookie", "id=abc; Path=/; HttpOnly"]] });
file("good.hurl", "GET {{host}}/cat\nHTTP 200\n");
file("bad.hurl", "GET {{host}}/cat\nHTTP 201\n");

describe("secrets", { concurrency: 2 }, () => {
  const SECRET = 's3cr3t"나비';
  const FORMS = [
    "s3cr3t",
    Buffer.from(SECRET).toString("base64"),
    Buffer.from(`user:${SECRET}`).toString("base64"),
  ];
  file(
    "secret.hurl",
    `POST {{host}}/echo?t={{token}}
Authorization: Bearer {{token}}
[Cookies]
c: x
[BasicAuth]
user: {{token}}
{"t": "{{token}}"}
HTTP 201

POST {{host}}/echo
{"t": "{{token}}"}
HTTP 200
[Asserts]
jsonpath "$.body" == "{{token}}"
jsonpath "$.body" contains "nothing"
`,
  );

  const cases = [
    { name: "failures", args: [] },
    { name: "--test", args: ["--test"] },
    { name: "--very-verbose", args: ["--very-verbose"] },
    { name: "--json", args: ["--json"] },
    { name: "--as curl", args: ["--as", "curl"] },
    { name: "--as hurl", args: ["--as", "hurl"] },
    { name: "--error-format long", args: ["--error-format", "long"] },
  ];
  for (const { name, args } of cases) {
    test(`in none of what ${name} prints`, async () => {
      const given = ["--continue-on-error", "--secret", `token=${SECRET}`, ...args, "secret.hurl"];
      const { code, out, err } = await run(given);
      assert.equal(code, 4);
      for (const form of FORMS) assert.ok(!(out + err).includes(form), out + err);
      assert.ok((out + err).includes("***"));
    });
  }

  test("nor in reports and commands; by the environment, too", async () => {
    const reports = [
      "--report-json",
      "s-json",
      "--report-html",
      "s-html",
      "--report-junit",
      "s.xml",
      "--report-tap",
      "s.tap",
    ];
    const args = ["--continue-on-error", ...reports, "--curl", "s.sh", "secret.hurl"];
    const { code } = await run(args, { env: { HURL_SECRET_token: SECRET } });
    assert.equal(code, 4);
    const all = await everyFile(["s-json", "s-html", "s.xml", "s.tap", "s.sh"]);
    assert.ok(all.length >= 6);
    for (const [name, text] of all)
      for (const form of FORMS) assert.ok(!text.includes(form), `${form} in ${name}`);
    assert.ok(all.some(([, text]) => text.includes("***")));
  });
});

/** Files of these names, and of the folders of these names. */
async function everyFile(names: readonly string[]): Promise<(readonly [string, string])[]> {
  const all: (readonly [string, string])[] = [];
  for (const name of names) {
    const path = `${folder.path}/${name}`;
    const facts = await stat(path);
    const inside = facts.isDirectory() ? await readdir(path, { recursive: true, withFileTypes: true }) : [];
    const files = facts.isDirectory()
      ? inside.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`)
      : [path];
    for (const one of files) all.push([one, await readFile(one, "utf8")]);
  }
  return all;
}

describe("reports", { concurrency: 2 }, () => {
  test("JUnit and TAP, added to by a second run", async () => {
    const args = ["--test", "--report-junit", "report.xml", "--report-tap", "report.tap"];
    assert.equal((await run([...args, "good.hurl"])).code, 0);
    assert.equal((await run([...args, "bad.hurl"])).code, 4);
    const junit = await folder.read("report.xml");
    assert.match(junit, /^<\?xml /);
    assert.equal(junit.match(/<testsuite /g)?.length, 2);
    assert.match(junit, /<testcase [^>]*"bad\.hurl"[\s\S]*<failure/);
    const tap = await folder.read("report.tap");
    assert.match(tap, /^TAP version 13\n1\.\.2\n/);
    assert.match(tap, /^ok 1 - good\.hurl$/m);
    assert.match(tap, /^not ok 2 - bad\.hurl$/m);
  });

  test("JSON and HTML, added to by a second run", async () => {
    const args = ["--test", "--report-json", "json", "--report-html", "html"];
    await run([...args, "good.hurl"]);
    await run([...args, "bad.hurl"]);
    const report = JSON.parse(await folder.read("json/report.json"));
    assert.deepEqual(
      report.map(({ filename, success }: { filename: string; success: boolean }) => [filename, success]),
      [
        ["good.hurl", true],
        ["bad.hurl", false],
      ],
    );
    const index = await folder.read("html/index.html");
    assert.ok(index.includes("good.hurl") && index.includes("bad.hurl"));
  });

  test("a report that is none is told before anything is sent", async () => {
    file("other.xml", "this is no report");
    server.on("/unseen", {});
    file("unseen.hurl", "GET {{host}}/unseen\n");
    const { code, err } = await run(["--report-junit", "other.xml", "unseen.hurl"]);
    assert.equal(code, 1);
    assert.match(err, /other\.xml/);
    assert.ok(!server.received.some(({ target }) => target === "/unseen"));
    assert.equal(await folder.read("other.xml"), "this is no report");
  });
});

describe("cookies", { concurrency: 1 }, () => {
  file("set.hurl", "GET {{host}}/set\nHTTP 200\n");
  file("get.hurl", 'GET {{host}}/echo\nHTTP 200\n[Asserts]\njsonpath "$.headers.cookie" == "id=abc"\n');

  test("from a jar into the next run", async () => {
    assert.equal((await run(["-c", "jar.txt", "set.hurl"])).code, 0);
    assert.match(
      await folder.read("jar.txt"),
      /^# Netscape HTTP Cookie File\n[\s\S]*#HttpOnly_127\.0\.0\.1\t.*\tid\tabc\n$/,
    );
    const { code, err } = await run(["-b", "jar.txt", "get.hurl"]);
    assert.equal(code, 0, err);
  });

  test("of one file they are not there for the next one", async () => {
    assert.equal((await run(["set.hurl", "get.hurl"])).code, 4);
  });

  test("--no-cookie-store keeps none", async () => {
    file(
      "both.hurl",
      'GET {{host}}/set\n\nGET {{host}}/echo\nHTTP 200\n[Asserts]\njsonpath "$.headers.cookie" not exists\n',
    );
    assert.equal((await run(["--no-cookie-store", "both.hurl"])).code, 0);
    assert.equal((await run(["both.hurl"])).code, 4);
  });

  test("a cookie file that is not there, or is none", async () => {
    file("nonsense.txt", "nonsense\n");
    const absent = await run(["-b", "none.txt", "get.hurl"]);
    assert.deepEqual([absent.code, /there is no such file/.test(absent.err)], [1, true]);
    assert.equal((await run(["-b", "nonsense.txt", "get.hurl"])).code, 1);
  });
});
