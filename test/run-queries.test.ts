// Every query: what it finds in a server's answer, and what is said when it finds nothing or cannot look.

import { gzipSync } from "node:zlib";
import { assertCases, type ConstructCase, constructs, html, json, text } from "./fixtures/construct-cases.ts";
import type { Told } from "./fixtures/echo.ts";

const CAT = json('{"name": "나비", "age": 3, "toys": ["공", "쥐"], "a.b": 1, "owner": {"name": "Kim"}}');
const BYTES = text(Buffer.from("00ff7f", "hex"));
const PAGE = html("<title>고양이</title><p class='a'>하나<p>Two<a href=/x>x</a>");
const XML: Told = {
  fields: [["Content-Type", "application/xml"]],
  body: '<?xml version="1.0"?><cats xmlns="urn:cats" xmlns:t="urn:toys"><cat n="1">나비</cat><t:toy/></cats>',
};
const COOKIES: Told = {
  fields: [
    [
      "Set-Cookie",
      "LSID=DQAAAKEaem_vYg; Expires=Wed, 13 Jan 2027 22:23:01 GMT; Max-Age=60; Domain=127.0.0.1; Path=/accounts; " +
        "Secure; HttpOnly; SameSite=Lax",
    ],
    ["Set-Cookie", "plain=값"],
  ],
};

constructs(
  "the answer's head",
  assertCases([
    ["status == 200", CAT],
    ["status == 201", CAT, "actual: integer <200>, expected: integer <201>"],
    ["status >= 400", { status: 404 }],
    ['version == "1.1"', CAT],
    ['version == "2"', CAT, "actual: string <1.1>, expected: string <2>"],
    ['url == "{{host}}"', CAT],
    ['url endsWith "/elsewhere"', CAT, "actual: string <{{host}}>, expected: ends with string </elsewhere>"],
    ['ip == "127.0.0.1"', CAT],
    ['ip == "::1"', CAT, "actual: string <127.0.0.1>, expected: string <::1>"],
    ["duration >= 0", CAT],
    ["duration isInteger", CAT],
    ['header "content-type" == "application/json"', CAT],
    ['header "X-Name" == "이름"', text("", ["X-Name", "이름"])],
    ['header "X-None" exists', CAT, "actual: none, expected: something"],
    ['header "X-None" not exists', CAT],
    ['header "Vary" == "Accept"', text("", ["Vary", "Accept"])],
    ['header "Vary" count == 2', text("", ["Vary", "Accept"], ["Vary", "Cookie"])],
    ['header "Vary" includes "Cookie"', text("", ["Vary", "Accept"], ["Vary", "Cookie"])],
    [
      'header "Vary" == "Accept"',
      text("", ["Vary", "Accept"], ["Vary", "Cookie"]),
      'actual: list <["Accept","Cookie"]>, expected: string <Accept>',
    ],
  ]),
);

constructs(
  "cookies",
  assertCases(
    [
      ['cookie "LSID" == "DQAAAKEaem_vYg"', COOKIES],
      ['cookie "LSID[Value]" == "DQAAAKEaem_vYg"', COOKIES],
      ['cookie "LSID[Expires]" format "%Y-%m-%d %H:%M:%S" == "2027-01-13 22:23:01"', COOKIES],
      ['cookie "LSID[Max-Age]" == 60', COOKIES],
      ['cookie "LSID[Domain]" == "127.0.0.1"', COOKIES],
      ['cookie "LSID[Path]" == "/accounts"', COOKIES],
      ['cookie "LSID[Secure]" exists', COOKIES],
      ['cookie "LSID[HttpOnly]" exists', COOKIES],
      ['cookie "LSID[SameSite]" == "Lax"', COOKIES],
      ['cookie "LSID[SameSite]" == "Strict"', COOKIES, "actual: string <Lax>, expected: string <Strict>"],
      ['cookie "plain" == "값"', COOKIES],
      ['cookie "plain[Secure]" not exists', COOKIES],
      ['cookie "plain[Secure]" exists', COOKIES, "actual: none, expected: something"],
      ['cookie "{{name}}[Value]" == "값"', COOKIES],
      ['cookie "other" exists', COOKIES, "actual: none, expected: something"],
    ],
    { variables: { name: "plain" } },
  ),
);

