import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { Failure } from "../failure.ts";
import { parseHurl } from "../hurl/parse.ts";
import type { Value } from "../values/value.ts";
import { type BuiltRequest, buildRequest } from "./build-request.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "data.txt"), "Hello World!");
writeFileSync(join(folder.path, "사진 1.PNG"), new Uint8Array([0x89, 0x50, 0x0d, 0x0a, 0, 0xff]));

const string = (value: string): Value => ({ kind: "string", value });

const VARIABLES: readonly (readonly [string, Value])[] = [
  ["host", string("http://localhost:8000")],
  ["bare", string("localhost:8000/x")],
  ["id", { kind: "integer", value: 7n }],
  ["이름", string("홍 길동")],
  ["lines", string("a\r\nX-Injected: b")],
  ["file", string("data")],
  ["list", { kind: "list", items: [] }],
];

function build(text: string): BuiltRequest {
  const request = parseHurl(text).entries[0]?.request;
  assert.ok(request);
  return buildRequest(request, new Context(new FileAccess(folder.path), VARIABLES));
}

/** A request with its fields as lines of UTF-8, its body as text, and without what is not there. */
function shown({ method, url, fields, cookies, user, body, contentType }: BuiltRequest): object {
  return {
    line: `${method} ${url}`,
    fields: Buffer.from(fields.toString(), "latin1").toString("utf8").split("\r\n").slice(0, -1),
    ...(cookies.length === 0 ? {} : { cookies }),
    ...(user === undefined ? {} : { user }),
    ...(body === undefined ? {} : { body: Buffer.from(body).toString("utf8") }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

const FENCE = "```";

const REQUESTS = [
  { text: "GET http://a\n", request: { line: "GET http://a", fields: [] } },
  { text: "DELETE {{host}}/{{id}}\n", request: { line: "DELETE http://localhost:8000/7", fields: [] } },
  {
    text: "GET http://a/검색?q={{이름}}\\#끝\n",
    request: { line: "GET http://a/검색?q=홍 길동#끝", fields: [] },
  },
  {
    text: 'GET http://a\nX-A: 1\nx-b:\nX-A: 둘 {{이름}} # not this\nIf-Match: "e0023"\n',
    request: { line: "GET http://a", fields: ["X-A: 1", "x-b: ", "X-A: 둘 홍 길동", 'If-Match: "e0023"'] },
  },
  {
    text: "GET http://a/x?value1=/\n[Query]\nparam2:\nparam3: a=b\n$top: 5\nvalue3: /\n검색: {{이름}}\n{{id}}: {bar}\n",
    request: {
      line:
        "GET http://a/x?value1=/&param2=&param3=a%3Db&$top=5&value3=%2F" +
        "&%EA%B2%80%EC%83%89=%ED%99%8D%20%EA%B8%B8%EB%8F%99&7=%7Bbar%7D",
      fields: [],
    },
  },
  {
    text: "POST http://a\n[FormParams]\nparam1: value1\nparam2:\nparam4: a%3db\nvalues\\u{5b}0\\u{5d}: 0\nname: John Doe\n",
    request: {
      line: "POST http://a",
      fields: [],
      body: "param1=value1&param2=&param4=a%253db&values[0]=0&name=John%20Doe",
      contentType: "application/x-www-form-urlencoded",
    },
  },
  {
    text: "GET http://a\n[Cookies]\ntheme: light\n토큰: {{이름}}\n[BasicAuth]\nbob@example.org: pass:word{{id}}\n",
    request: {
      line: "GET http://a",
      fields: [],
      cookies: [
        ["theme", "light"],
        ["토큰", "홍 길동"],
      ],
      user: ["bob@example.org", "pass:word7"],
    },
  },
  {
    text: 'POST http://a\n{"name": "{{이름}}",\n "id": {{id}}}\n',
    request: {
      line: "POST http://a",
      fields: [],
      body: '{"name": "홍 길동",\n "id": 7}',
      contentType: "application/json",
    },
  },
  {
    text: "POST http://a\ncontent-type: application/vnd.api+json\n{}\n",
    request: { line: "POST http://a", fields: ["content-type: application/vnd.api+json"], body: "{}" },
  },
  {
    text: "POST http://a\n<a>가</a>\n",
    request: { line: "POST http://a", fields: [], body: "<a>가</a>", contentType: "application/xml" },
  },
  {
    text: `POST http://a\n${FENCE}graphql\n{ a }\n${FENCE}\n`,
    request: {
      line: "POST http://a",
      fields: [],
      body: '{"query":"{ a }"}',
      contentType: "application/json",
    },
  },
  {
    text: "PUT http://a\n`{{이름}}`\n",
    request: { line: "PUT http://a", fields: [], body: "홍 길동" },
  },
  {
    text: "PUT http://a\nfile,{{file}}.txt;\n",
    request: { line: "PUT http://a", fields: [], body: "Hello World!" },
  },
  { text: "PUT http://a\n``\n", request: { line: "PUT http://a", fields: [], body: "" } },
  {
    text: "POST http://a\n[Form]\na: {{missing}}\n[Multipart]\nb: file,missing;\n`the body only`\n",
    request: { line: "POST http://a", fields: [], body: "the body only" },
  },
  {
    text: "POST http://a\n[Form]\n[Multipart]\n[Query]\n[Cookies]\n[BasicAuth]\n",
    request: { line: "POST http://a", fields: [] },
  },
] as const;

for (const { text, request } of REQUESTS) {
  test(`${JSON.stringify(text)} is built`, () => {
    assert.deepEqual(shown(build(text)), request);
  });
}

test("field values are bytes of UTF-8", () => {
  const value = build("GET http://a\nX-Name: {{이름}}\n").fields.get("x-name") ?? "";
  assert.deepEqual(Buffer.from(value, "latin1"), Buffer.from("홍 길동", "utf8"));
});

const FORM =
  "key1: {{이름}}\nup1: file,{{file}}.txt;\nup2: file,사진\\ 1.PNG;\nup3: file,data.txt; text/html\n";

/** What the form above is sent as. */
function formBytes(boundary: string): Buffer {
  const disposition = `--${boundary}\r\nContent-Disposition: form-data`;
  return Buffer.concat([
    Buffer.from(`${disposition}; name="key1"\r\n\r\n홍 길동\r\n`),
    Buffer.from(`${disposition}; name="up1"; filename="data.txt"\r\n`),
    Buffer.from("Content-Type: text/plain\r\n\r\nHello World!\r\n"),
    Buffer.from(`${disposition}; name="up2"; filename="사진 1.PNG"\r\n`),
    Buffer.from("Content-Type: image/png\r\n\r\n"),
    Buffer.from([0x89, 0x50, 0x0d, 0x0a, 0, 0xff]),
    Buffer.from(`\r\n${disposition}; name="up3"; filename="data.txt"\r\n`),
    Buffer.from(`Content-Type: text/html\r\n\r\nHello World!\r\n--${boundary}--\r\n`),
  ]);
}

test("a form in parts is sent with the files that it names", () => {
  const { body, contentType = "", fields } = build(`POST http://a\n[Multipart]\n${FORM}`);
  const boundary = /^multipart\/form-data; boundary=(-{24}[0-9a-f]{22})$/.exec(contentType)?.[1];
  assert.ok(boundary !== undefined && body !== undefined);
  assert.deepEqual(Buffer.from(body), formBytes(boundary));
  assert.equal(fields.size, 0);
});

test("the boundary of a Content-Type of the file's own is used", () => {
  const type = 'multipart/form-data; boundary="a b"';
  const { body, contentType, fields } = build(`POST http://a\nContent-Type: ${type}\n[Multipart]\n${FORM}`);
  assert.ok(body !== undefined);
  assert.deepEqual(Buffer.from(body), formBytes("a b"));
  assert.deepEqual([contentType, fields.values("content-type")], [undefined, [type]]);
});

test("a Content-Type of the file's own that is multipart gets the boundary that it lacks", () => {
  const { body, contentType, fields } = build(
    `POST http://a\ncontent-type: multipart/related; type=a\nX: y\n[Multipart]\n${FORM}`,
  );
  const [given = "", ...others] = fields.values("content-type");
  const boundary = /^multipart\/related; type=a; boundary=(\S+)$/.exec(given)?.[1];
  assert.ok(boundary !== undefined && body !== undefined);
  assert.deepEqual(Buffer.from(body), formBytes(boundary));
  assert.deepEqual([contentType, others.length, fields.get("x")], [undefined, 0, "y"]);
});

test("a Content-Type of the file's own that is something else stays", () => {
  const { contentType, fields } = build("POST http://a\nContent-Type: text/x\n[Multipart]\na: b\n");
  assert.deepEqual([contentType, fields.get("content-type")], [undefined, "text/x"]);
});

const FAILURES = [
  {
    text: "# first\nGET {{bare}}\n",
    code: "INVALID_URL",
    at: [2, 5],
    sentence: "invalid URL <localhost:8000/x> (Missing scheme <http://> or <https://>)",
  },
  {
    text: "GET ftp://한국.kr\n",
    code: "INVALID_URL",
    at: [1, 5],
    sentence: "invalid URL <ftp://한국.kr> (Only <http://> and <https://> schemes are supported)",
  },
  {
    text: "GET https://???\n",
    code: "INVALID_URL",
    at: [1, 5],
    sentence: "invalid URL <https://???> (empty host)",
  },
  {
    text: "GET http://가/{{없음}}\n",
    code: "TEMPLATE_VARIABLE",
    at: [1, 16],
    sentence: "you must set the variable 없음",
  },
  {
    text: "GET http://a\n[Query]\nparam: {{value}}\n",
    code: "TEMPLATE_VARIABLE",
    at: [3, 10],
    sentence: "you must set the variable value",
  },
  {
    text: "GET http://a\n[Cookies]\n{{ck}}: 1\n",
    code: "TEMPLATE_VARIABLE",
    at: [3, 3],
    sentence: "you must set the variable ck",
  },
  {
    text: "GET http://a\n`{{list}}`\n",
    code: "TEMPLATE_VALUE",
    at: [2, 4],
    sentence: "expression with value [] can not be rendered",
  },
  {
    text: "GET http://a\nX-{{이름}}: 1\n",
    code: "INVALID_VALUE",
    at: [2, 1],
    sentence: "header name <X-홍 길동> is not valid",
  },
  {
    text: "GET http://a\nX: 1\nY: 가{{lines}}\n",
    code: "INVALID_VALUE",
    at: [3, 4],
    sentence: "header value <가a\r\nX-Injected: b> is not valid",
  },
  {
    text: "POST http://a\n[Multipart]\nfile1: file,/secret.txt;\n",
    code: "FILE_FORBIDDEN",
    at: [3, 13],
    sentence: "unauthorized access to file /secret.txt, check --file-root option",
  },
  {
    text: "POST http://a\n[Multipart]\n파일: file,없음.txt; text/plain\n",
    code: "FILE",
    at: [3, 10],
    sentence: "file 없음.txt can not be read",
  },
] as const;

for (const { text, code, at, sentence } of FAILURES) {
  test(`${JSON.stringify(text)} fails with ${code}`, () => {
    assert.throws(
      () => build(text),
      (error) => {
        assert.ok(error instanceof Failure);
        const { start } = error.source;
        assert.deepEqual([error.code, error.kind, start.line, start.column], [code, "runtime", ...at]);
        assert.deepEqual(error.detail, { form: "caret", text: sentence });
        return true;
      },
    );
  });
}
