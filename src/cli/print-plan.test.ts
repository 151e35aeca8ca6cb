import assert from "node:assert/strict";
import { test } from "node:test";
import { partsOf } from "./print-plan.ts";
import type { RequestFlags } from "./request-flags.ts";

const cases: { flags: Omit<RequestFlags, "decode">; terminal: string; pipe: string }[] = [
  { flags: {}, terminal: "hb", pipe: "b" },
  { flags: { verbose: true }, terminal: "HBhb", pipe: "HBhb" },
  { flags: { headers: true }, terminal: "h", pipe: "h" },
  { flags: { body: true }, terminal: "b", pipe: "b" },
  { flags: { meta: true }, terminal: "m", pipe: "m" },
  { flags: { headers: true, meta: true }, terminal: "hm", pipe: "hm" },
  { flags: { verbose: true, headers: true }, terminal: "Hh", pipe: "Hh" },
  { flags: { verbose: true, body: true }, terminal: "Bb", pipe: "Bb" },
  { flags: { verbose: true, meta: true }, terminal: "HBhbm", pipe: "HBhbm" },
  { flags: { print: "bH" }, terminal: "Hb", pipe: "Hb" },
  { flags: { print: "" }, terminal: "", pipe: "" },
];
for (const { flags, terminal, pipe } of cases) {
  test(`partsOf() prints ${terminal || "nothing"} on a terminal for ${JSON.stringify(flags)}, ${pipe || "nothing"} in a pipe`, () => {
    const letters = (isTerminal: boolean): string[] =>
      [...partsOf({ ...flags, decode: true }, isTerminal)].sort();
    assert.deepEqual(letters(true), [...terminal].sort());
    assert.deepEqual(letters(false), [...pipe].sort());
  });
}
