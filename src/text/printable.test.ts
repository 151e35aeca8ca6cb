import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { printable, printableLine } from "./printable.ts";

const texts = [
  { name: "plain text stays", text: "Cat is meow\n\tmeow", shown: "Cat is meow\n\tmeow" },
  { name: "Korean and emoji stay", text: "안녕 👩‍👩‍👧", shown: "안녕 👩‍👩‍👧" },
  { name: "an escape sequence is spelled out", text: "\x1b[2J", shown: "\\x1b[2J" },
  { name: "so is a C1 control, which some terminals obey", text: "\x9b2J", shown: "\\x9b2J" },
  {
    name: "so are a bell, a backspace and a lone carriage return",
    text: "\x07\b\r",
    shown: "\\x07\\x08\\x0d",
  },
  { name: "so is a turn of direction", text: "a\u202eb", shown: "a\\u202eb" },
  { name: "so is half of a surrogate pair", text: "\ud83d!", shown: "\\ud83d!" },
];
for (const { name, text, shown } of texts) {
  test(`printable(): ${name}`, () => assert.equal(printable(text), shown));
}

test("printableLine() leaves no line feed either", () => {
  assert.equal(printableLine("a\n\tb"), "a\\x0a\\x09b");
});

test("printable() never lets a control through, whatever comes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(printable(text), /[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});
