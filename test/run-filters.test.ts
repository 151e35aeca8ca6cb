// Every filter: what it makes of a value in a server's answer, and what is said of a value that it does not take.

import { assertCases, type ConstructCase, constructs, json, text } from "./fixtures/construct-cases.ts";

const VALUES = json(
  `{"n": 42, "f": 2.9, "s": "야옹 meow", "digits": "-7", "number": "1.5e2", "t": true, "z": null,
    "l": ["a", "나", 3], "none": [], "o": {"a": 1},
    "b64": "7JW87Ji5", "b64url": "77-9", "escaped": "&lt;b&gt; &amp; &quot;x&quot;", "html": "<b> & \\"x\\"",
    "encoded": "a%20b%EA%B0%80%2F", "plain": "a b가/", "url": "http://x/?a=1&name=%EB%82%98%EB%B9%84&empty=",
    "date": "2026-11-21 17:30:05", "csv": "a,b,,c", "doc": "{\\"k\\": [1, 2]}", "xml": "<a><b>나비</b></a>"}`,
);
const BYTES = text(Buffer.from("ec95bcec98b9", "hex"));
const KOREAN = text(Buffer.from("bec8b3e7", "hex"));

function input(actual: string, expected: string): string {
  return `Filter error: invalid filter input:\n   actual: ${actual}\n   expected: ${expected}`;
}

function unfit(why: string): string {
  return `Filter error: invalid filter input: ${why}`;
}

