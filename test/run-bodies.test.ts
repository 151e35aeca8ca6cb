// Every form of a request's body: what a file says is what a server gets.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { constructs } from "./fixtures/construct-cases.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "고양이.txt"), "야옹\n");
const fileRoot = folder.path;

constructs("bodies", [
  {
    name: "JSON as it is written, with values in it",
    text: [
      "POST {{host}}",
      "{",
      '  "name": "{{name}}",',
      '  "age" : {{age}}, "list": [1, 2.50, null]',
      "}",
      "HTTP 200",
    ],
    variables: { name: 'a "나비"', age: 3 },
    sent: {
      headers: { "content-type": "application/json" },
      body: '{\n  "name": "a \\"나비\\"",\n  "age" : 3, "list": [1, 2.50, null]\n}',
    },
  },
  {
    name: "a JSON text that is a string",
    text: ["POST {{host}}", '"야옹"', "HTTP 200"],
    sent: { body: '"야옹"' },
  },
  { name: "a JSON number", text: ["POST {{host}}", "42", "HTTP 200"], sent: { body: "42" } },
  { name: "null", text: ["POST {{host}}", "null", "HTTP 200"], sent: { body: "null" } },
  { name: "a JSON list", text: ["POST {{host}}", "[1, true]", "HTTP 200"], sent: { body: "[1, true]" } },
  {
    name: "JSON with a value that makes none",
    text: ["POST {{host}}", "{", '  "a": {{text}}', "}", "HTTP 200"],
    variables: { text: "야옹" },
    fails: [3, "3:10 Invalid JSON: actual value is <야옹>"],
  },
  {
    name: "a Content-Type of one's own stays",
    text: ["POST {{host}}", "Content-Type: application/vnd.cat+json", "{}", "HTTP 200"],
    sent: { headers: { "content-type": "application/vnd.cat+json" }, body: "{}" },
  },
  {
    name: "XML",
    text: ["POST {{host}}", '<?xml version="1.0"?>', "<cat>나비</cat>", "HTTP 200"],
    sent: { headers: { "content-type": "application/xml" }, body: '<?xml version="1.0"?>\n<cat>나비</cat>' },
  },
  {
    name: "a text on a line",
    text: ["POST {{host}}", "`야옹 {{n}}`", "HTTP 200"],
    variables: { n: 1 },
    sent: { headers: { "content-type": undefined }, body: "야옹 1" },
  },
  {
    name: "a text of several lines",
    text: ["POST {{host}}", "```", "첫째 {{n}}", "둘째", "```", "HTTP 200"],
    variables: { n: 1 },
    sent: { headers: { "content-type": undefined }, body: "첫째 1\n둘째\n" },
  },
  {
    name: "a text of several lines on one",
    text: ["POST {{host}}", "```야옹```", "HTTP 200"],
    sent: { body: "야옹" },
  },
  {
    name: "a text of several lines, its placeholders left alone",
    text: ["POST {{host}}", "```novariable", "{{n}}", "```", "HTTP 200"],
    sent: { body: "{{n}}\n" },
  },
  {
    name: "a text of several lines, as JSON",
    text: ["POST {{host}}", "```json", '{"n": {{n}}}', "```", "HTTP 200"],
    variables: { n: 1 },
    sent: { headers: { "content-type": "application/json" }, body: '{"n": 1}\n' },
  },
  {
    name: "a text of several lines, as XML",
    text: ["POST {{host}}", "```xml", "<n>{{n}}</n>", "```", "HTTP 200"],
    variables: { n: 1 },
    sent: { headers: { "content-type": "application/xml" }, body: "<n>1</n>\n" },
  },
  {
    name: "a text of several lines, raw",
    text: ["POST {{host}}", "```raw", "a", "```", "HTTP 200"],
    sent: { body: "a\n" },
  },
  {
    name: "GraphQL",
    text: ["POST {{host}}", "```graphql", "{ cat(id: {{id}}) { name } }", "```", "HTTP 200"],
    variables: { id: 7 },
    sent: {
      headers: { "content-type": "application/json" },
      body: '{"query":"{ cat(id: 7) { name } }"}',
    },
  },
  {
    name: "GraphQL with variables",
    text: [
      "POST {{host}}",
      "```graphql",
      "query Cat($id: ID) { cat(id: $id) { name } }",
      "",
      'variables { "id": "{{id}}" }',
      "```",
      "HTTP 200",
    ],
    variables: { id: "나비" },
    sent: {
      body: '{"query":"query Cat($id: ID) { cat(id: $id) { name } }","variables":{"id":"나비"}}',
    },
  },
  {
    name: "base64",
    text: ["POST {{host}}", "base64,7JW87Ji5;", "HTTP 200"],
    sent: { headers: { "content-type": undefined }, body: "야옹" },
  },
  { name: "hex", text: ["POST {{host}}", "hex,00ff;", "HTTP 200"], sent: { body: new Uint8Array([0, 255]) } },
  {
    name: "a file",
    text: ["POST {{host}}", "file,{{name}}.txt;", "HTTP 200"],
    variables: { name: "고양이" },
    fileRoot,
    sent: { headers: { "content-type": undefined }, body: "야옹\n" },
  },
  {
    name: "a file that is not there",
    text: ["POST {{host}}", "file,none.txt;", "HTTP 200"],
    fileRoot,
    fails: [3, "2:6 File read access: file none.txt can not be read"],
  },
  {
    name: "chunked, when Transfer-Encoding says so",
    text: ["POST {{host}}", "Transfer-Encoding: chunked", "`야옹`", "HTTP 200"],
    sent: { headers: { "transfer-encoding": "chunked", "content-length": undefined }, body: "야옹" },
  },
  {
    name: "no body, and POST says how long it is",
    text: ["POST {{host}}", "HTTP 200"],
    sent: { headers: { "content-length": "0" }, body: "" },
  },
]);
