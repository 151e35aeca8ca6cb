import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import zlib from "node:zlib";
import { Failure } from "../failure.ts";
import { evaluationWith } from "../values/evaluation.contract.ts";
import { parseJson } from "../values/json.ts";
import type { Value } from "../values/value.ts";
import { Answer } from "./answer.ts";
import type { CallResponse } from "./outcome.ts";
import { evaluateQuery } from "./queries.ts";
import { parsedQuery, responseWith } from "./response.contract.ts";

const string = (value: string): Value => ({ kind: "string", value });
const integer = (value: bigint): Value => ({ kind: "integer", value });
const date = (text: string): Value => ({ kind: "date", value: new Date(text) });
const bytes = (value: Uint8Array): Value => ({ kind: "bytes", value: new Uint8Array(value) });
const list = (...items: Value[]): Value => ({ kind: "list", items });
const PRESENT: Value = { kind: "boolean", value: true };

const VARIABLES = {
  header: string("Vary"),
  path: string("$.사람"),
  tag: string("li"),
  word: string("(한\\w+)"),
  cookie: string("LSID"),
  none: { kind: "null" } as const,
};

const PLAIN = await responseWith(
  [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["Vary", "Accept"],
    ["vary", "사용자"],
    ["X-Empty", ""],
  ],
  "Hello 한글 세상!",
);

const COOKIES = await responseWith([
  [
    "Set-Cookie",
    "LSID=DQAAAKEaem_vYg; Expires=Wed, 13-Jan-2021 22:23:01 GMT; Secure; HttpOnly; Path=/accounts; SameSite=Lax",
  ],
  [
    "Set-Cookie",
    "lower=값; expires=Wed, 13 Jan 2021 22:23:01 GMT; max-age=1000; domain=.Example.com; SECURE",
  ],
  ["Set-Cookie", "LSID=second; Max-Age=5"],
  ["Set-Cookie", "gone=; Max-Age=-1; Path=relative; Expires=never"],
  ["Set-Cookie", "odd=1; Max-Age=soon; Secure=no"],
  ["Set-Cookie", "이름=x"],
]);

const JSON_DOCUMENT = await responseWith(
  [["Content-Type", "application/json"]],
  '{"사람":[{"id":9007199254740993}],"비율":1.0,"null":null}',
);

const PAGE = await responseWith([["Content-Type", "text/html"]], "<ul><li>하나<li>둘</ul>");
const XML = await responseWith([["Content-Type", "application/xml"]], '<a xmlns="u:x"><b>1</b></a>');

const GZIPPED = await responseWith([["Content-Encoding", "gzip"]], zlib.gzipSync("Hello 한글 세상!"));

const TLS = await responseWith([], "", {
  certificate: {
    subject: "CN=example.org",
    issuer: "C=US, O=Let's Encrypt, CN=R3",
    start: new Date("2026-01-29T10:44:13Z"),
    expire: new Date("2026-04-29T10:44:12Z"),
    serialNumber: "1e:e8:b1:7f",
    subjectAltName: "DNS:example.org",
    pem: "-----BEGIN CERTIFICATE-----\n",
  },
});

const SHA256 = createHash("sha256").update("Hello 한글 세상!").digest();
const MD5 = createHash("md5").update("Hello 한글 세상!").digest();

