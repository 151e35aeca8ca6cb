// TAP: a line for each file, YAML below a failed one, and one plan for all that was added.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf, failureAt, outcomeOf, suiteFile } from "../../../test/fixtures/outcomes.ts";
import { tapReport } from "./tap.ts";

const good = outcomeOf(suiteFile("GET http://a\n", "good.hurl"));
const file = suiteFile("GET http://a\nHTTP 200\n", "나쁜 #1.hurl");
const status = failureAt(file, "200", "ASSERT_STATUS", "actual value is <404>");
const bad = outcomeOf(file, { entries: [entryOf(file, 1, { failures: [status] })] });

const FAILED = `not ok 2 - 나쁜 \\#1.hurl
  ---
  message: "Assert status code"
  severity: fail
  at:
    file: "나쁜 #1.hurl"
    line: 2
  report: |
    error: Assert status code
      --> 나쁜 #1.hurl:2:6
       |
       | GET http://a
     2 | HTTP 200
       |      ^^^ actual value is <404>
       |
  ...
`;

test("tapReport() has a line for each file, and says below a failed one what failed", () => {
  const report = `TAP version 13\n1..3\nok 1 - good.hurl\n${FAILED}ok 3 - good.hurl\n`;
  assert.equal(tapReport([good, bad, good]), report);
});

test("tapReport() of no file is a plan for none", () => {
  assert.equal(tapReport([]), "TAP version 13\n1..0\n");
});

test("tapReport() keeps what is there, numbers on and counts all", () => {
  const first = tapReport([good, bad]);
  const both = tapReport([good], first);
  assert.equal(both, `TAP version 13\n1..3\nok 1 - good.hurl\n${FAILED}ok 3 - good.hurl\n`);
  assert.equal(tapReport([], both), both);
});

test("tapReport() adds to what another program wrote, with its plan at the end and without numbers", () => {
  const existing = "TAP version 14\r\nok - a # SKIP later\r\n# a note\r\nnot ok\r\n1..2\r\n";
  const report = "TAP version 13\n1..3\nok 1 - a # SKIP later\n# a note\nnot ok 2\nok 3 - good.hurl\n";
  assert.equal(tapReport([good], existing), report);
});

test("tapReport() says that what kept an entry from being run is an error", () => {
  const failure = failureAt(file, "http://a", "HTTP_CONNECTION", "(6) Could not resolve host: a", "runtime");
  const outcome = outcomeOf(file, { entries: [entryOf(file, 1, { failures: [failure], calls: [] })] });
  assert.match(tapReport([outcome]), /\n {2}message: "HTTP connection"\n {2}severity: error\n/);
});

test("tapReport() leaves out what another try made good", () => {
  const entries = [entryOf(file, 1, { failures: [status], retried: true }), entryOf(file, 1)];
  assert.equal(tapReport([outcomeOf(file, { entries })]), "TAP version 13\n1..1\nok 1 - 나쁜 \\#1.hurl\n");
});

test("tapReport() shows no secret, and keeps a name on its line", () => {
  const named = suiteFile("GET http://a\nHTTP 200\n", "s3cret\nok 2 - x.hurl");
  const failure = failureAt(named, "200", "ASSERT_STATUS", "actual value is <s3cret\n  ...\nok 3>");
  const redact = (text: string): string => text.replaceAll("s3cret", "***");
  const report = tapReport([
    outcomeOf(named, { redact, entries: [entryOf(named, 1, { failures: [failure] })] }),
  ]);
  assert.ok(!report.includes("s3cret"), report);
  assert.deepEqual(
    report.split("\n").filter((line) => /^(not )?ok|^ {2}\.\.\./.test(line)),
    ["not ok 1 - ***\\x0aok 2 - x.hurl", "  ..."],
  );
});

for (const existing of ["I'm not a TAP file!\n", "1..2\nok 1\nok 2\n"]) {
  test(`tapReport() does not add to ${JSON.stringify(existing)}`, () => {
    assert.throws(() => tapReport([good], existing), { code: "TAP_REPORT" });
  });
}
