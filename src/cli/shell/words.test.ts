import assert from "node:assert/strict";
import { test } from "node:test";
import { type Destination, splitWords, takeDestination } from "./words.ts";

const splits: { line: string; words: string[] }[] = [
  { line: "", words: [] },
  { line: "  get   x\t나비 ", words: ["get", "x", "나비"] },
  { line: "a='two words' b", words: ["a=two words", "b"] },
  { line: 'n="say \\"hi\\" \\\\" x', words: ['n=say "hi" \\', "x"] },
  { line: "don't can't", words: ["don't", "can't"] },
  { line: "it is 'never closed", words: ["it", "is", "'never", "closed"] },
  { line: "'' \"\"", words: ["", ""] },
  { line: "a\\:b", words: ["a\\:b"] },
];
for (const { line, words } of splits) {
  test(`splitWords() reads ${JSON.stringify(line)} as ${words.length} words`, () => {
    assert.deepEqual(
      splitWords(line).map(({ text }) => text),
      words,
    );
  });
}

const file = (path: string): Destination => ({ kind: "file", path });
const command = (text: string): Destination => ({ kind: "command", command: text });
const destinations: { line: string; before: string; destination: Destination | undefined }[] = [
  { line: "get x", before: "get x", destination: undefined },
  { line: "get x > 보고.txt", before: "get x", destination: file("보고.txt") },
  { line: "get x > 'a b.txt'", before: "get x", destination: file("a b.txt") },
  { line: "get x  |  sort | head > y", before: "get x", destination: command("sort | head > y") },
  { line: "post x <h1> This </h1>", before: "post x <h1> This </h1>", destination: undefined },
  { line: "post x <p>a</p> > y.html", before: "post x <p>a</p>", destination: file("y.html") },
  { line: "put x 3 > 2 is true", before: "put x 3 > 2 is true", destination: undefined },
  { line: 'put x "3 > 2"', before: 'put x "3 > 2"', destination: undefined },
  { line: `put x {"a":"b | c"}`, before: `put x {"a":"b | c"}`, destination: undefined },
  { line: "put x a>b", before: "put x a>b", destination: undefined },
  { line: "get x >", before: "get x >", destination: undefined },
  { line: "get x |", before: "get x |", destination: undefined },
];
for (const { line, before, destination } of destinations) {
  test(`takeDestination() leaves ${JSON.stringify(before)} of ${JSON.stringify(line)}`, () => {
    assert.deepEqual(takeDestination(line), { line: before, destination });
  });
}
