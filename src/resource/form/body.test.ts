import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeFormBody, parsePairs } from "./body.ts";

describe("parsePairs()", () => {
  const rows: readonly {
    readonly text: string;
    readonly pairs?: readonly (readonly [key: string, value: string])[];
    readonly error?: string;
  }[] = [
    {
      text: "ID: 20182793&Subject: Computer_Network&Grade: A",
      pairs: [
        ["ID", "20182793"],
        ["Subject", "Computer_Network"],
        ["Grade", "A"],
      ],
    },
    { text: "ID:1", pairs: [["ID", "1"]] },
    { text: " \tID \r\n: \u00a01\n", pairs: [["ID", "1"]] },
    { text: "at: 12:30:00", pairs: [["at", "12:30:00"]] },
    { text: "a::", pairs: [["a", ":"]] },
    {
      text: "이름: 김연어&도시: 서울",
      pairs: [
        ["이름", "김연어"],
        ["도시", "서울"],
      ],
    },
    { text: "first name: Kim  Yeon", pairs: [["first name", "Kim  Yeon"]] },
    { text: "ID:", pairs: [["ID", ""]] },
    {
      text: "a: 1&a: 2",
      pairs: [
        ["a", "1"],
        ["a", "2"],
      ],
    },
    { text: "a%20b: c+d", pairs: [["a%20b", "c+d"]] },
    { text: `${"k".repeat(1024)}: 1`, pairs: [["k".repeat(1024), "1"]] },
    { text: "", error: "NO_CONTENT" },
    { text: " \r\n", error: "NO_CONTENT" },
    { text: "middle_exam70", error: "NO_COLON" },
    { text: "a: 1&b", error: "NO_COLON" },
    { text: "a: 1&", error: "NO_COLON" },
    { text: "a: 1&&b: 2", error: "NO_COLON" },
    { text: "&", error: "NO_COLON" },
    { text: ": 95", error: "BLANK_KEY" },
    { text: ":", error: "BLANK_KEY" },
    { text: "a: 1& : 2", error: "BLANK_KEY" },
    { text: ": 95&b", error: "BLANK_KEY" },
    { text: `${"k".repeat(1025)}: 1`, error: "KEY_TOO_LONG" },
    { text: `${"가".repeat(342)}: 1`, error: "KEY_TOO_LONG" },
  ];
  for (const { text, pairs, error } of rows) {
    const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
    test(`reads ${shown} as ${error ?? JSON.stringify(pairs).slice(0, 80)}`, () => {
      if (error !== undefined) assert.throws(() => parsePairs(text), { code: error });
      else
        assert.deepEqual(
          parsePairs(text),
          pairs?.map(([key, value]) => ({ key, value })),
        );
    });
  }

  test("reads back what was written, whatever the white space between", () => {
    const word = (pattern: RegExp): fc.Arbitrary<string> =>
      fc.string({ unit: "binary", maxLength: 20 }).map((text) => text.replace(pattern, "").trim());
    const key = word(/[&:]/g).filter((text) => text !== "");
    const value = word(/&/g);
    const space = fc.constantFrom("", " ", "\t", "\r\n", "  ");
    const pair = fc.record({ key, value }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), space, (pairs, blank) => {
        const text = pairs.map((one) => `${blank}${one.key}${blank}:${blank}${one.value}${blank}`).join("&");
        assert.deepEqual(parsePairs(text), pairs);
      }),
    );
  });
});

describe("decodeFormBody()", () => {
  test("reads UTF-8, a byte order mark included", () => {
    assert.equal(decodeFormBody(Buffer.from("\ufeff이름: 김")), "\ufeff이름: 김");
  });

  for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]]) {
    test(`refuses the bytes ${Buffer.from(bytes).toString("hex")}`, () => {
      assert.throws(() => decodeFormBody(Uint8Array.from(bytes)), { code: "NOT_UTF8" });
    });
  }
});
