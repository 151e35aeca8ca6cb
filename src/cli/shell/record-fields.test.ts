import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsQuestion, readFields, readRecord } from "./record-fields.ts";

const ANIMAL = {
  type: "object",
  properties: {
    type: { type: "string", minLength: 1 },
    age: { type: "string", pattern: "^\\d+$" },
    leg: { type: "string", pattern: "^\\d+$" },
  },
  required: ["type", "age", "leg"],
  additionalProperties: false,
};

const MIXED = {
  $defs: { size: { enum: ["small", "large", 3] } },
  type: "object",
  properties: {
    name: { type: "string" },
    age: { type: "integer", minimum: 0 },
    wild: { type: "boolean" },
    size: { $ref: "#/$defs/size" },
    note: { type: ["string", "null"] },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["name"],
};

const cases: { schema: object; line: string; text?: string; why?: RegExp[] }[] = [
  { schema: ANIMAL, line: "snail 1 0", text: '{"type":"snail","age":"1","leg":"0"}' },
  { schema: ANIMAL, line: " '큰 고양이'  3 4 ", text: '{"type":"큰 고양이","age":"3","leg":"4"}' },
  { schema: ANIMAL, line: "snail old 0", why: [/^age must match the pattern/] },
  { schema: ANIMAL, line: "snail old many", why: [/^age /, /^leg /] },
  { schema: ANIMAL, line: "snail 1", why: [/leg/] },
  { schema: ANIMAL, line: "'' 1 0", why: [/^type /] },
  { schema: ANIMAL, line: "big snail 1 0", why: [/4 values for 3 fields/] },
  {
    schema: MIXED,
    line: 'Rex 3 true large null \'["a","b"]\'',
    text: '{"name":"Rex","age":3,"wild":true,"size":"large","note":null,"tags":["a","b"]}',
  },
  { schema: MIXED, line: "3 - false 3", text: '{"name":"3","wild":false,"size":3}' },
  { schema: MIXED, line: '"-"', text: '{"name":"-"}' },
  { schema: MIXED, line: "Rex 1.5", why: [/^age must be an? (?:whole number|integer)/] },
  { schema: MIXED, line: "Rex -1", why: [/^age must be at least 0/] },
  { schema: MIXED, line: "Rex 1 maybe", why: [/^wild must be/] },
  { schema: MIXED, line: "Rex 1 true huge", why: [/^size must be/] },
];
for (const { schema, line, text, why } of cases) {
  test(`readRecord() reads ${JSON.stringify(line)} as ${text ?? "wrong"}`, () => {
    const read = readRecord(line, readFields(schema));
    if (text !== undefined) assert.deepEqual(read, { ok: true, text });
    else {
      assert.ok(!read.ok);
      assert.equal(read.why.length, why?.length, read.why.join("\n"));
      for (const [index, pattern] of (why ?? []).entries()) assert.match(read.why[index] ?? "", pattern);
    }
  });
}

test("fieldsQuestion() names the fields in the schema's order", () => {
  assert.equal(fieldsQuestion(readFields(ANIMAL)), "Enter information: [type] [age] [leg]");
});

test("a field may be called __proto__", () => {
  const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"integer"}}}');
  assert.deepEqual(readRecord("5", readFields(schema)), { ok: true, text: '{"__proto__":5}' });
});

test("readFields() refuses what is no schema", () => {
  assert.throws(() => readFields([]), { code: "SCHEMA_INVALID" });
});
