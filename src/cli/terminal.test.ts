import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { columnsOf, fitColumns, painter, printable, printableLine, wantsColor } from "./terminal.ts";

const colors = [
  { name: "a terminal is coloured", tty: true, env: {}, color: true },
  { name: "a pipe is not", tty: false, env: {}, color: false },
  { name: "NO_COLOR switches it off", tty: true, env: { NO_COLOR: "1" }, color: false },
  { name: "an empty NO_COLOR does not", tty: true, env: { NO_COLOR: "" }, color: true },
  { name: "FORCE_COLOR switches it on in a pipe", tty: false, env: { FORCE_COLOR: "1" }, color: true },
  {
    name: "NO_COLOR wins over FORCE_COLOR",
    tty: true,
    env: { NO_COLOR: "1", FORCE_COLOR: "1" },
    color: false,
  },
  { name: "a dumb terminal is left alone", tty: true, env: { TERM: "dumb" }, color: false },
];
for (const { name, tty, env, color } of colors) {
  test(`wantsColor(): ${name}`, () => assert.equal(wantsColor({ isTTY: tty }, env), color));
}

test("painter() colours, or leaves the text as it is", () => {
  assert.equal(painter(true)("green", "200"), "\x1b[32m200\x1b[39m");
  assert.equal(painter(false)("green", "200"), "200");
});

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

const widths = [
  { text: "report.pdf", columns: 10 },
  { text: "보고서.pdf", columns: 10 },
  // Decomposed, as macOS writes it: a syllable of two or three letters is still two columns wide.
  { text: "e\u0301", columns: 1 },
  { text: "🐟", columns: 2 },
];
for (const { text, columns } of widths) {
  test(`columnsOf() finds ${JSON.stringify(text)} ${columns} wide`, () =>
    assert.equal(columnsOf(text), columns));
}

const fits = [
  { text: "short.txt", columns: 12, fitted: "short.txt" },
  { text: "a-very-long-file-name.tar.gz", columns: 13, fitted: "a-very…tar.gz" },
  { text: "아주긴이름을가진보고서.pdf", columns: 12, fitted: "아주긴….pdf" },
];
for (const { text, columns, fitted } of fits) {
  test(`fitColumns() shows ${text} in ${columns} columns`, () => {
    assert.equal(fitColumns(text, columns), fitted);
    assert.ok(columnsOf(fitted) <= columns);
  });
}
