// JSON as Hurl's users read it: the document of a file to the letter, values without loss, bodies beside a report,
// and no secret in any of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { callOf, entryOf, failureAt, outcomeOf, spanOf, suiteFile } from "../../../test/fixtures/outcomes.ts";
import type { Value } from "../values/value.ts";
import { jsonLine, jsonReport } from "./json.ts";

const file = suiteFile("GET http://localhost:8000/hello\nHTTP 200\n`Goodbye`\n", "시험/a.hurl");
const failure = failureAt(file, "`Goodbye`", "ASSERT_BODY", "actual value is <Hello World!>");
const outcome = outcomeOf(file, {
  entries: [
    entryOf(file, 1, {
      calls: [callOf({ body: "Hello World!" })],
      asserts: [
        { source: spanOf(file.text, "200"), failure: undefined },
        { source: failure.source, failure },
      ],
      failures: [failure],
      captures: [{ name: "이름", value: { kind: "string", value: "값" } }],
      curl: "curl 'http://localhost:8000/hello'",
    }),
  ],
});

const CALL = `{"request":{"cookies":[],"headers":[{"name":"Host","value":"localhost:8000"}],"method":"GET","query_string":[],"url":"http://localhost:8000/hello"},"response":{"cookies":[],"headers":[{"name":"Content-Type","value":"text/html; charset=utf-8"}],"http_version":"HTTP/1.1","status":200},"timings":{"app_connect":0,"begin_call":"2026-11-21T08:00:00.000Z","connect":3000,"end_call":"2026-11-21T08:00:00.009Z","name_lookup":1000,"pre_transfer":3000,"start_transfer":8000,"total":9500}}`;
const ASSERTS = `[{"line":2,"success":true},{"line":3,"message":"Assert body value\\n  --> 시험/a.hurl:3:1\\n   |\\n   | GET http://localhost:8000/hello\\n   | ...\\n 3 | \`Goodbye\`\\n   | ^^^^^^^^^ actual value is <Hello World!>\\n   |","success":false}]`;
const DOCUMENT = `{"cookies":[],"entries":[{"asserts":${ASSERTS},"calls":[${CALL}],"captures":[{"name":"이름","value":"값"}],"curl_cmd":"curl 'http://localhost:8000/hello'","index":1,"line":1,"time":10}],"filename":"시험/a.hurl","success":false,"time":12}`;

test("jsonLine() is the document of a file, on one line", () => {
  assert.equal(jsonLine(outcome), DOCUMENT);
});

const values: (readonly [Value, string])[] = [
  [{ kind: "null" }, "null"],
  [{ kind: "boolean", value: true }, "true"],
  [{ kind: "integer", value: 10000000000000000365n }, "10000000000000000365"],
  [{ kind: "float", value: 1.1 }, "1.1"],
  [{ kind: "float", value: 2 }, "2.0"],
  [{ kind: "float", value: 1e300 }, "1e+300"],
  [{ kind: "string", value: '가"\n\u2028' }, JSON.stringify('가"\n\u2028')],
  [{ kind: "bytes", value: Buffer.from("가") }, '"6rCA"'],
  [{ kind: "list", items: [{ kind: "integer", value: 1n }, { kind: "null" }] }, "[1,null]"],
  [
    {
      kind: "object",
      members: [
        ["b", { kind: "integer", value: 1n }],
        ["__proto__", { kind: "null" }],
      ],
    },
    '{"b":1,"__proto__":null}',
  ],
  [{ kind: "nodeset", count: 2 }, '{"size":2,"type":"nodeset"}'],
  [{ kind: "date", value: new Date("2012-04-23T18:25:43.511Z") }, '"2012-04-23 18:25:43.511 UTC"'],
  [{ kind: "date", value: new Date("2078-01-13T22:23:01Z") }, '"2078-01-13 22:23:01 UTC"'],
  [{ kind: "regex", pattern: "a.c" }, '"a.c"'],
];

for (const [value, json] of values) {
  test(`jsonLine() has a captured ${value.kind} as ${json}`, () => {
    const line = jsonLine(
      outcomeOf(file, { entries: [entryOf(file, 1, { captures: [{ name: "a", value }] })] }),
    );
    assert.ok(line.includes(`"captures":[{"name":"a","value":${json}}]`), line);
  });
}

