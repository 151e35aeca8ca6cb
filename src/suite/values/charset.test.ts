import assert from "node:assert/strict";
import { test } from "node:test";
import { charsetDecoder } from "./charset.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");

const decoded: readonly (readonly [charset: string, hex: string, text: string])[] = [
  ["utf-8", "ec9588 eb8595", "안녕"],
  ["UTF-8", "efbbbf ec9588", "안"],
  ["utf-16le", "48c5", "안"],
  ["iso-8859-1", "63 e9", "cé"],
  ["gb2312", "c4e3 bac3 cac0 bde7", "你好世界"],
  ["shift_jis", "93fa 967b", "日本"],
  ["euc-kr", "bec8 b3e7 21", "안녕!"],
  ["euc-kr", "b0a1 c8fe", "가힝"],
  // Syllables that KS X 1001 does not have, the first and the last of them among these.
  ["euc-kr", "8c63 b9e6 b0a2 c7cf", "똠방각하"],
  ["euc-kr", "8141 c652", "갂힣"],
  ["euc-kr", "a2e6 a2e7 a1a1", "€®\u3000"],
  ["euc-kr", "", ""],
  ["CP949", "8c63", "똠"],
  ["ms949", "8c63", "똠"],
  [" KS_C_5601-1987 ", "8c63", "똠"],
];

for (const [charset, hex, text] of decoded) {
  test(`${hex} in ${charset} is ${JSON.stringify(text)}`, () => {
    assert.equal(charsetDecoder(charset)?.(bytes(hex)), text);
  });
}

const undecodable: readonly (readonly [charset: string, hex: string])[] = [
  ["utf-8", "bec8"],
  ["utf-8", "eda080"],
  ["euc-kr", "ff"],
  ["euc-kr", "80"],
  ["euc-kr", "be"],
  ["euc-kr", "be20"],
  ["euc-kr", "815b"],
  ["euc-kr", "c653"],
  ["euc-kr", "c9a1"],
];

for (const [charset, hex] of undecodable) {
  test(`${hex} is not in ${charset}`, () => {
    assert.throws(() => charsetDecoder(charset)?.(bytes(hex)), TypeError);
  });
}

test("the place of what is not in euc-kr is told", () => {
  assert.throws(() => charsetDecoder("euc-kr")?.(bytes("61 b0a1 ff61")), {
    message: "no character of euc-kr begins at byte 4",
  });
});

test("nobody knows the charset toto, or one without a name", () => {
  assert.equal(charsetDecoder("toto"), undefined);
  assert.equal(charsetDecoder(""), undefined);
});

test("euc-kr has every syllable once, and nothing twice", () => {
  const decode = charsetDecoder("euc-kr");
  const found = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x41; trail <= 0xfe; trail += 1) {
      const character = characterOf(() => decode?.(Uint8Array.of(lead, trail)));
      if (character !== undefined) found.set(character, (found.get(character) ?? 0) + 1);
    }
  }
  const syllables = [...found.keys()].filter((character) => /[가-힣]/.test(character));
  assert.equal(syllables.length, 0xd7a3 - 0xac00 + 1);
  assert.ok([...found.values()].every((times) => times === 1));
});

function characterOf(decode: () => string | undefined): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