const found: readonly (readonly [query: string, response: CallResponse, value: Value | undefined])[] = [
  ["status", await responseWith([], "", { status: 404 }), integer(404n)],
  ["version", PLAIN, string("1.1")],
  ["version", await responseWith([], "", { version: "1.0" }), string("1.0")],
  ["url", await responseWith([], "", { url: "http://a/%EA%B0%80?b#c" }), string("http://a/%EA%B0%80?b#c")],
  ["ip", PLAIN, string("127.0.0.1")],
  ["ip", await responseWith([], "", { remote: { address: "::1", port: 1 } }), string("::1")],
  ["ip", await responseWith([], "", { remote: { address: "::ffff:10.0.0.1", port: 1 } }), string("10.0.0.1")],
  ["duration", PLAIN, integer(13n)],
  ['header "content-TYPE"', PLAIN, string("text/plain; charset=utf-8")],
  ['header "Vary"', PLAIN, list(string("Accept"), string("사용자"))],
  ['header "{{header}}"', PLAIN, list(string("Accept"), string("사용자"))],
  ['header "X-Empty"', PLAIN, string("")],
  ['header "Location"', PLAIN, undefined],
  ['cookie "LSID"', COOKIES, string("DQAAAKEaem_vYg")],
  ['cookie "{{cookie}}"', COOKIES, string("DQAAAKEaem_vYg")],
  ['cookie "LSID[Value]"', COOKIES, string("DQAAAKEaem_vYg")],
  ['cookie "LSID[Expires]"', COOKIES, date("2021-01-13T22:23:01Z")],
  ['cookie "LSID[Max-Age]"', COOKIES, undefined],
  ['cookie "LSID[Domain]"', COOKIES, undefined],
  ['cookie "LSID[Path]"', COOKIES, string("/accounts")],
  ['cookie "LSID[Secure]"', COOKIES, PRESENT],
  ['cookie "LSID[HttpOnly]"', COOKIES, PRESENT],
  ['cookie "LSID[SameSite]"', COOKIES, string("Lax")],
  ['cookie "lower"', COOKIES, string("값")],
  ['cookie "lower[Expires]"', COOKIES, date("2021-01-13T22:23:01Z")],
  ['cookie "lower[Max-Age]"', COOKIES, integer(1000n)],
  ['cookie "lower[Domain]"', COOKIES, string(".Example.com")],
  ['cookie "lower[Secure]"', COOKIES, PRESENT],
  ['cookie "lower[HttpOnly]"', COOKIES, undefined],
  ['cookie "lower[SameSite]"', COOKIES, undefined],
  ['cookie "gone"', COOKIES, string("")],
  ['cookie "gone[Max-Age]"', COOKIES, integer(-1n)],
  ['cookie "gone[Path]"', COOKIES, string("relative")],
  ['cookie "gone[Expires]"', COOKIES, undefined],
  ['cookie "odd[Max-Age]"', COOKIES, undefined],
  ['cookie "odd[Secure]"', COOKIES, PRESENT],
  ['cookie "이름"', COOKIES, string("x")],
  ['cookie "Lower"', COOKIES, undefined],
  ['cookie "nobody[Path]"', COOKIES, undefined],
  ['certificate "Subject"', TLS, string("CN=example.org")],
  ['certificate "Issuer"', TLS, string("C=US, O=Let's Encrypt, CN=R3")],
  ['certificate "Start-Date"', TLS, date("2026-01-29T10:44:13Z")],
  ['certificate "Expire-Date"', TLS, date("2026-04-29T10:44:12Z")],
  ['certificate "Serial-Number"', TLS, string("1e:e8:b1:7f")],
  ['certificate "Subject"', PLAIN, undefined],
  ["redirects", PLAIN, list()],
  ['variable "header"', PLAIN, string("Vary")],
  ['variable "none"', PLAIN, { kind: "null" }],
  ['variable "nobody"', PLAIN, undefined],
  ["body", PLAIN, string("Hello 한글 세상!")],
  ["body", GZIPPED, string("Hello 한글 세상!")],
  ["bytes", GZIPPED, bytes(Buffer.from("Hello 한글 세상!"))],
  ["rawbytes", GZIPPED, bytes(GZIPPED.rawBody)],
  ["sha256", PLAIN, bytes(SHA256)],
  ["sha256", GZIPPED, bytes(SHA256)],
  ["md5", GZIPPED, bytes(MD5)],
  ['jsonpath "$.사람[0].id"', JSON_DOCUMENT, integer(9007199254740993n)],
  ['jsonpath "{{path}}"', JSON_DOCUMENT, parseJson('[{"id":9007199254740993}]')],
  ['jsonpath "$.비율"', JSON_DOCUMENT, { kind: "float", value: 1 }],
  ['jsonpath "$.null"', JSON_DOCUMENT, { kind: "null" }],
  ['jsonpath "$.없음"', JSON_DOCUMENT, undefined],
  ['xpath "string(//li[2])"', PAGE, string("둘")],
  ['xpath "//{{tag}}"', PAGE, { kind: "nodeset", count: 2 }],
  ['xpath "//h1"', PAGE, { kind: "nodeset", count: 0 }],
  ['xpath "count(//li)"', PAGE, { kind: "float", value: 2 }],
  ['xpath "string(//_:b)"', XML, string("1")],
  ['regex "Hello (\\\\S+)"', PLAIN, string("한글")],
  ["regex /Hello (\\S+)/", PLAIN, string("한글")],
  ['regex "{{word}}"', PLAIN, string("한글")],
  ["regex /Bye (\\S+)/", PLAIN, undefined],
];

