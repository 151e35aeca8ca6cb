import assert from "node:assert/strict";
import { test } from "node:test";
import { type CommandWords, readWords } from "./command-words.ts";

const cases: { words: string[]; is: Partial<CommandWords> & { items?: never }; count?: number }[] = [
  { words: [":3091/"], is: { method: undefined, url: "http://localhost:3091/" } },
  { words: [":/x"], is: { url: "http://localhost/x" } },
  { words: ["GET", ":3091/"], is: { method: "GET", url: "http://localhost:3091/" } },
  { words: ["post", "example.com/x"], is: { method: "POST", url: "http://example.com/x" } },
  { words: ["PRRT", ":10000/"], is: { method: "PRRT" } },
  { words: ["M-SEARCH", "http://[::1]:1900/"], is: { method: "M-SEARCH", url: "http://[::1]:1900/" } },
  { words: ["localhost", "a=b"], is: { method: undefined, url: "http://localhost" }, count: 1 },
  { words: ["localhost:3091", "a=b", "c:d"], is: { url: "http://localhost:3091" }, count: 2 },
  { words: ["[::1]:3091"], is: { url: "http://[::1]:3091" } },
  { words: ["OPTIONS", ":3091*"], is: { url: "http://localhost:3091/", target: "*" } },
  { words: ["OPTIONS", ":3091/*"], is: { url: "http://localhost:3091/*", target: undefined } },
  { words: ["unix:/run/x.sock"], is: { url: "http://localhost/", socketPath: "/run/x.sock" } },
  { words: ["unix:x.sock:/a?b"], is: { url: "http://localhost/a?b", socketPath: "x.sock" } },
  { words: ["OPTIONS", "unix:/run/x.sock:*"], is: { target: "*", socketPath: "/run/x.sock" } },
];
for (const { words, is, count = 0 } of cases) {
  test(`readWords() reads ${words.join(" ")}`, () => {
    const read = readWords(words);
    for (const [name, value] of Object.entries(is))
      assert.equal(read[name as keyof CommandWords], value, name);
    assert.equal(read.items.length, count);
  });
}

for (const words of [
  ["gett", "http://127.0.0.1/"],
  ["GET", "POST", "https://example.com/"],
  ["example.com", "a=b", "http://example.org/"],
]) {
  test(`readWords() takes the second URL of "${words.join(" ")}" for no header`, () => {
    assert.throws(() => readWords(words), /a second URL follows it/);
  });
}

test("readWords() asks for a URL", () => {
  assert.throws(() => readWords([]), /takes a URL/);
  assert.throws(() => readWords(["GET"]), /GET takes a URL behind it/);
});
