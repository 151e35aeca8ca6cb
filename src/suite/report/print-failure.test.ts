// How failures look: the layout that Hurl's users know, in the columns of a terminal, without secrets and without
// anything that commands the terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failureAt, suiteFile } from "../../../test/fixtures/outcomes.ts";
import type { FailureCode, FailureDetail } from "../failure.ts";
import { printFailure } from "./print-failure.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  /** Where in the text the failure is. */
  readonly at: string;
  readonly code: FailureCode;
  readonly detail: FailureDetail | string;
  readonly report: string;
}

const body = `{
  "first_name": "John",
  "last_name": "Smith",
  "age": 27,
  "children": [
    "Catherine",
    "Thomas"
  ]
}`;
const multiline = `\`\`\`\n${body}\n\`\`\``;

const cases: Case[] = [
  {
    name: "carets below the place, and the request on the line before",
    text: "GET http://localhost:8000/undefined\nHTTP 200\n",
    at: "200",
    code: "ASSERT_STATUS",
    detail: "actual value is <404>",
    report: `error: Assert status code
  --> a.hurl:2:6
   |
   | GET http://localhost:8000/undefined
 2 | HTTP 200
   |      ^^^ actual value is <404>
   |
`,
  },
  {
    name: "dots for the lines between the request and the place",
    text: "GET http://a\nHTTP 200\nContent-Length: 12345\n",
    at: "12345",
    code: "ASSERT_HEADER",
    detail: "actual value is <12>",
    report: `error: Assert header value
  --> a.hurl:3:17
   |
   | GET http://a
   | ...
 3 | Content-Length: 12345
   |                 ^^^^^ actual value is <12>
   |
`,
  },
  {
    name: "no request above itself",
    text: "GET http://unknown\n",
    at: "http://unknown",
    code: "HTTP_CONNECTION",
    detail: "(6) Could not resolve host: unknown",
    report: `error: HTTP connection
  --> a.hurl:1:5
   |
 1 | GET http://unknown
   |     ^^^^^^^^^^^^^^ (6) Could not resolve host: unknown
   |
`,
  },
  {
    name: "a placeholder without a value",
    text: "GET http://a\n[Query]\nparam: {{value}}\n",
    at: "value",
    code: "TEMPLATE_VARIABLE",
    detail: "you must set the variable value",
    report: `error: Undefined variable
  --> a.hurl:3:10
   |
   | GET http://a
   | ...
 3 | param: {{value}}
   |          ^^^^^ you must set the variable value
   |
`,
  },
  {
    name: "a margin as wide as the file's last number",
    text: `${"#\n".repeat(98)}GET http://a\nHTTP 200\n`,
    at: "200",
    code: "ASSERT_STATUS",
    detail: "actual value is <404>",
    report: `error: Assert status code
   --> a.hurl:100:6
    |
    | GET http://a
100 | HTTP 200
    |      ^^^ actual value is <404>
    |
`,
  },
  {
    name: "actual and expected, in the column of a whole line",
    text: 'GET http://a\nHTTP 200\n[Asserts]\njsonpath "$.count" == 2\n',
    at: 'jsonpath "$.count" == 2',
    code: "ASSERT",
    detail: { form: "values", actual: "integer <1>", expected: "integer <2>" },
    report: `error: Assert failure
  --> a.hurl:4:0
   |
   | GET http://a
   | ...
 4 | jsonpath "$.count" == 2
   |   actual:   integer <1>
   |   expected: integer <2>
   |
`,
  },
  {
    name: "a remark below actual and expected",
    text: 'GET http://a\nHTTP 200\n[Asserts]\nbody == "이름"\n',
    at: 'body == "이름"',
    code: "ASSERT",
    detail: {
      form: "values",
      actual: "integer <1>",
      expected: "string <이름>",
      remark: "types between actual and expected are not consistent",
    },
    report: `error: Assert failure
  --> a.hurl:4:0
   |
   | GET http://a
   | ...
 4 | body == "이름"
   |   actual:   integer <1>
   |   expected: string <이름>
   |   >>> types between actual and expected are not consistent
   |
`,
  },
  {
    name: "values of several lines behind the bar",
    text: 'GET http://a\nHTTP 200\n[Asserts]\nbody == "a"\n',
    at: 'body == "a"',
    code: "ASSERT",
    detail: { form: "values", actual: "string <\n>", expected: "string <a>" },
    report: `error: Assert failure
  --> a.hurl:4:0
   |
   | GET http://a
   | ...
 4 | body == "a"
   |   actual:   string <
   |>
   |   expected: string <a>
   |
`,
  },
  {
    name: "one caret for a source of several lines",
    text: `GET http://a\nHTTP 200\n${body}\n`,
    at: body,
    code: "INVALID_DECODING",
    detail: "could not decode response body with charset 'utf-8'",
    report: `error: Invalid decoding
  --> a.hurl:3:1
   |
   | GET http://a
   | ...
 3 | {
   | ^ could not decode response body with charset 'utf-8'
   |
`,
  },
  {
    name: "the changed line of a body below the file's line",
    text: `GET http://a\nHTTP 200\n${body}\n`,
    at: body,
    code: "ASSERT_BODY",
    detail: { form: "difference", expected: body, actual: body.replace("27", "28") },
    report: `error: Assert body value
  --> a.hurl:6:1
   |
   | GET http://a
   | ...
 6 |   "age": 27,
   |   -  "age": 27,
   |   +  "age": 28,
   |
`,
  },
  {
    name: "the lines of a multiline string as the file counts them",
    text: `GET http://a\nHTTP 200\n${multiline}\n`,
    at: multiline,
    code: "ASSERT_BODY",
    detail: { form: "difference", expected: `${body}\n`, actual: `${body.replace("{", "[")}\n` },
    report: `error: Assert body value
  --> a.hurl:4:1
   |
   | GET http://a
   | ...
 4 | {
   |   -{
   |   +[
   |
`,
  },
  {
    name: "an added line below the one before it",
    text: `GET http://a\nHTTP 200\n${multiline}\n`,
    at: multiline,
    code: "ASSERT_BODY",
    detail: {
      form: "difference",
      expected: `${body}\n`,
      actual: `${body}\n`.replace('  "last', '  "middle_name": "Bob",\n  "last'),
    },
    report: `error: Assert body value
  --> a.hurl:5:1
   |
   | GET http://a
   | ...
 5 |   "first_name": "John",
   |   +  "middle_name": "Bob",
   |
`,
  },
  {
    name: "an empty line too many below the last line",
    text: "GET http://a\nHTTP 200\n```\n<p>Hello</p>\n```\n",
    at: "```\n<p>Hello</p>\n```",
    code: "ASSERT_BODY",
    detail: { form: "difference", expected: "<p>Hello</p>\n", actual: "<p>Hello</p>\n\n" },
    report: `error: Assert body value
  --> a.hurl:4:1
   |
   | GET http://a
   | ...
 4 | <p>Hello</p>
   |   +
   |
`,
  },
  {
    name: "a missing line below itself",
    text: `GET http://a\nHTTP 200\n${multiline}\n`,
    at: multiline,
    code: "ASSERT_BODY",
    detail: {
      form: "difference",
      expected: `${body}\n`,
      actual: `${body}\n`.replace('  "last_name": "Smith",\n', ""),
    },
    report: `error: Assert body value
  --> a.hurl:6:1
   |
   | GET http://a
   | ...
 6 |   "last_name": "Smith",
   |   -  "last_name": "Smith",
   |
`,
  },
  {
    name: "each place at which a body differs",
    text: `GET http://a\nHTTP 200\n${multiline}\n`,
    at: multiline,
    code: "ASSERT_BODY",
    detail: {
      form: "difference",
      expected: `${body}\n`,
      actual: `${body}\n`.replace("27", "28").replace("Thomas", "토마스"),
    },
    report: `error: Assert body value
  --> a.hurl:7:1
   |
   | GET http://a
   | ...
 7 |   "age": 27,
   |   -  "age": 27,
   |   +  "age": 28,
   | ...
10 |     "Thomas"
   |   -    "Thomas"
   |   +    "토마스"
   |
`,
  },
  {
    name: "a difference from a file below the file's name",
    text: "GET http://a\nHTTP 200\nfile,data.txt;\n",
    at: "file,data.txt;",
    code: "ASSERT_BODY",
    detail: { form: "difference", expected: "a\nb\nc\n", actual: "a\nb\nd\n" },
    report: `error: Assert body value
  --> a.hurl:3:1
   |
   | GET http://a
   | ...
 3 | file,data.txt;
   |   -c
   |   +d
   |
`,
  },
  {
    name: "wide characters as two columns, and tabs as tabs",
    text: 'GET http://a\n[Options]\nvariable: 이름="\t{{값}}"\n',
    at: "값",
    code: "TEMPLATE_VARIABLE",
    detail: "you must set the variable 값",
    report: `error: Undefined variable
  --> a.hurl:3:18
   |
   | GET http://a
   | ...
 3 | variable: 이름="\t{{값}}"
   |                 \t  ^^ you must set the variable 값
   |
`,
  },
  {
    name: "no control of what a server sent",
    text: "GET http://a\nHTTP 200\nX: b\n",
    at: "b",
    code: "ASSERT_HEADER",
    detail: "actual value is <\x1b[2J\u202e>\nand more",
    report: `error: Assert header value
  --> a.hurl:3:4
   |
   | GET http://a
   | ...
 3 | X: b
   |    ^ actual value is <\\x1b[2J\\u202e>
   |      and more
   |
`,
  },
];

