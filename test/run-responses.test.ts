// What a file says of an answer: its line, its headers, every form of its body.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ConstructCase, constructs, json, text } from "./fixtures/construct-cases.ts";
import type { Told } from "./fixtures/echo.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "cat.txt"), "야옹\n");
const fileRoot = folder.path;

constructs("the line and the headers", [
  { name: "any version, any status", text: ["GET {{host}}", "HTTP *"], answer: { status: 500 } },
  { name: "HTTP/* and a status", text: ["GET {{host}}", "HTTP/* 204"], answer: { status: 204 } },
  { name: "HTTP/1.1", text: ["GET {{host}}", "HTTP/1.1 200"] },
  {
    name: "another status: nothing else is asked for",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "X-None: 1",
      "[Captures]",
      'a: header "X-None"',
      "[Asserts]",
      "status == 1",
    ],
    answer: { status: 404 },
    fails: [4, "2:6 Assert status code: actual value is <404>"],
  },
  {
    name: "another version, and another status",
    text: ["GET {{host}}", "HTTP/2 201"],
    fails: [
      4,
      "2:1 Assert HTTP version: actual value is <HTTP/1.1>",
      "2:8 Assert status code: actual value is <200>",
    ],
  },
  {
    name: "no response is asked for: any answer will do",
    text: ["GET {{host}}"],
    answer: { status: 500 },
  },
  {
    name: "headers: one, one of two, and with a template",
    text: ["GET {{host}}", "HTTP 200", "content-type: text/plain", "Vary: Cookie", "X-Name: {{name}}"],
    answer: text("", ["Vary", "Accept"], ["Vary", "Cookie"], ["X-Name", "나비"]),
    variables: { name: "나비" },
  },
  {
    name: "headers: one that is not there, another value, two other values",
    text: ["GET {{host}}", "HTTP 200", "X-None: 1", "Content-Type: text/html", "Vary: Origin"],
    answer: text("", ["Vary", "Accept"], ["Vary", "Cookie"]),
    fails: [
      4,
      "3:1 Header not found: this header has not been found in the response",
      "4:15 Assert header value: actual value is <text/plain>",
      "5:7 Assert header value: actual values are <Accept>, <Cookie>",
    ],
  },
  {
    name: "a header with a variable that is not there",
    text: ["GET {{host}}", "HTTP 200", "X-Name: {{none}}"],
    fails: [4, "3:11 Undefined variable: you must set the variable none"],
  },
  {
    name: "everything that does not hold is told, in the order of the file",
    text: ["GET {{host}}", "HTTP 200", "X-None: 1", "[Asserts]", "status == 1", "status == 2", "`멍멍`"],
    answer: text("야옹"),
    fails: [
      4,
      "3:1 Header not found: this header has not been found in the response",
      "5:0 Assert failure: actual: integer <200>, expected: integer <1>",
      "6:0 Assert failure: actual: integer <200>, expected: integer <2>",
      "7:1 Assert body value: actual value is <야옹>",
    ],
  },
]);

/** Two cases of a form: a body that is as the lines say, and one that is not. */
function bodyForm(
  name: string,
  lines: readonly string[],
  same: Told,
  other: Told,
  failure: string,
): ConstructCase[] {
  const shared = { text: ["GET {{host}}", "HTTP 200", ...lines], fileRoot, variables: { n: 1, cat: "나비" } };
  return [
    { ...shared, name, answer: same },
    { ...shared, name: `${name}: another one`, answer: other, fails: [4, failure] },
  ];
}

const DIFFERENCE = "Assert body value: the two differ";

constructs("bodies", [
  ...bodyForm(
    "JSON, to the letter",
    ["{", '  "cat": "{{cat}}",', '  "n": {{n}}', "}"],
    json('{\n  "cat": "나비",\n  "n": 1\n}'),
    json('{\n  "cat": "나비",\n  "n": 2\n}'),
    `5:1 ${DIFFERENCE}`,
  ),
  ...bodyForm(
    "a JSON text that is a string",
    ['"야옹"'],
    json('"야옹"'),
    json('"멍"'),
    '3:1 Assert body value: actual value is <"멍">',
  ),
  ...bodyForm(
    "XML",
    ["<cat>나비</cat>"],
    text("<cat>나비</cat>"),
    text("<cat/>"),
    "3:1 Assert body value: actual value is <<cat/>>",
  ),
  ...bodyForm(
    "a text on a line",
    ["`야옹 {{n}}`"],
    text("야옹 1"),
    text("야옹 2"),
    "3:1 Assert body value: actual value is <야옹 2>",
  ),
  ...bodyForm(
    "a text of several lines",
    ["```", "첫째 {{n}}", "둘째", "```"],
    text("첫째 1\n둘째\n"),
    text("첫째 1\n셋째\n"),
    `5:1 ${DIFFERENCE}`,
  ),
  ...bodyForm(
    "a text of several lines on one",
    ["```야옹```"],
    text("야옹"),
    text("멍멍"),
    "3:1 Assert body value: actual value is <멍멍>",
  ),
  ...bodyForm(
    "a text of several lines, as JSON",
    ["```json", "[{{n}}]", "```"],
    json("[1]\n"),
    json("[2]\n"),
    `4:1 ${DIFFERENCE}`,
  ),
  ...bodyForm(
    "a text of several lines, as XML",
    ["```xml", "<a/>", "```"],
    text("<a/>\n"),
    text("<b/>\n"),
    `4:1 ${DIFFERENCE}`,
  ),
  ...bodyForm(
    "a text of several lines, its placeholders left alone",
    ["```novariable", "{{n}}", "```"],
    text("{{n}}\n"),
    text("1\n"),
    `4:1 ${DIFFERENCE}`,
  ),
  ...bodyForm(
    "GraphQL",
    ["```graphql", "{ cat }", "```"],
    json('{"query":"{ cat }"}'),
    json("{}"),
    "3:1 Assert body value: actual value is <{}>",
  ),
  ...bodyForm(
    "base64",
    ["base64,7JW87Ji5;"],
    text("야옹"),
    text("멍"),
    "3:8 Assert body value: actual value is <eba98d>",
  ),
  ...bodyForm(
    "hex",
    ["hex,00ff;"],
    text(Buffer.from("00ff", "hex")),
    text(Buffer.from("00", "hex")),
    "3:5 Assert body value: actual value is <00>",
  ),
  ...bodyForm(
    "a file",
    ["file,cat.txt;"],
    text("야옹\n"),
    text("멍"),
    "3:1 Assert body value: actual value is <eba98d>",
  ),
  {
    name: "a compressed body is the text that it holds",
    text: ["GET {{host}}", "HTTP 200", "`야옹`"],
    answer: text(gzipSync("야옹"), ["Content-Encoding", "gzip"]),
  },
  {
    name: "a file that is not there",
    text: ["GET {{host}}", "HTTP 200", "file,none.txt;"],
    fileRoot,
    fails: [4, "3:6 File read access: file none.txt can not be read"],
  },
  {
    name: "a body in bytes that are no text",
    text: ["GET {{host}}", "HTTP 200", "`야옹`"],
    answer: text(Buffer.from("ff", "hex")),
    fails: [4, "3:1 Invalid decoding: could not decode response body with charset 'UTF-8'"],
  },
]);