constructs(
  "the body",
  assertCases(
    [
      ['body == "야옹"', text("야옹")],
      ['body == "멍멍"', text("야옹"), "actual: string <야옹>, expected: string <멍멍>"],
      ["body isEmpty", text("")],
      [
        'body == "안녕"',
        { fields: [["Content-Type", "text/plain; charset=euc-kr"]], body: Buffer.from("bec8b3e7", "hex") },
      ],
      [
        "body exists",
        { fields: [["Content-Type", "text/plain; charset=klingon"]], body: "x" },
        "4:1 Invalid charset: the charset 'klingon' is not valid",
      ],
      ["body exists", BYTES, "4:1 Invalid decoding: could not decode response body with charset 'UTF-8'"],
      ['body == "packed"', text(gzipSync("packed"), ["Content-Encoding", "gzip"])],
      [
        "body exists",
        text("packed", ["Content-Encoding", "gzip"]),
        "4:1 Decompression error: could not uncompress response with gzip: incorrect header check",
      ],
      [
        "body exists",
        text("x", ["Content-Encoding", "zip"]),
        "4:1 Decompression error: compression zip is not supported",
      ],
      ["bytes == hex,00ff7f;", BYTES],
      ["bytes count == 3", BYTES],
      ["bytes == hex,00;", BYTES, "actual: bytes <00ff7f>, expected: bytes <00>"],
      ["bytes count == 6", text(gzipSync("packed"), ["Content-Encoding", "gzip"])],
      ["rawbytes startsWith hex,1f8b;", text(gzipSync("packed"), ["Content-Encoding", "gzip"])],
      ["rawbytes == hex,00;", BYTES, "actual: bytes <00ff7f>, expected: bytes <00>"],
      ["sha256 == hex,e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;", text("")],
      [
        "sha256 == hex,00;",
        text(""),
        "actual: bytes <e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855>, expected: bytes <00>",
      ],
      ["md5 == hex,d41d8cd98f00b204e9800998ecf8427e;", text("")],
      ["md5 == hex,00;", text(""), "actual: bytes <d41d8cd98f00b204e9800998ecf8427e>, expected: bytes <00>"],
      ['regex /"age": (\\d+)/ == "3"', CAT],
      ['regex "name.*(나비)" == "나비"', CAT],
      ['regex "{{pattern}}" == "나비"', CAT],
      ["regex /(dog)/ exists", CAT, "actual: none, expected: something"],
      ['regex "(" exists', CAT, "4:7 Invalid regex: regex expression is not valid: missing closing ): `(`"],
    ],
    { variables: { pattern: "(나비)" } },
  ),
);

constructs(
  "JSONPath and XPath",
  assertCases(
    [
      ['jsonpath "$.name" == "나비"', CAT],
      ['jsonpath "$.toys[0]" == "공"', CAT],
      ['jsonpath "$.toys[*]" count == 2', CAT],
      ["jsonpath \"$['a.b']\" == 1", CAT],
      ['jsonpath "$..name" count == 2', CAT],
      ['jsonpath "$.toys[?@ == \'쥐\']" == "쥐"', CAT],
      ['jsonpath "$.{{field}}" == 3', CAT],
      ['jsonpath "$.nothing" exists', CAT, "actual: none, expected: something"],
      [
        'jsonpath "$.[" exists',
        CAT,
        "4:10 Invalid JSONPath: JSONPath expression '$.[' is not valid: unexpected shorthand selector '[', at column 3",
      ],
      [
        'jsonpath "$.a" exists',
        text("meow"),
        '4:1 Invalid JSON: HTTP response is not a valid JSON: a value is expected, and "m…" stands there, at line 1, column 1',
      ],
      ['xpath "string(//title)" == "고양이"', PAGE],
      ['xpath "//p" count == 2', PAGE],
      ['xpath "count(//p)" == 2', PAGE],
      ['xpath "boolean(count(//h2))" == false', PAGE],
      ['xpath "string(//p[@class=\'a\'])" == "하나"', PAGE],
      ['xpath "string(//title)" == "개"', PAGE, "actual: string <고양이>, expected: string <개>"],
      ['xpath "//h1" count == 1', PAGE, "actual: integer <0>, expected: integer <1>"],
      ['xpath "string(//_:cat[@n=1])" == "나비"', XML],
      ['xpath "//t:toy" exists', XML],
      ['xpath "//p[" exists', PAGE, "4:7 Invalid XPath expression: XPath expression is not valid"],
      [
        'xpath "//a" exists',
        text("<a>"),
        "4:1 Invalid XML: HTTP response is not a valid XML: unclosed xml tag(s): a, at line 1, column 1",
      ],
    ],
    { variables: { field: "age" } },
  ),
);

const OTHERS: readonly ConstructCase[] = [
  {
    name: "variable",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      'age: jsonpath "$.age"',
      "[Asserts]",
      'variable "age" == 3',
    ],
    answer: CAT,
  },
  {
    name: "variable: another value, and none",
    text: ["GET {{host}}", "HTTP 200", "[Asserts]", 'variable "age" == 4', 'variable "none" exists'],
    answer: CAT,
    variables: { age: 3 },
    fails: [
      4,
      "4:0 Assert failure: actual: integer <3>, expected: integer <4>",
      "5:0 Assert failure: actual: none, expected: something",
    ],
  },
  {
    name: "redirects: none of them",
    text: ["GET {{host}}", "HTTP 200", "[Asserts]", "redirects count == 0"],
  },
  {
    name: "redirects, each with its location",
    text: [
      "GET {{host}}/first",
      "[Options]",
      "location: true",
      "HTTP 200",
      "[Asserts]",
      "redirects count == 2",
      'redirects nth 0 location == "{{host}}/second"',
      'redirects last location == "{{host}}/third"',
      'url == "{{host}}/third"',
      "redirects count == 3",
    ],
    answers: {
      "/first": { status: 302, fields: [["Location", "./second"]] },
      "/second": { status: 301, fields: [["Location", "third"]] },
    },
    fails: [4, "10:0 Assert failure: actual: integer <2>, expected: integer <3>"],
  },
  {
    name: "a redirect that is not followed is the answer",
    text: ["GET {{host}}", "HTTP 302", "[Asserts]", 'header "Location" == "./next"', "redirects count == 0"],
    answer: { status: 302, fields: [["Location", "./next"]] },
  },
  {
    name: "certificate, over TCP without TLS",
    text: ["GET {{host}}", "HTTP 200", "[Asserts]", 'certificate "Subject" exists'],
    fails: [4, "4:0 Assert failure: actual: none, expected: something"],
  },
];

constructs("redirects, variables, certificates", OTHERS);
