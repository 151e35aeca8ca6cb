// .http files, run: what they send, what they ask of the answers, and what is said when that does not hold.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ConstructCase, constructs, html, json } from "./fixtures/construct-cases.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "cat.txt"), "야옹 {{name}}\n");
writeFileSync(join(folder.path, ".env"), "PASSWORD=meow\n");
const parts = { file: "test.http", fileRoot: folder.path };

const CAT = json('{"id": 7, "name": "나비", "cute": true, "toys": ["공"], "owner": null}');

constructs("requests", [
  {
    ...parts,
    name: "a URL alone, and one over several lines",
    text: ["{{host}}/a", "###", "GET {{host}}/b", "  ?x=1", "  &y=나 비 HTTP/1.1", "X-One: 1"],
    sent: { method: "GET", target: "/b?x=1&y=%EB%82%98%20%EB%B9%84", headers: { "x-one": "1" } },
  },
  {
    ...parts,
    name: "variables of the file and a body",
    text: [
      "@name = 나비",
      "@path = cats/{{name}}",
      "POST {{host}}/{{path}}",
      "Content-Type: application/json",
      "",
      '{"name": "{{name}}"}',
    ],
    sent: {
      target: "/cats/%EB%82%98%EB%B9%84",
      headers: { "content-type": "application/json" },
      body: '{"name": "나비"}',
    },
  },
  {
    ...parts,
    name: "a body from a file, as it is",
    text: ["POST {{host}}", "Content-Type: text/plain", "", "< ./cat.txt"],
    sent: { body: "야옹 {{name}}\n" },
  },
  {
    ...parts,
    name: "and with its variables",
    text: ["@name = 나비", "POST {{host}}", "Content-Type: text/plain", "", "<@ ./cat.txt"],
    sent: { body: "야옹 나비\n" },
  },
  {
    ...parts,
    name: "a file that is not there",
    text: ["POST {{host}}", "", "< ./none.txt"],
    fails: [3, "3:3 File read access: file ./none.txt can not be read"],
  },
  {
    ...parts,
    name: "parts of an earlier answer",
    text: [
      "# @name made",
      "POST {{host}}/cats",
      "",
      "###",
      "GET {{host}}/cats/{{made.response.body.$.id}}",
      "X-Type: {{made.response.headers.Content-Type}}",
    ],
    answers: { "/cats": CAT },
    sent: { target: "/cats/7", headers: { "x-type": "application/json" } },
  },
  {
    ...parts,
    name: "dynamic variables: of a file and of the environment",
    text: ["GET {{host}}", "Authorization: Basic nabi:{{$dotenv PASSWORD}}", "X-Home: {{$processEnv HOME}}"],
    environment: { HOME: "/home/나비" },
    sent: {
      headers: {
        authorization: `Basic ${Buffer.from("nabi:meow").toString("base64")}`,
        "x-home": "/home/나비",
      },
    },
  },
  {
    ...parts,
    name: "a variable that is nowhere",
    text: ["GET {{host}}/{{none}}"],
    fails: [3, "1:16 Undefined variable: you must set the variable none"],
  },
  {
    ...parts,
    name: "redirects are followed, but not where it is said",
    text: [
      "GET {{host}}/a",
      "?? status == 200",
      "###",
      "# @no-redirect",
      "GET {{host}}/a",
      "?? status == 302",
    ],
    answers: { "/a": { status: 302, fields: [["Location", "b"]] } },
  },
]);

function asserted(line: string, failure?: string): ConstructCase {
  const name = failure === undefined ? line : `${line}: ${failure}`;
  const base = { ...parts, name, text: ["GET {{host}}", line], answer: CAT };
  return failure === undefined ? base : { ...base, fails: [4, `2:0 Assert failure: ${failure}`] };
}

constructs("asserts", [
  asserted("?? status == 200"),
  asserted("?? status == 404", "actual: integer <200>, expected: integer <404>"),
  asserted("?? status != 404"),
  asserted("?? status >= 400", "actual: integer <200>, expected: greater than or equals to integer <400>"),
  asserted("?? header content-type == application/json"),
  asserted(
    "?? header content-type startsWith text/",
    "actual: string <application/json>, expected: starts with string <text/>",
  ),
  asserted("?? header x-none exists", "actual: none, expected: something"),
  asserted("?? body contains 나비"),
  asserted("?? body contains 멍멍이", `actual: string <${CAT.body}>, expected: contains string <멍멍이>`),
  asserted("?? js response.parsedBody.name == 나비"),
  asserted("?? js response.parsedBody.id == 8", "actual: string <7>, expected: string <8>"),
  asserted("?? js response.parsedBody.cute isTrue"),
  asserted("?? js response.parsedBody.toys isArray"),
  asserted("?? duration < 60000"),
  {
    ...parts,
    name: "?? xpath",
    text: ["GET {{host}}", "?? xpath string(//title) == 고양이"],
    answer: html("<title>고양이</title>"),
  },
]);
