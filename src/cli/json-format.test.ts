import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatJson, type JsonPart } from "./json-format.ts";

const plain = (_part: JsonPart, text: string): string => text;
const indented = (text: string): string | undefined => formatJson(text, { indent: true, paint: plain });

const cases: { name: string; text: string; shown: string | undefined }[] = [
  {
    name: "indents by two",
    text: '{"a":[1,{"b":null}]}',
    shown: '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}',
  },
  {
    name: "keeps empty ones on their line",
    text: '{"a":{ },"b":[\n]}',
    shown: '{\n  "a": {},\n  "b": []\n}',
  },
  { name: "keeps an array in an array", text: "[[],[1]]", shown: "[\n  [],\n  [\n    1\n  ]\n]" },
  {
    name: "keeps numbers that no double holds",
    text: "[12345678901234567890,1.10,-0,1e400]",
    shown: "[\n  12345678901234567890,\n  1.10,\n  -0,\n  1e400\n]",
  },
  {
    name: "keeps order and repeated names",
    text: '{"b":1,"2":2,"1":3,"b":4}',
    shown: '{\n  "b": 1,\n  "2": 2,\n  "1": 3,\n  "b": 4\n}',
  },
  {
    name: "shows escaped letters as letters",
    text: '"\\ud551\\uD551 \\ud83d\\udc1f\\u00e9"',
    shown: '"핑핑 🐟é"',
  },
  {
    name: "keeps escapes that mean something",
    text: '"\\u0022\\\\u0041\\n\\u001b\\u202e\\ud83d"',
    shown: '"\\u0022\\\\u0041\\n\\u001b\\u202e\\ud83d"',
  },
  { name: "keeps half a pair before a letter", text: '"\\ud551\\udc1f"', shown: '"핑\\udc1f"' },
  {
    name: "finds the end of a string behind backslashes",
    text: '["\\\\","\\"",1]',
    shown: '[\n  "\\\\",\n  "\\"",\n  1\n]',
  },
  { name: "spells out controls that JSON lets stand", text: '"\u009b2J\u202e"', shown: '"\\x9b2J\\u202e"' },
  { name: "takes a bare value", text: " 1 ", shown: "1" },
  { name: "passes over a byte order mark", text: "\ufeff{}", shown: "{}" },
  { name: "gives nothing for what is no JSON", text: '{"a":1', shown: undefined },
  { name: "gives nothing for an empty text", text: "", shown: undefined },
];
for (const { name, text, shown } of cases) {
  test(`formatJson() ${name}`, () => assert.equal(indented(text), shown));
}

test("formatJson() tells names from strings, and paints each token once", () => {
  const parts: string[] = [];
  formatJson('{"a":"b","c":[true,-1.5e3]}', {
    indent: false,
    paint: (part, text) => {
      parts.push(`${part} ${text}`);
      return text;
    },
  });
  assert.deepEqual(
    parts.filter((part) => !part.startsWith("mark")),
    ['name "a"', 'string "b"', 'name "c"', "literal true", "number -1.5e3"],
  );
});

test("formatJson() without indenting gives the text as it is", () => {
  const text = ' {"a" :\t[1 ,2 ]\r\n} ';
  assert.equal(formatJson(text, { indent: false, paint: plain }), text);
});

test("formatJson() changes nothing that JSON.parse() sees, and indents as JSON.stringify() does", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(JSON.parse(indented(text) ?? ""), JSON.parse(text));
      if (printsPlainly(text)) assert.equal(indented(text), JSON.stringify(JSON.parse(text), null, 2));
    }),
  );
});

function printsPlainly(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !/"(?:__proto__|\d+)":/.test(text);
}
