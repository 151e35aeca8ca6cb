import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import { printfCommand, shellBytes, shellWord } from "./posix-shell.ts";

describe("shellWord()", () => {
  const cases = [
    { text: "a", is: "a" },
    { text: "http://127.0.0.1:3091/나비", is: "http://127.0.0.1:3091/나비" },
    { text: "", is: "''" },
    { text: "=x", is: "'=x'" },
    { text: "~", is: "'~'" },
    { text: "it's", is: "'it'\\''s'" },
    { text: "a\nb", is: "'a\nb'" },
    { text: "$(id) `id` \\", is: "'$(id) `id` \\'" },
    { text: "a\x1b[2J", is: `"$(printf 'a\\033[2J')"` },
    { text: "-\u202e%", is: `"$(printf '\\055\\342\\200\\256%%')"` },
    { text: "\r\n\n", is: `"$(printf '\\r')"'\n\n'` },
  ];
  for (const { text, is } of cases) {
    test(`quotes ${JSON.stringify(text)}`, () => assert.equal(shellWord(text), is));
  }
});

describe("printfCommand()", () => {
  const cases = [
    { bytes: Buffer.from("가\n\t%\\'"), is: "printf '가\\n\\t%%\\\\'\\'''" },
    { bytes: Buffer.from([0, 0x31, 255]), is: "printf '\\0001\\377'" },
    { bytes: Buffer.from("-x"), is: "printf '\\055x'" },
  ];
  for (const { bytes, is } of cases) {
    test(`writes ${bytes.toString("hex")}`, () => assert.equal(printfCommand(bytes), is));
  }
});

const noShell = spawnSync("sh", ["-c", "exit 0"]).status === 0 ? false : "there is no POSIX shell";
describe("a shell", { skip: noShell }, () => {
  const run = (script: string): Buffer => spawnSync("sh", ["-c", script]).stdout;
  const piece = fc.oneof(
    fc.constantFrom("'", '"', "\\", "$", "`", "!", "\n", "%", "-", "=", "*", " ", "나비", "\x1b", "\r", "8"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("").replaceAll("\0", ""));

  test("reads every word as it was meant", () => {
    fc.assert(
      fc.property(text, (meant) => {
        assert.deepEqual(run(`printf '%s|' ${shellWord(meant)} b`), Buffer.from(`${meant}|b|`));
      }),
      { numRuns: 150 },
    );
  });

  test("reads bytes that are no text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1, maxLength: 12 }), (bytes) => {
        assert.deepEqual(run(`printf %s ${shellBytes(bytes)}`), Buffer.from(bytes));
      }),
      { numRuns: 60 },
    );
  });

  test("writes every byte", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), text.map(Buffer.from)), (bytes) => {
        assert.deepEqual(run(printfCommand(bytes)), Buffer.from(bytes));
      }),
      { numRuns: 150 },
    );
  });
});
