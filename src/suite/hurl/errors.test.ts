// Faulty files: which code, on which line and in which column, with which words; and how the report looks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HurlSyntaxError } from "./errors.ts";
import { parseHurl } from "./parse.ts";
import { printHurlError } from "./print-error.ts";

function faultOf(text: string): HurlSyntaxError {
  try {
    parseHurl(text);
  } catch (error) {
    assert.ok(error instanceof HurlSyntaxError, String(error));
    return error;
  }
  throw assert.fail(`${JSON.stringify(text)} was read without a fault`);
}

const METHODS = "GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH";
const inRequest = (text: string): string => `GET http://a\n${text}`;
const inAsserts = (text: string): string => `GET http://a\nHTTP 200\n[Asserts]\n${text}`;
const inOptions = (text: string): string => `GET http://a\n[Options]\n${text}`;

// [text, "CODE line:column", what was expected]
const cases: (readonly [string, string, string])[] = [
  ["get http://a", "METHOD 1:1", "the HTTP method <get> is not valid. Did you mean GET?"],
  ["GETT: a", "METHOD 1:1", "the HTTP method <GETT:> is not valid. Valid values are GET"],
  ["\n가나다 http://a", "METHOD 2:1", `the HTTP method <가나다> is not valid. Valid values are ${METHODS}`],
  ["HTTP 200", "METHOD 1:1", "the HTTP method <HTTP> is not valid."],
  ["GET", "SPACE 1:4", "expecting a space"],
  ["GET # a", "URL 1:5", "expecting a URL"],
  ["GET {{}}", "TEMPLATE_VARIABLE 1:7", "expecting a variable"],
  ["GET {{1a}}", "TEMPLATE_VARIABLE 1:7", "expecting a variable"],
  ["GET {{a", "EXPECTED 1:8", "expecting '}}'"],
  ["GET {{a b}}", "EXPECTED 1:9", "expecting '}}'"],
  ["GET {{a nth}}", "SPACE 1:12", "expecting a space"],
  ["GET a\\q", "ESCAPE 1:7", "the escaping sequence is not valid"],
  ["GET a\\", "ESCAPE 1:7", "the escaping sequence is not valid"],
  ["GET a\\u00e9", "EXPECTED 1:8", "expecting '{'"],
  ["GET a\\u{}", "HEX_DIGIT 1:9", "expecting a valid hexadecimal number"],
  ["GET a\\u{61", "EXPECTED 1:11", "expecting '}'"],
  ["GET a\\u{110000}", "UNICODE 1:9", "Invalid unicode literal"],
  ["GET a\\u{d800}", "UNICODE 1:9", "Invalid unicode literal"],
  [inRequest("X"), "SPACE 2:2", "expecting a space"],
  [inRequest("x"), "METHOD 2:1", "the HTTP method <x> is not valid."],
  [inRequest("\n  a b: c"), "METHOD 3:3", "the HTTP method <a> is not valid."],
  [inRequest("a\\q: b"), "ESCAPE 2:3", "the escaping sequence is not valid"],
  [inRequest("[Asserts]"), "REQUEST_SECTION 2:2", "this is not a valid section for a request"],
  [inRequest("HTTP 200\n[Query]"), "RESPONSE_SECTION 3:2", "this is not a valid section for a response"],
  [inRequest("[Optionss]"), "REQUEST_SECTION_NAME 2:2", "the section is not valid. Did you mean Options?"],
  [
    inRequest("HTTP 200\n [assert]"),
    "RESPONSE_SECTION_NAME 3:3",
    "the section is not valid. Did you mean Asserts?",
  ],
  [
    inRequest("[Foo]"),
    "REQUEST_SECTION_NAME 2:2",
    "the section is not valid. Valid values are Query, QueryStringParams",
  ],
  [
    inRequest("[Query]\n[Form]\n[QueryStringParams]"),
    "DUPLICATE_SECTION 4:1",
    "the section is already defined",
  ],
  [inRequest("[Query] a"), "EXPECTED 2:9", "expecting 'newline'"],
  [inRequest("{}\n\n[Query]"), "SECTION_AFTER_BODY 4:1", "a section must stand before the body"],
  [
    inRequest("[BasicAuth]\na: b\nc: d"),
    "BASIC_AUTH_REPEATED 4:1",
    "the section takes one user and password",
  ],
  [inRequest("[Multipart]\na: file,;"), "FILENAME 3:9", "expecting a filename"],
  [inRequest("[Multipart]\na: file,b"), "EXPECTED 3:10", "expecting ';'"],
  [inRequest("[Multipart]\na: file,b; c/\\q"), "ESCAPE 3:15", "the escaping sequence is not valid"],
  [inRequest("[Multipart]\na: file,b; {{}}"), "TEMPLATE_VARIABLE 3:14", "expecting a variable"],
  [
    inRequest("HTTP/11 200"),
    "VERSION 2:1",
    "HTTP version must be HTTP, HTTP/1.0, HTTP/1.1, HTTP/2 or HTTP/3",
  ],
  [inRequest("HTTP oa0"), "STATUS 2:6", "HTTP status code is not valid"],
  [inRequest("HTTP 200 OK"), "EXPECTED 2:10", "expecting 'newline'"],
  [inRequest("HTTP"), "SPACE 2:5", "expecting a space"],
  [
    inRequest("HTTP 200\n[Captures]\na: foo"),
    "QUERY 4:4",
    "the query is not valid. Valid values are status,",
  ],
  [inRequest("HTTP 200\n[Captures]\na: body redacted"), "EXPECTED 4:9", "expecting 'newline'"],
  [inRequest('HTTP 200\n[Captures]\na: header "b"redact'), "EXPECTED 4:14", "expecting 'newline'"],
  [inAsserts("statu == 200"), "QUERY 4:1", "the query is not valid. Did you mean status?"],
  [inAsserts("status"), "SPACE 4:7", "expecting a space"],
  [inAsserts("body count== 1"), "SPACE 4:11", "expecting a space"],
  [inAsserts("status equals 200"), "PREDICATE 4:8", "expecting a predicate"],
  [inAsserts("status not"), "PREDICATE 4:8", "expecting a predicate"],
  [inAsserts("status =="), "PREDICATE_VALUE 4:10", "invalid predicate value"],
  [inAsserts("status == foo"), "PREDICATE_VALUE 4:11", "invalid predicate value"],
  [inAsserts("status == 200x"), "EXPECTED 4:14", "expecting 'newline'"],
  [inAsserts("status == 0200"), "EXPECTED 4:12", "expecting 'newline'"],
  [inAsserts("status == -00.5"), "EXPECTED 4:13", "expecting 'newline'"],
  [inAsserts("status == 200."), "EXPECTED 4:14", "expecting 'newline'"],
  [inAsserts("body nth 01 exists"), "SPACE 4:11", "expecting a space"],
  [inAsserts("status > true"), "PREDICATE_VALUE 4:10", "invalid predicate value"],
  [inAsserts("body startsWith 1"), "PREDICATE_VALUE 4:17", "invalid predicate value"],
  [inAsserts("body matches hex,00;"), "PREDICATE_VALUE 4:14", "invalid predicate value"],
  [inAsserts("body contains"), "SPACE 4:14", "expecting a space"],
  [inAsserts('body == "가나'), "EXPECTED 4:12", "expecting '\"'"],
  [inAsserts("body == `a"), "EXPECTED 4:11", "expecting '`'"],
  [inAsserts("body matches /a\nb/"), "EXPECTED 4:16", "expecting '/'"],
  [inAsserts("header X exists"), "EXPECTED 4:8", "expecting '\"'"],
  [inAsserts("jsonpath exists"), "EXPECTED 4:10", "expecting '\"'"],
  [
    inAsserts('certificate "Name" exists'),
    "EXPECTED 4:14",
    "expecting 'Field <Subject>, <Issuer>, <Start-Date>, <Expire-Date>, <Serial-Number>, " +
      "<Subject-Alt-Name> or <Value>'",
  ],
  [inAsserts('certificate "Value'), "EXPECTED 4:14", "expecting 'Field <Subject>"],
  [inAsserts('certificate "Values" exists'), "EXPECTED 4:14", "expecting 'Field <Subject>"],
  [inAsserts("bytes charsetDecode == 1"), "EXPECTED 4:21", "expecting '\"'"],
  [inAsserts('cookie "a[Foo]" exists'), "COOKIE_ATTRIBUTE 4:11", "the cookie attribute is not valid"],
  [inAsserts('cookie "a[Path" exists'), "EXPECTED 4:15", "expecting ']'"],
  [inAsserts("body nth a == 1"), "EXPECTED 4:10", "expecting 'integer'"],
  [inAsserts('body replace "a" == 1'), "EXPECTED 4:18", "expecting '\"'"],
  [
    inOptions("foo: true"),
    "OPTION 3:1",
    "the option name is not valid. Valid values are aws-sigv4, cacert, cert,",
  ],
  [inOptions("verbos: true"), "OPTION 3:1", "the option name is not valid. Did you mean verbose?"],
  [inOptions("skip: yes"), "EXPECTED 3:7", "expecting 'true|false'"],
  [inOptions("skip: null"), "EXPECTED 3:7", "expecting 'true|false'"],
  [inOptions("retry: -2"), "EXPECTED 3:8", "expecting 'integer >= -1'"],
  [inOptions("retry: 99999999999999999999"), "EXPECTED 3:8", "expecting 'an integer up to 9007199254740991'"],
  [inOptions("limit-rate: -1"), "EXPECTED 3:13", "expecting 'natural'"],
  [inOptions("delay: s"), "EXPECTED 3:8", "expecting 'integer'"],
  [inOptions("delay: 10mms"), "DURATION_UNIT 3:10", "the duration unit is not valid. Did you mean ms?"],
  [inOptions("delay: 10 ms"), "EXPECTED 3:11", "expecting 'newline'"],
  [
    inOptions("delay: 10hours"),
    "DURATION_UNIT 3:10",
    "the duration unit is not valid. Valid values are ms, s, m, h",
  ],
  [inOptions("verbosity: loud"), "EXPECTED 3:12", "expecting 'brief|verbose|debug'"],
  [
    inOptions("variable: newUuid=1"),
    "VARIABLE 3:11",
    "conflicts with the newUuid function, use a different name",
  ],
  [
    inOptions("variable: getEnv=1"),
    "VARIABLE 3:11",
    "conflicts with the getEnv function, use a different name",
  ],
  [inOptions("variable: =1"), "TEMPLATE_VARIABLE 3:11", "expecting a variable"],
  [inOptions("variable: a"), "EXPECTED 3:12", "expecting '='"],
  [inOptions("cacert: "), "FILENAME 3:9", "expecting a filename"],
  [inOptions("key: "), "FILENAME 3:6", "expecting a filename"],
  [inOptions("output: a b"), "EXPECTED 3:11", "expecting 'newline'"],
  [inOptions("cert: a\\q"), "ESCAPE 3:9", "the escaping sequence is not valid"],
  [inRequest('{"a": 1,}'), "JSON 2:8", "trailing comma is not allowed"],
  [inRequest("[1, 2, ]"), "JSON 2:6", "trailing comma is not allowed"],
  [inRequest("[1,,2]"), "JSON 2:4", "expecting an element; found empty element instead"],
  [inRequest('{"a": }'), "JSON 2:7", "expecting a boolean, number, string, array, object or null"],
  [inRequest('{"a"\n'), "EXPECTED 3:1", "expecting ':'"],
  [inRequest("{a: 1}"), "EXPECTED 2:2", "expecting '\"'"],
  [inRequest('{"a": 1'), "EXPECTED 2:8", "expecting '}'"],
  [inRequest("[1 2]"), "EXPECTED 2:4", "expecting ']'"],
  [inRequest("[1.]"), "JSON 2:4", "expecting a digit"],
  [inRequest('{"a": "\\u12"}'), "HEX_DIGIT 2:12", "expecting a valid hexadecimal number"],
  [inRequest('{"a": "\\u{1D11E}"}'), "HEX_DIGIT 2:10", "expecting a valid hexadecimal number"],
  [inRequest('"a'), "EXPECTED 2:3", "expecting '\"'"],
  [inRequest("[".repeat(129)), "JSON 2:129", "maximum nesting depth of 128 exceeded"],
  [inRequest("{} x"), "EXPECTED 2:4", "expecting 'newline'"],
  [inRequest("<a>\n<b></a>"), "XML 3:4", "invalid XML"],
  [inRequest("<a"), "XML 2:3", "invalid XML"],
  [inRequest("<a>b"), "XML 2:5", "invalid XML"],
  [inRequest("<a b=c/>"), "XML 2:6", "invalid XML"],
  [inRequest("<!-- a"), "XML 2:1", "invalid XML"],
  [inRequest("<?a?> b <c/>"), "XML 2:7", "invalid XML"],
  [inRequest("```foo\na\n```"), "MULTILINE_ATTRIBUTE 2:4", "Invalid language hint foo"],
  [inRequest("```\tfoo bar\na\n```"), "MULTILINE_ATTRIBUTE 2:5", "Invalid language hint foo bar"],
  [inRequest("```json,\na\n```"), "MULTILINE_ATTRIBUTE 2:8", "Invalid language hint ,"],
  [inRequest("```json, foo\na\n```"), "MULTILINE_ATTRIBUTE 2:8", "Invalid language hint , foo"],
  [inRequest("```json a\n```"), "MULTILINE_ATTRIBUTE 2:9", "Invalid language hint a"],
  [inRequest("```graphql,,\n```"), "MULTILINE_ATTRIBUTE 2:11", "Invalid language hint ,,"],
  [inRequest("```json"), "EXPECTED 2:8", "expecting 'newline'"],
  [inRequest("```\na"), "EXPECTED 3:2", "expecting '```'"],
  [
    inRequest("```graphql\na\nvariables [1]\n```"),
    "GRAPHQL_VARIABLES 4:11",
    "GraphQL variables is not a valid JSON object",
  ],
  [inRequest("```escape\n\\q\n```"), "ESCAPE 3:2", "the escaping sequence is not valid"],
  [inRequest("base64,가;"), "EXPECTED 2:8", "expecting ';'"],
  [inRequest("hex,abc;"), "HEX_ODD 2:8", "expecting an even number of hex digits"],
  [inRequest("hex,xy;"), "HEX_DIGIT 2:5", "expecting a valid hexadecimal number"],
  [inRequest("file,a"), "EXPECTED 2:7", "expecting ';'"],
  [`GET ${'{{a split "'.repeat(129)}`, "NESTING 1:1413", "maximum nesting depth of 128 exceeded"],
];

