import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../../protocol/fields.ts";
import { bytes, date, json, nodeset, string } from "./evaluation.contract.ts";
import type { Value } from "./value.ts";
import { describeValue, valueKindName, valueText } from "./value-text.ts";

const cases: readonly { value: Value; described: string; text: string | undefined; kind: string }[] = [
  { value: string("안녕 hello"), described: "string <안녕 hello>", text: "안녕 hello", kind: "string" },
  { value: string(""), described: "string <>", text: "", kind: "string" },
  { value: json("2"), described: "integer <2>", text: "2", kind: "integer" },
  {
    value: json("-10000000000000000365"),
    described: "integer <-10000000000000000365>",
    text: "-10000000000000000365",
    kind: "integer",
  },
  { value: json("1.5"), described: "float <1.5>", text: "1.5", kind: "float" },
  { value: json("1.0"), described: "float <1.0>", text: "1.0", kind: "float" },
  { value: { kind: "float", value: Number.NaN }, described: "float <NaN>", text: "NaN", kind: "float" },
  { value: json("true"), described: "boolean <true>", text: "true", kind: "boolean" },
  { value: json("null"), described: "null", text: "null", kind: "null" },
  { value: json('[1,"가",2.0]'), described: 'list <[1,"가",2.0]>', text: undefined, kind: "list" },
  {
    value: json('{"b":1,"a":[]}'),
    described: 'object <{"b":1,"a":[]}>',
    text: undefined,
    kind: "object",
  },
  { value: bytes("eab080ff"), described: "bytes <eab080ff>", text: undefined, kind: "bytes" },
  { value: nodeset(3), described: "nodeset of size <3>", text: undefined, kind: "nodeset" },
  {
    value: date("2023-01-23T18:25:43.511Z"),
    described: "date <2023-01-23 18:25:43.511 UTC>",
    text: "2023-01-23T18:25:43.511Z",
    kind: "date",
  },
  {
    value: date("2023-01-23T18:25:43Z"),
    described: "date <2023-01-23 18:25:43 UTC>",
    text: "2023-01-23T18:25:43.000Z",
    kind: "date",
  },
  { value: { kind: "regex", pattern: "a+" }, described: "regex <a+>", text: undefined, kind: "regex" },
  {
    value: { kind: "response", value: { url: "http://a/b", status: 302, fields: new Fields() } },
    described: "response <http://a/b>",
    text: undefined,
    kind: "response",
  },
];

for (const { value, described, text, kind } of cases) {
  test(`describeValue() and valueText() know ${described}`, () => {
    assert.equal(describeValue(value), described);
    assert.equal(valueText(value), text);
    assert.equal(valueKindName(value), kind);
  });
}

test("describeValue() calls the lack of a value none", () => {
  assert.equal(describeValue(undefined), "none");
  assert.equal(valueKindName(undefined), "none");
});