for (const { name, text, at, code, detail, report } of cases) {
  test(`printFailure() shows ${name}`, () => {
    const file = suiteFile(text);
    const failure = failureAt(file, at, code, detail);
    assert.equal(printFailure(failure, file, file.tree.entries[0]?.request.source as never), report);
  });
}

const FILE = suiteFile(
  'GET http://a\n[Options]\nvariable: pin=s3cret\nHTTP 200\n[Asserts]\nbody == "s3cret"\n',
);
const REQUEST = FILE.tree.entries[0]?.request.source as never;
const redact = (text: string): string => text.replaceAll("s3cret", "***").replaceAll("two\nlines", "***");

test("printFailure() lets the painter colour titles, frames, problems and the sides of a difference", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const painter = {
    title: tag("t"),
    frame: tag("f"),
    problem: tag("p"),
    missing: tag("-"),
    present: tag("+"),
  };
  const detail = { form: "difference", actual: "a\nc\n", expected: "a\nb\n" } as const;
  const failure = failureAt(FILE, "200", "ASSERT_BODY", detail);
  assert.deepEqual(printFailure(failure, FILE, REQUEST, painter).split("\n"), [
    "<t>error: Assert body value</t>",
    "  <f>--></f> a.hurl:4:6",
    "<f>   |</f>",
    "<f>   |</f> GET http://a",
    "<f>   |</f> ...",
    "<f> 4 |</f> HTTP 200",
    "<f>   |</f>   <->-b</->",
    "<f>   |</f>   <+>+c</+>",
    "<f>   |</f>",
    "",
  ]);
  const values = { form: "values", actual: "none", expected: "string <a>" } as const;
  const lines = printFailure(failureAt(FILE, "body ==", "ASSERT", values), FILE, REQUEST, painter).split(
    "\n",
  );
  assert.equal(lines[6], "<f>   |</f>   <p>actual:   none</p>");
});