constructs(
  "encodings",
  assertCases([
    ['jsonpath "$.b64" base64Decode == hex,ec95bcec98b9;', VALUES],
    ['jsonpath "$.s" base64Decode exists', VALUES, `4:16 ${unfit("string is not base64")}`],
    ['jsonpath "$.n" base64Decode exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
    ['bytes base64Encode == "7JW87Ji5"', BYTES],
    ["body base64Encode exists", BYTES, `4:6 ${input("string <야옹>", "bytes")}`],
    ['jsonpath "$.b64url" base64UrlSafeDecode == hex,efbfbd;', VALUES],
    ['jsonpath "$.s" base64UrlSafeDecode exists', VALUES, `4:16 ${unfit("string is not base64")}`],
    ['bytes base64UrlSafeEncode == "77-9"', text(Buffer.from("efbfbd", "hex"))],
    ['jsonpath "$.n" base64UrlSafeEncode exists', VALUES, `4:16 ${input("integer <42>", "bytes")}`],
    ['bytes toHex == "ec95bcec98b9"', BYTES],
    ['jsonpath "$.n" toHex exists', VALUES, `4:16 ${input("integer <42>", "bytes")}`],
    ['bytes decode "euc-kr" == "안녕"', KOREAN],
    ['bytes charsetDecode "euc-kr" == "안녕"', KOREAN],
    [
      'bytes charsetDecode "utf-8" exists',
      KOREAN,
      "4:7 Filter error: value can not be decoded with <utf-8> encoding",
    ],
    ['bytes charsetDecode "klingon" exists', KOREAN, "4:7 Filter error: <klingon> encoding is not supported"],
    ['body charsetDecode "utf-8" exists', BYTES, `4:6 ${input("string <야옹>", "bytes")}`],
    ['bytes utf8Decode == "야옹"', BYTES],
    ["bytes utf8Decode exists", KOREAN, "4:7 Filter error: value can not be decoded with <utf-8> encoding"],
    ["body utf8Encode == hex,ec95bcec98b9;", BYTES],
    ["bytes utf8Encode exists", BYTES, `4:7 ${input("bytes <ec95bcec98b9>", "string")}`],
    ['jsonpath "$.escaped" htmlUnescape == "<b> & \\"x\\""', VALUES],
    ['jsonpath "$.n" htmlUnescape exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
    ['jsonpath "$.html" htmlEscape == "&lt;b&gt; &amp; \\"x\\""', VALUES],
    ['jsonpath "$.n" htmlEscape exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
    ['jsonpath "$.encoded" urlDecode == "a b가/"', VALUES],
    ['jsonpath "$.n" urlDecode exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
    ['jsonpath "$.plain" urlEncode == "a%20b%EA%B0%80/"', VALUES],
    ['jsonpath "$.n" urlEncode exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
    ['jsonpath "$.url" urlQueryParam "name" == "나비"', VALUES],
    ['jsonpath "$.url" urlQueryParam "absent" not exists', VALUES],
    [
      'jsonpath "$.s" urlQueryParam "name" exists',
      VALUES,
      "4:16 Invalid URL: invalid URL <야옹 meow> (Missing scheme <http://> or <https://>)",
    ],
  ]),
);

constructs(
  "texts",
  assertCases(
    [
      ['jsonpath "$.s" replace "meow" "왈" == "야옹 왈"', VALUES],
      ['jsonpath "$.s" replace "{{word}}" "{{other}}" == "야옹 wow"', VALUES],
      ['jsonpath "$.n" replace "a" "b" exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      ['jsonpath "$.s" replaceRegex /[a-z]/ "x" == "야옹 xxxx"', VALUES],
      ['jsonpath "$.s" replaceRegex "(\\\\w)w$" "$1!" == "야옹 meo!"', VALUES],
      ['jsonpath "$.n" replaceRegex /a/ "b" exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      [
        'jsonpath "$.s" replaceRegex "(" "b" exists',
        VALUES,
        "4:29 Invalid regex: regex expression is not valid: missing closing ): `(`",
      ],
      ['jsonpath "$.s" regex /(\\w+)$/ == "meow"', VALUES],
      ['jsonpath "$.s" regex "^(..) " == "야옹"', VALUES],
      ['jsonpath "$.s" regex /(\\d)/ not exists', VALUES],
      ['jsonpath "$.n" regex /(4)/ exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      ['jsonpath "$.csv" split "," count == 4', VALUES],
      ['jsonpath "$.csv" split "," nth 1 == "b"', VALUES],
      ['jsonpath "$.n" split "," exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      ['jsonpath "$.doc" jsonpath "$.k[1]" == 2', VALUES],
      ['jsonpath "$.s" jsonpath "$.k" exists', VALUES, `4:16 ${unfit("value is not a valid JSON")}`],
      ['jsonpath "$.n" jsonpath "$.k" exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      ['jsonpath "$.xml" xpath "string(//b)" == "나비"', VALUES],
      ['jsonpath "$.n" xpath "//b" exists', VALUES, `4:16 ${input("integer <42>", "string")}`],
      [
        'jsonpath "$.xml" xpath "//[" exists',
        VALUES,
        "4:24 Invalid XPath expression: XPath expression is not valid",
      ],
    ],
    { variables: { word: "meow", other: "wow" } },
  ),
);

constructs(
  "numbers, lists and dates",
  assertCases(
    [
      ['jsonpath "$.digits" toInt == -7', VALUES],
      ['jsonpath "$.f" toInt == 2', VALUES],
      ['jsonpath "$.s" toInt exists', VALUES, `4:16 ${input("string <야옹 meow>", "integer string")}`],
      ['jsonpath "$.t" toInt exists', VALUES, `4:16 ${input("boolean <true>", "number or integer string")}`],
      ['jsonpath "$.number" toFloat == 150.0', VALUES],
      ['jsonpath "$.n" toFloat isFloat', VALUES],
      ['jsonpath "$.s" toFloat exists', VALUES, `4:16 ${input("string <야옹 meow>", "float string")}`],
      ['jsonpath "$.n" toString == "42"', VALUES],
      ['jsonpath "$.z" toString == "null"', VALUES],
      [
        'jsonpath "$.none" toString exists',
        VALUES,
        `4:19 ${unfit("list <[]> can not be converted to a string")}`,
      ],
      ['jsonpath "$.l" count == 3', VALUES],
      ['jsonpath "$.o" count == 1', VALUES],
      ["bytes count == 6", BYTES],
      ['jsonpath "$.n" count == 1', VALUES, `4:16 ${input("integer <42>", "collection")}`],
      ['jsonpath "$.l" nth 1 == "나"', VALUES],
      ['jsonpath "$.l" nth -1 == 3', VALUES],
      ['jsonpath "$.l" nth {{one}} == "나"', VALUES],
      ['jsonpath "$.l" nth 3 exists', VALUES, `4:16 ${unfit("out of bound - size is 3")}`],
      ['jsonpath "$.n" nth 0 exists', VALUES, `4:16 ${input("integer <42>", "list")}`],
      ['jsonpath "$.l" first == "a"', VALUES],
      ['jsonpath "$.none" first exists', VALUES, `4:19 ${unfit("list is empty")}`],
      ['jsonpath "$.l" last == 3', VALUES],
      ['jsonpath "$.none" last exists', VALUES, `4:19 ${unfit("list is empty")}`],
      ['jsonpath "$.date" toDate "%Y-%m-%d %H:%M:%S" format "%d/%m/%y %H시" == "21/11/26 17시"', VALUES],
      ['jsonpath "$.date" toDate "%Y-%m-%d %H:%M:%S" dateFormat "%A" == "Saturday"', VALUES],
      [
        'jsonpath "$.s" toDate "%Y" exists',
        VALUES,
        "4:16 Filter error: value <야옹 meow> could not be parsed with <%Y> format",
      ],
      ['jsonpath "$.s" format "%Y" exists', VALUES, `4:16 ${input("string <야옹 meow>", "date")}`],
      ['jsonpath "$.s" dateFormat "%Y" exists', VALUES, `4:16 ${input("string <야옹 meow>", "date")}`],
      ['variable "past" toDate "%+" daysAfterNow < -9000', VALUES],
      ['variable "past" toDate "%+" daysBeforeNow > 9000', VALUES],
      ['jsonpath "$.n" daysAfterNow exists', VALUES, `4:16 ${input("integer <42>", "date")}`],
      ['jsonpath "$.n" daysBeforeNow exists', VALUES, `4:16 ${input("integer <42>", "date")}`],
      ['jsonpath "$.n" location exists', VALUES, `4:16 ${input("integer <42>", "response")}`],
      ['jsonpath "$.absent" count == 0', VALUES, "4:21 Filter error: missing value to apply filter"],
      ['jsonpath "$.absent" count not exists', VALUES, "4:21 Filter error: missing value to apply filter"],
      [
        'jsonpath "$.csv" split "," nth 3 toInt exists',
        VALUES,
        `4:34 ${input("string <c>", "integer string")}`,
      ],
    ],
    { variables: { one: 1, past: "2001-01-01T00:00:00Z" } },
  ),
);

const ELSEWHERE: readonly ConstructCase[] = [
  {
    name: "in a capture a filter's failure ends the entry: nothing is asserted",
    text: ["GET {{host}}", "HTTP 200", "[Captures]", 'x: jsonpath "$.n" count', "[Asserts]", "status == 500"],
    answer: VALUES,
    fails: [3, `4:19 ${input("integer <42>", "collection")}`],
  },
  {
    name: "in a capture they are applied one after the other",
    text: ["GET {{host}}", "HTTP 200", "[Captures]", 'x: jsonpath "$.csv" split "," last urlEncode'],
    answer: VALUES,
    captured: { x: "c" },
  },
  {
    name: "in a template",
    text: ['GET {{host}}/{{text urlEncode}}/{{date toDate "%Y-%m-%d" format "%y"}}', "HTTP 200"],
    variables: { text: "나 비", date: "2026-11-21" },
    sent: { target: "/%EB%82%98%20%EB%B9%84/26" },
  },
  {
    name: "in a template a filter's failure ends the entry before anything is sent",
    text: ["GET {{host}}/{{text count}}", "HTTP 200"],
    variables: { text: "x" },
    fails: [3, `1:21 ${input("string <x>", "collection")}`],
  },
  {
    name: "in a template, nothing found",
    text: ["GET {{host}}/{{text regex /(\\d)/}}", "HTTP 200"],
    variables: { text: "x" },
    fails: [3, "1:16 Unrenderable expression: expression without a value can not be rendered"],
  },
];

constructs("in captures and templates", ELSEWHERE);
