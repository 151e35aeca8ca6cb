// Captures of every kind, and what templates make of values.

import { constructs, html, json, text } from "./fixtures/construct-cases.ts";

const CAT = json(
  '{"name": "나비", "age": 3, "weight": 4.5, "cute": true, "owner": null, "toys": ["공", "쥐"]}',
);

constructs("captures", [
  {
    name: "of every kind",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      'name: jsonpath "$.name"',
      'age: jsonpath "$.age"',
      'weight: jsonpath "$.weight"',
      'cute: jsonpath "$.cute"',
      'owner: jsonpath "$.owner"',
      'toys: jsonpath "$.toys"',
      "code: status",
      "raw: bytes",
      '{{key}}: jsonpath "$.name" replace "나" "너"',
    ],
    answer: CAT,
    variables: { key: "other" },
    captured: {
      name: "나비",
      age: 3n,
      weight: 4.5,
      cute: true,
      owner: null,
      toys: ["공", "쥐"],
      code: 200n,
      raw: Buffer.from(CAT.body as string).toString("hex"),
      other: "너비",
    },
  },
  {
    name: "are there for the entries behind",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      'name: jsonpath "$.name"',
      "",
      "POST {{host}}/{{name}}",
      "{",
      '  "name": "{{name}}"',
      "}",
      "HTTP 200",
    ],
    answer: CAT,
    sent: { target: "/%EB%82%98%EB%B9%84", body: '{\n  "name": "나비"\n}' },
  },
  {
    name: "and for the asserts of their own entry",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      'age: jsonpath "$.age"',
      "[Asserts]",
      'jsonpath "$.age" == {{age}}',
    ],
    answer: CAT,
  },
  {
    name: "one that finds nothing",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      'name: jsonpath "$.name"',
      'x: header "X-None"',
      "code: status",
    ],
    answer: CAT,
    captured: { name: "나비" },
    fails: [3, "5:4 No query result: query didn't return any result"],
  },
  {
    name: "one that cannot look",
    text: ["GET {{host}}", "HTTP 200", "[Captures]", 'name: jsonpath "$.name"'],
    answer: text("meow"),
    fails: [
      3,
      '4:7 Invalid JSON: HTTP response is not a valid JSON: a value is expected, and "m…" stands there, at line 1, column 1',
    ],
  },
  {
    name: "of a list cannot be secret",
    text: ["GET {{host}}", "HTTP 200", "[Captures]", 'toys: jsonpath "$.toys" redact'],
    answer: CAT,
    fails: [3, "4:1 Invalid secret type: secret must be string, actual value is <list>"],
  },
  {
    name: "by XPath and by regular expression",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "[Captures]",
      "token: xpath \"string(//meta[@name='csrf']/@content)\"",
      'title: regex "<title>(.*)</title>"',
    ],
    answer: html('<meta name="csrf" content="a+b"><title>고양이</title>'),
    captured: { token: "a+b", title: "고양이" },
  },
]);

constructs("templates", [
  {
    name: "values of every kind that has a text",
    text: ["POST {{host}}", "`{{s}} {{i}} {{f}} {{b}} {{n}} {{d}}`", "HTTP 200"],
    variables: { s: "야옹", i: 3, f: 2.5, b: true, n: null, d: { kind: "date", value: new Date(0) } },
    sent: { body: "야옹 3 2.5 true null 1970-01-01T00:00:00.000Z" },
  },
  {
    name: "a list has none",
    text: ["POST {{host}}", "`{{l}}`", "HTTP 200"],
    variables: { l: { kind: "list", items: [{ kind: "string", value: "x" }] } },
    fails: [3, '2:4 Unrenderable expression: expression with value ["x"] can not be rendered'],
  },
  {
    name: "but is JSON in JSON",
    text: ["POST {{host}}", '{"l": {{l}}}', "HTTP 200"],
    variables: { l: { kind: "list", items: [{ kind: "string", value: "x" }] } },
    sent: { body: '{"l": ["x"]}' },
  },
  {
    name: "no variable of that name",
    text: ["GET {{host}}", "HTTP 200", "", "GET {{host}}/{{none}}", "HTTP 200"],
    fails: [3, "4:16 Undefined variable: you must set the variable none"],
  },
  {
    name: "newUuid and newDate",
    text: [
      "POST {{host}}",
      '{"id": "{{newUuid}}", "date": "{{newDate}}"}',
      "HTTP 200",
      "[Asserts]",
      'jsonpath "$.body" jsonpath "$.id" isUuid',
      'jsonpath "$.body" jsonpath "$.date" isIsoDate',
    ],
  },
  {
    name: "in a predicate, a JSONPath, a regular expression and a header's name",
    text: [
      "GET {{host}}",
      "HTTP 200",
      "{{header}}: application/json",
      "[Asserts]",
      'jsonpath "$.{{member}}" == {{three}}',
      'header "{{header}}" matches "^{{start}}"',
    ],
    answer: CAT,
    variables: { header: "Content-Type", member: "age", three: 3, start: "app" },
  },
]);
