// The words of --test: a line for each file, and the numbers of the whole run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { callOf, entryOf, failureAt, outcomeOf, suiteFile } from "../../../test/fixtures/outcomes.ts";
import { fileSummary, runSummary } from "./summary.ts";

const good = suiteFile("GET http://a\n\nGET http://b\n", "good.hurl");
const bad = suiteFile("GET http://a\nHTTP 200\n", "나쁜.hurl");
const failed = outcomeOf(bad, {
  entries: [entryOf(bad, 1, { failures: [failureAt(bad, "200", "ASSERT_STATUS", "actual value is <404>")] })],
});

test("fileSummary() tells of a file that succeeded how many requests it made, in whole milliseconds", () => {
  const outcome = outcomeOf(good, { duration: 12.6 });
  assert.equal(fileSummary(outcome), "good.hurl: Success (2 request(s) in 13 ms)");
});

test("fileSummary() counts the requests of redirects and of tries that were repeated", () => {
  const outcome = outcomeOf(bad, {
    entries: [entryOf(bad, 1, { retried: true }), entryOf(bad, 1, { calls: [callOf(), callOf()] })],
  });
  assert.equal(fileSummary(outcome), "나쁜.hurl: Success (3 request(s) in 12 ms)");
});

test("fileSummary() tells of a failure", () => {
  assert.equal(fileSummary(failed), "나쁜.hurl: Failure (1 request(s) in 12 ms)");
});

test("fileSummary() lets the painter colour the name and the result", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const painter = { name: tag("n"), success: tag("s"), failure: tag("f") };
  assert.equal(fileSummary(failed, painter), "<n>나쁜.hurl</n>: <f>Failure</f> (1 request(s) in 12 ms)");
  assert.match(fileSummary(outcomeOf(good), painter), /^<n>good\.hurl<\/n>: <s>Success<\/s> \(/);
});

test("fileSummary() shows no secret and no control in a file's name", () => {
  const file = suiteFile("GET http://a\n", "s3cret/\x1b[2J\n.hurl");
  const outcome = outcomeOf(file, { redact: (text) => text.replaceAll("s3cret", "***") });
  assert.equal(fileSummary(outcome), "***/\\x1b[2J\\x0a.hurl: Success (1 request(s) in 12 ms)");
});

const runs = [
  {
    name: "files and requests, and how many in a second",
    outcomes: [outcomeOf(good), failed, outcomeOf(good)],
    duration: 11,
    summary: `${"-".repeat(80)}
Executed files:    3
Executed requests: 5 (454.5/s)
Succeeded files:   2 (66.7%)
Failed files:      1 (33.3%)
Duration:          11 ms
`,
  },
  {
    name: "nothing when nothing was run",
    outcomes: [],
    duration: 0,
    summary: `${"-".repeat(80)}
Executed files:    0
Executed requests: 0 (0.0/s)
Succeeded files:   0 (0.0%)
Failed files:      0 (0.0%)
Duration:          0 ms
`,
  },
];

for (const { name, outcomes, duration, summary } of runs) {
  test(`runSummary() counts ${name}`, () => {
    assert.equal(runSummary(outcomes, duration), summary);
  });
}