// biome-ignore lint/suspicious/noExplicitAny: documents of many shapes
function read(text: string): any {
  return JSON.parse(text);
}

function firstCall(parts: Parameters<typeof callOf>[0]): ReturnType<typeof read> {
  return read(jsonLine(outcomeOf(file, { entries: [entryOf(file, 1, { calls: [callOf(parts)] })] })))
    .entries[0].calls[0];
}

test("jsonLine() takes queries and cookies of a request apart", () => {
  const { request } = firstCall({
    url: "http://localhost:8000/a?q=%EA%B0%80+b&empty=",
    requestFields: [["Cookie", "a=1; b=가=; c"]],
  });
  assert.deepEqual(request.query_string, [
    { name: "q", value: "가 b" },
    { name: "empty", value: "" },
  ]);
  assert.deepEqual(request.cookies, [
    { name: "a", value: "1" },
    { name: "b", value: "가=" },
    { name: "", value: "c" },
  ]);
});

test("jsonLine() has the attributes of an answer's cookies, and UTF-8 in its headers", () => {
  const { response } = firstCall({
    fields: [
      ["Set-Cookie", "foo=값1; Domain=localhost; Max-Age=2592000; HttpOnly; Path=/bar; SameSite=Lax"],
      ["Set-Cookie", "nothing"],
    ],
  });
  assert.deepEqual(response.cookies, [
    {
      domain: "localhost",
      httponly: true,
      max_age: "2592000",
      name: "foo",
      path: "/bar",
      samesite: "Lax",
      value: "값1",
    },
  ]);
  assert.equal(response.headers[1].value, "nothing");
  assert.match(response.headers[0].value, /^foo=값1;/);
});

test("jsonLine() has the certificate, and the time of its handshake", () => {
  const call = firstCall({
    url: "https://localhost:8000/",
    timing: { tls: 4, total: 13.5 },
    certificate: {
      subject: "CN=localhost",
      issuer: "CN=가",
      start: new Date("2025-12-11T10:48:00Z"),
      expire: new Date("2035-12-11T10:48:00Z"),
      serialNumber: "3e:23",
      subjectAltName: undefined,
      pem: "",
    },
  });
  assert.deepEqual(call.response.certificate, {
    expire_date: "2035-12-11 10:48:00 UTC",
    issuer: "CN=가",
    serial_number: "3e:23",
    start_date: "2025-12-11 10:48:00 UTC",
    subject: "CN=localhost",
  });
  assert.equal(call.timings.app_connect, 7000);
  assert.equal(call.timings.pre_transfer, 7000);
});

test("jsonLine() has zeros for the steps that a kept connection does not take", () => {
  const { timings } = firstCall({ timing: { dns: undefined, connect: undefined, total: 6.5 } });
  const { name_lookup, connect, app_connect, pre_transfer, start_transfer, total } = timings;
  assert.deepEqual([name_lookup, connect, app_connect, pre_transfer], [0, 0, 0, 0]);
  assert.deepEqual([start_transfer, total], [5000, 6500]);
});

test("jsonLine() has what is in the cookie store at the end", () => {
  const cookies = [
    {
      name: "a",
      value: "1",
      domain: "localhost",
      includeSubdomains: false,
      path: "/",
      secure: true,
      httpOnly: true,
      expires: new Date("2026-11-21T08:00:00.500Z"),
    },
  ];
  assert.deepEqual(read(jsonLine(outcomeOf(file, { cookies }))).cookies, [
    {
      domain: "localhost",
      expires: 1795248000,
      https: true,
      include_subdomain: false,
      name: "a",
      path: "/",
      value: "1",
    },
  ]);
});

test("jsonLine() tells what kept an entry from being run", () => {
  const refused = failureAt(file, "http://localhost", "HTTP_CONNECTION", "(7) refused", "runtime");
  const entries = [entryOf(file, 1, { calls: [], failures: [refused] })];
  const [entry] = read(jsonLine(outcomeOf(file, { entries }))).entries;
  assert.deepEqual(entry.asserts, []);
  assert.equal(entry.errors.length, 1);
  assert.equal(entry.errors[0].line, 1);
  assert.match(entry.errors[0].message, /^HTTP connection\n.*\(7\) refused/s);
});

