import assert from "node:assert/strict";
import { test } from "node:test";
import { painter, wantsColor } from "./terminal.ts";

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