const secrets = [
  { name: "a line of the file", at: "HTTP", detail: "none" },
  { name: "a message, over several lines, too", at: "200", detail: "actual value is <s3cret two\nlines>" },
  {
    name: "a value",
    at: "body",
    detail: { form: "values", actual: "string <s3cret>", expected: "two\nlines" },
  },
  {
    name: "a difference",
    at: "200",
    detail: { form: "difference", actual: "two\nlines\n", expected: "s3cret\n" },
  },
] as const;

for (const { name, at, detail } of secrets) {
  test(`printFailure() erases a secret from ${name}`, () => {
    for (const place of [at, "pin=s3cret", "s3cret", "cret"]) {
      const failure = failureAt(FILE, place, "ASSERT", detail);
      const report = printFailure(failure, FILE, REQUEST, undefined, redact);
      assert.ok(!/s3cret|cret|two|lines/.test(report), report);
    }
  });
}

test("printFailure() erases a secret of several lines from the file's lines, and keeps their numbers", () => {
  const file = suiteFile("GET http://a\n```\nfirst two\nlines last\n```\nHTTP 200\n");
  const entry = file.tree.entries[0]?.request.source as never;
  const report = (part: string): string =>
    printFailure(failureAt(file, part, "INVALID_VALUE", "wrong"), file, entry, undefined, redact);
  assert.match(report("two"), /\n 3 \| \*\*\*\n/);
  assert.match(report("last"), /\n 4 \| \*\*\*\n/);
  assert.match(report("200"), /a\.hurl:6:6\n.*\n 6 \| HTTP 200\n/s);
});

test("printFailure() has carets where the text is, also behind an erased secret", () => {
  const failure = failureAt(FILE, '"s3cret"', "INVALID_VALUE", "wrong");
  const [, , , , , shown, carets] = printFailure(failure, FILE, REQUEST, undefined, redact).split("\n");
  assert.equal(shown, ' 6 | body == "***"');
  assert.equal(carets, "   |         ^^^^^ wrong");
});

test("printFailure() shows of very long lines the part that matters", () => {
  const file = suiteFile(`GET http://a/${"x".repeat(50_000)}{{name}}${"y".repeat(50_000)}\n`);
  const failure = failureAt(file, "name", "TEMPLATE_VARIABLE", "you must set the variable name");
  const report = printFailure(failure, file, file.tree.entries[0]?.request.source as never).split("\n");
  const column = report[3]?.indexOf("name") as number;
  assert.ok((report[3] as string).length < 2100);
  assert.equal(report[4], `   |${" ".repeat(column - 4)}^^^^ you must set the variable name`);
});

test("printFailure() ends values and differences that are far too long", () => {
  const many = Array.from({ length: 5000 }, (_, i) => `${i}${"x".repeat(5000)}`).join("\n");
  for (const form of ["values", "difference"] as const) {
    const failure = failureAt(FILE, "200", "ASSERT_BODY", { form, actual: many, expected: "a\nb\n" });
    const report = printFailure(failure, FILE, REQUEST);
    assert.ok(report.length < 250_000, `${report.length}`);
    assert.match(report, form === "values" ? /… and 4900 more lines/ : /… and 4962 more lines differ/);
  }
});