test("jsonReport() is the list of the documents, with each body in a file that is named by its type", () => {
  const { report, files } = jsonReport([outcome, outcome]);
  const [first, second] = read(report);
  const name = first.entries[0].calls[0].response.body;
  assert.match(name, /^store\/[0-9a-f]{32}_response\.html$/);
  assert.deepEqual(second, first);
  assert.deepEqual(
    files.map(([path, content]) => [path, Buffer.from(content).toString()]),
    [[name, "Hello World!"]],
  );
  delete first.entries[0].calls[0].response.body;
  assert.deepEqual(first, read(DOCUMENT));
});

const types = [
  { type: "application/json", extension: "json" },
  { type: "application/problem+json; charset=utf-8", extension: "json" },
  { type: "image/png", extension: "png" },
  { type: "text/plain", extension: "txt" },
  { type: "application/x-가", extension: "bin" },
  { type: "../../x", extension: "bin" },
];

for (const { type, extension } of types) {
  test(`jsonReport() names a body of type ${type} with .${extension}`, () => {
    const call = callOf({ body: "x", fields: [["Content-Type", type]] });
    const { files } = jsonReport([outcomeOf(file, { entries: [entryOf(file, 1, { calls: [call] })] })]);
    assert.match(files[0]?.[0] as string, new RegExp(`^store/[0-9a-f]{32}_response\\.${extension}$`));
  });
}

test("jsonReport() puts new documents behind those that are there, and changes no number in these", () => {
  const existing = '[ {"filename":"old.hurl","big":10000000000000000365} ]\n';
  const { report } = jsonReport([outcomeOf(file)], existing);
  assert.ok(report.startsWith('[{"filename":"old.hurl","big":10000000000000000365},{'), report);
  assert.deepEqual(
    read(jsonReport([outcomeOf(file)], report).report).map((one: { filename: string }) => one.filename),
    ["old.hurl", "시험/a.hurl", "시험/a.hurl"],
  );
  assert.equal(jsonReport([], "[]").report, "[]\n");
});

for (const existing of ["{}", "[", "null", "I'm not JSON"]) {
  test(`jsonReport() does not add to ${existing}`, () => {
    assert.throws(() => jsonReport([outcome], existing), { code: "JSON_REPORT" });
  });
}

test("no secret is in a document or in a body, whatever its form", () => {
  const redact = (text: string): string => text.replaceAll(/비밀|s3cret|\b4711\b/g, "***");
  const named = suiteFile("GET http://a/s3cret\nHTTP 200\n", "s3cret.hurl");
  const wrong = failureAt(named, "200", "ASSERT_STATUS", "actual value is <비밀>");
  const call = callOf({
    url: "http://a/s3cret?비밀=s3cret",
    requestFields: [["Authorization", "Bearer s3cret"]],
    fields: [["Set-Cookie", "s3cret=비밀; Path=/s3cret"]],
    body: "비밀 s3cret",
  });
  const binary = callOf({ body: Buffer.from([0xff, 0xfe, ...Buffer.from("s3cret"), 0xff]) });
  const captured: Value = {
    kind: "object",
    members: [
      ["s3cret", { kind: "string", value: "비밀" }],
      ["pin", { kind: "integer", value: 4711n }],
    ],
  };
  const entries = [
    entryOf(named, 1, {
      calls: [call, binary],
      failures: [wrong],
      captures: [{ name: "a", value: captured }],
      curl: "curl s3cret",
    }),
  ];
  const { report, files } = jsonReport([outcomeOf(named, { redact, entries })]);
  const all = [report, ...files.map(([, content]) => Buffer.from(content).toString("latin1"))].join("\n");
  assert.ok(!/비밀|s3cret|4711/.test(all), all);
  assert.ok(!all.includes(Buffer.from("비밀").toString("latin1")), all);
  assert.deepEqual(read(report)[0].entries[0].captures[0].value, { "***": "***", pin: "***" });
  assert.deepEqual(
    files.map(([, content]) => Buffer.from(content).toString("latin1")),
    ["*** ***", "\xff\xfe***\xff"],
  );
});