for (const [text, place, expected] of cases) {
  test(`parseHurl() says of ${JSON.stringify(text.slice(0, 80))}: ${place}`, () => {
    const fault = faultOf(text);
    assert.equal(`${fault.code} ${fault.line}:${fault.column}`, place);
    assert.ok(fault.expected.startsWith(expected), fault.expected);
    assert.equal(fault.message, `${fault.description}: ${fault.expected}`);
  });
}

const reports = [
  {
    name: "the line, and a caret under the column",
    text: "GET http://a\nHTTP oa0",
    report: `error: Parsing status code
  --> a.hurl:2:6
   |
 2 | HTTP oa0
   |      ^ HTTP status code is not valid
   |
`,
  },
  {
    name: "a margin as wide as the file's last number, and no byte order mark or carriage return",
    text: `\uFEFF${"\r\n".repeat(98)}GET\r\n\r\n`,
    report: `error: Parsing space
   --> a.hurl:99:4
    |
 99 | GET
    |    ^ expecting a space
    |
`,
  },
  {
    name: "wide characters as two cells and tabs as tabs",
    text: inAsserts('\theader "가나다'),
    report: `error: Parsing literal
  --> a.hurl:4:13
   |
 4 | \theader "가나다
   | \t              ^ expecting '"'
   |
`,
  },
];

for (const { name, text, report } of reports) {
  test(`printHurlError() shows ${name}`, () => {
    assert.equal(printHurlError(faultOf(text), "a.hurl", text), report);
  });
}

test("printHurlError() lets the painter colour title, frame and problem", () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const painter = { title: tag("t"), frame: tag("f"), problem: tag("p") };
  const report = printHurlError(faultOf("GET"), "a.hurl", "GET", painter);
  assert.deepEqual(report.split("\n"), [
    "<t>error: Parsing space</t>",
    "  <f>--></f> a.hurl:1:4",
    "<f>   |</f>",
    "<f> 1 |</f> GET",
    "<f>   |</f>    <p>^ expecting a space</p>",
    "<f>   |</f>",
    "",
  ]);
});
