import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, readableTarget } from "./words.ts";

const targets: readonly (readonly [name: string, target: string, readable: string])[] = [
  ["ASCII as it is", "/a%20b%2Fc?d=%41", "/a%20b%2Fc?d=%41"],
  ["letters beyond ASCII", "/%EA%B3%A0%EC%96%91%EC%9D%B4.txt", "/고양이.txt"],
  ["bytes that were not encoded", Buffer.from("/고양이", "utf8").toString("latin1"), "/고양이"],
  ["lower-case digits", "/%ec%97%b0%ec%96%b4", "/연어"],
  ["what is no UTF-8 as it was sent", "/%EA%B3/%FF%FE", "/%EA%B3/%FF%FE"],
  ["signs that turn the writing around as sent", "/%E2%80%AEtxt", "/%E2%80%AEtxt"],
  ["spaces that look like an end as sent", "/a%C2%A0b%E3%80%80", "/a%C2%A0b%E3%80%80"],
  ["controls escaped", "/a\u001b[2J\u009b", "/a\\x1b[2J\\x9b"],
];

for (const [name, target, readable] of targets) {
  test(`readableTarget() shows ${name}`, () => {
    assert.equal(readableTarget(target), readable);
  });
}

const counts: readonly (readonly [count: number, text: string])[] = [
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1,000 bytes"],
  [12_345_678, "12,345,678 bytes"],
];

for (const [count, text] of counts) {
  test(`countWords() says ${text}`, () => {
    assert.equal(countWords(count, "byte"), text);
  });
}