for (const [query, response, value] of found) {
  test(`The query ${query} finds ${value?.kind ?? "nothing"}`, async () => {
    const actual = evaluateQuery(parsedQuery(query), Answer.make([response]), evaluationWith(VARIABLES));
    // Buffers are bytes, too.
    const plain = actual?.kind === "bytes" ? bytes(actual.value) : actual;
    assert.deepEqual(plain, value);
  });
}

test("The query redirects finds the answers on the way, in their order", async () => {
  const first = await responseWith([["Location", "/둘"]], "", { status: 301, url: "http://a/1" });
  const second = await responseWith([["Location", "/3"]], "", { status: 307, url: "http://a/2" });
  const answer = Answer.make([first, second, PLAIN]);
  const value = evaluateQuery(parsedQuery("redirects"), answer, evaluationWith());
  assert.deepEqual(value, list({ kind: "response", value: first }, { kind: "response", value: second }));
});

/** From which column of `[query]` to which the failure points, and what it says there. */
const failing: readonly (readonly [
  query: string,
  response: CallResponse,
  code: string,
  place: readonly [number, number],
  text: RegExp,
])[] = [
  [
    'jsonpath "$.count"',
    PLAIN,
    "INVALID_JSON",
    [1, 19],
    /^HTTP response is not a valid JSON: a value is expected/,
  ],
  ['jsonpath "xxx"', JSON_DOCUMENT, "INVALID_JSONPATH", [10, 15], /^JSONPath expression 'xxx' is not valid/],
  ['xpath "//a"', PLAIN, "INVALID_XML", [1, 12], /^HTTP response is not a valid XML: missing root element/],
  ['xpath "//"', PAGE, "INVALID_XPATH", [7, 11], /^XPath expression is not valid$/],
  ['regex "{}"', PLAIN, "INVALID_REGEX", [7, 11], /^regex expression is not valid: /],
  ["regex /a(/", PLAIN, "INVALID_REGEX", [7, 11], /^regex expression is not valid: /],
  [
    "regex /한글/",
    PLAIN,
    "INVALID_REGEX",
    [7, 11],
    /^regex expression must have at least one capture group$/,
  ],
  [
    "body",
    await responseWith([["Content-Encoding", "br"]], "Hello"),
    "BODY_DECODING",
    [1, 5],
    /^could not uncompress response with brotli: /,
  ],
  [
    "sha256",
    await responseWith([["Content-Encoding", "unknown"]], "Hello"),
    "BODY_DECODING",
    [1, 7],
    /^compression unknown is not supported$/,
  ],
  [
    "body",
    await responseWith([["Content-Type", "text/html; charset=unknown"]], "Hello"),
    "CHARSET",
    [1, 5],
    /^the charset 'unknown' is not valid$/,
  ],
  [
    'xpath "string(//body)"',
    await responseWith([["Content-Type", "text/html"]], Uint8Array.of(0xc4, 0xe3)),
    "INVALID_DECODING",
    [1, 23],
    /^could not decode response body with charset 'UTF-8'$/,
  ],
];

for (const [query, response, code, [start, end], text] of failing) {
  test(`The query ${query} fails with ${code} at the columns ${start} to ${end}`, async () => {
    const answer = Answer.make([response]);
    assert.throws(
      () => evaluateQuery(parsedQuery(query), answer, evaluationWith(VARIABLES)),
      (error: unknown) => {
        assert.ok(error instanceof Failure);
        const { source, detail } = error;
        assert.equal(error.code, code);
        assert.equal(error.kind, "runtime");
        assert.deepEqual([source.start.column, source.end.column], [start, end]);
        assert.ok(detail.form === "caret");
        assert.match(detail.text, text);
        return true;
      },
    );
  });
}

test("What does not look at the body is not disturbed by a body that cannot be decoded", async () => {
  const answer = Answer.make([await responseWith([["Content-Encoding", "br"]], "Hello", { status: 500 })]);
  assert.deepEqual(evaluateQuery(parsedQuery("status"), answer, evaluationWith()), integer(500n));
  const raw = evaluateQuery(parsedQuery("rawbytes"), answer, evaluationWith());
  assert.equal(raw?.kind === "bytes" && Buffer.from(raw.value).toString(), "Hello");
});
