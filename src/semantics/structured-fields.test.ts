import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBoolean, parseInteger, serializeBoolean } from "./structured-fields.ts";

const integers: readonly { value: string; number: number | undefined }[] = [
  { value: "0", number: 0 },
  { value: "42", number: 42 },
  { value: "-42", number: -42 },
  { value: "-0", number: 0 },
  { value: "007", number: 7 },
  { value: " 42 ", number: 42 },
  { value: "999999999999999", number: 999_999_999_999_999 },
  { value: "42;a", number: 42 },
  { value: "42; a=1;b=?0;c=1.5;d=tok/en:*", number: 42 },
  { value: '42;a="x;y\\"";b=:aGk=:;c=@1659578233;d=%"f%c3%bc"', number: 42 },
  { value: "", number: undefined },
  { value: " ", number: undefined },
  { value: "+42", number: undefined },
  { value: "--42", number: undefined },
  { value: "-", number: undefined },
  { value: "1000000000000000", number: undefined },
  { value: "42.0", number: undefined },
  { value: "1e3", number: undefined },
  { value: "0x2a", number: undefined },
  { value: "4 2", number: undefined },
  { value: "42, 42", number: undefined },
  { value: '"42"', number: undefined },
  { value: "?1", number: undefined },
  { value: "\t42", number: undefined },
  { value: "42\n", number: undefined },
  { value: "42;", number: undefined },
  { value: "42 ;a", number: undefined },
  { value: "42;A=1", number: undefined },
  { value: "42;a=", number: undefined },
  { value: "42;a= 1", number: undefined },
  { value: '42;a="x', number: undefined },
  { value: "\u0664\u0662", number: undefined },
];

for (const { value, number } of integers) {
  test(`parseInteger() reads ${JSON.stringify(value)} as ${number ?? "invalid"}`, () => {
    assert.equal(parseInteger(value), number);
  });
}

const booleans: readonly { value: string; boolean: boolean | undefined }[] = [
  { value: "?1", boolean: true },
  { value: "?0", boolean: false },
  { value: " ?1 ", boolean: true },
  { value: "?1;a=b", boolean: true },
  { value: "", boolean: undefined },
  { value: "1", boolean: undefined },
  { value: "true", boolean: undefined },
  { value: "?2", boolean: undefined },
  { value: "?", boolean: undefined },
  { value: "? 1", boolean: undefined },
  { value: "?10", boolean: undefined },
  { value: "?1, ?1", boolean: undefined },
];

for (const { value, boolean } of booleans) {
  test(`parseBoolean() reads ${JSON.stringify(value)} as ${boolean ?? "invalid"}`, () => {
    assert.equal(parseBoolean(value), boolean);
  });
}

test("a Boolean that was written is read back", () => {
  assert.equal(serializeBoolean(true), "?1");
  assert.equal(parseBoolean(serializeBoolean(true)), true);
  assert.equal(parseBoolean(serializeBoolean(false)), false);
});
