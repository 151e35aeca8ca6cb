// JUnit's XML: what readers of it find, whatever stands in a failure, and that a later run is added.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { entryOf, failureAt, outcomeOf, suiteFile } from "../../../test/fixtures/outcomes.ts";
import type { FileOutcome } from "../run/outcome.ts";
import { junitReport } from "./junit.ts";

const good = outcomeOf(suiteFile("GET http://a\n", "good.hurl"));
const file = suiteFile("GET http://a\nHTTP 200\n`안녕`\n", "나쁜.hurl");
const assertFailure = failureAt(file, "`안녕`", "ASSERT_BODY", "actual value is <Hello & World!>");
const runtimeFailure = failureAt(file, "http://a", "HTTP_CONNECTION", "(7) refused", "runtime");
const failing = (...failures: (typeof assertFailure)[]): FileOutcome =>
  outcomeOf(file, { entries: [entryOf(file, 1, { failures })] });

function parse(xml: string): Element {
  const { documentElement } = new DOMParser({ onError: fail }).parseFromString(xml, "text/xml");
  assert.ok(documentElement);
  return documentElement;
}

function fail(level: string, message: string): void {
  if (level !== "warning") throw new Error(`${level}: ${message}`);
}

function elements(of: Element, name: string): Element[] {
  return [...of.getElementsByTagName(name)];
}

function attributes(of: Element): Record<string, string> {
  return Object.fromEntries([...of.attributes].map(({ name, value }) => [name, value]));
}

test("junitReport() is a suite with a test case for each file", () => {
  assert.equal(
    junitReport([good, failing(assertFailure)]),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="sockeye" tests="2" errors="0" failures="1" time="0.025">
<testcase id="good.hurl" name="good.hurl" time="0.012" />
<testcase id="나쁜.hurl" name="나쁜.hurl" time="0.012"><failure message="Assert body value">Assert body value
  --&gt; 나쁜.hurl:3:1
   |
   | GET http://a
   | ...
 3 | \`안녕\`
   | ^^^^^^ actual value is &lt;Hello &amp; World!&gt;
   |</failure></testcase>
</testsuite>
</testsuites>
`,
  );
});

const counts = [
  { name: "no file", outcomes: [], tests: "0", errors: "0", failures: "0" },
  {
    name: "an assert",
    outcomes: [failing(assertFailure, assertFailure)],
    tests: "1",
    errors: "0",
    failures: "1",
  },
  { name: "a runtime failure", outcomes: [failing(runtimeFailure)], tests: "1", errors: "1", failures: "0" },
  {
    name: "a file once, even if it has both",
    outcomes: [failing(assertFailure, runtimeFailure), good],
    tests: "2",
    errors: "1",
    failures: "0",
  },
];

for (const { name, outcomes, tests, errors, failures } of counts) {
  test(`junitReport() counts ${name}`, () => {
    const [suite] = elements(parse(junitReport(outcomes)), "testsuite") as [Element];
    const { time, ...counted } = attributes(suite);
    assert.match(time as string, /^\d+\.\d{3}$/);
    assert.deepEqual(counted, { name: "sockeye", tests, errors, failures });
  });
}

test("junitReport() tells failed asserts from what kept an entry from being run", () => {
  const [testcase] = elements(parse(junitReport([failing(assertFailure, runtimeFailure)])), "testcase") as [
    Element,
  ];
  assert.deepEqual(
    [...testcase.childNodes].map(({ nodeName }) => nodeName),
    ["failure", "error"],
  );
  assert.match(
    elements(testcase, "error")[0]?.textContent as string,
    /^HTTP connection\n.*\(7\) refused\n {3}\|$/s,
  );
});

test("junitReport() leaves out what another try made good", () => {
  const entries = [entryOf(file, 1, { failures: [assertFailure], retried: true }), entryOf(file, 1)];
  const report = parse(junitReport([outcomeOf(file, { entries })]));
  assert.equal(elements(report, "failure").length, 0);
});

test("junitReport() has names and values of any characters come back as they were, but those that XML has not", () => {
  const name = `<"&'>\t\n가😀\0\ufffe.hurl`;
  const report = parse(junitReport([outcomeOf(suiteFile("GET http://a\n", name))]));
  assert.equal(elements(report, "testcase")[0]?.getAttribute("name"), `<"&'>\t\n가😀\ufffd\ufffd.hurl`);
});

test("junitReport() shows the controls of a value as escapes, and ends no section early", () => {
  const failure = failureAt(file, "`안녕`", "ASSERT_BODY", "actual value is <\x00\x1b]]></failure>\ud800>");
  const [element] = elements(parse(junitReport([failing(failure)])), "failure") as [Element];
  assert.match(element.textContent as string, /actual value is <\\x00\\x1b\]\]><\/failure>\\ud800>/);
});

test("junitReport() shows no secret", () => {
  const named = suiteFile("GET http://a/s3cret\nHTTP 200\n", "s3cret.hurl");
  const failure = failureAt(named, "200", "ASSERT_STATUS", "actual value is <s3cret>");
  const redact = (text: string): string => text.replaceAll("s3cret", "***");
  const report = junitReport([
    outcomeOf(named, { redact, entries: [entryOf(named, 1, { failures: [failure] })] }),
  ]);
  assert.ok(!report.includes("s3cret"), report);
  assert.match(report, /\*\*\*/);
});

test("junitReport() adds a suite behind those that are there, and keeps these as they are", () => {
  const first = junitReport([failing(assertFailure)]);
  const both = junitReport([good], first);
  const suites = elements(parse(both), "testsuite");
  assert.equal(suites.length, 2);
  assert.equal(
    elements(suites[0] as Element, "failure")[0]?.textContent,
    elements(parse(first), "failure")[0]?.textContent,
  );
  assert.equal(elements(suites[1] as Element, "testcase")[0]?.getAttribute("name"), "good.hurl");
  assert.ok(both.startsWith('<?xml version="1.0" encoding="UTF-8"?>'), both);
  assert.equal(elements(parse(junitReport([good], both)), "testsuite").length, 3);
});

test("junitReport() adds to what another program wrote", () => {
  const existing = `<?xml version="1.0"?><!-- 위 --><testsuites tests="1"><testsuite name="x"><testcase name="y"/></testsuite></testsuites>`;
  const root = parse(junitReport([good], existing));
  assert.equal(root.getAttribute("tests"), "1");
  assert.deepEqual(
    elements(root, "testcase").map((testcase) => testcase.getAttribute("name")),
    ["y", "good.hurl"],
  );
  assert.equal(elements(parse(junitReport([good], "<testsuites/>")), "testcase").length, 1);
});

for (const existing of ["not XML", "<testsuites>", "<testsuites></testsuite>", "<html></html>", "{}"]) {
  test(`junitReport() does not add to ${JSON.stringify(existing)}`, () => {
    assert.throws(() => junitReport([good], existing), { code: "JUNIT_REPORT" });
  });
}
