// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references to groups, in Rust's form.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Span } from "../hurl/tree.ts";
import { compileRegex } from "./regex.ts";

const PLACE = { offset: 6, line: 4, column: 7 };
const SOURCE: Span = { start: PLACE, end: { offset: 12, line: 4, column: 13 } };

const captured: readonly (readonly [pattern: string, text: string, value: string | undefined])[] = [
  ["Hello ([0-9]+)!", "Hello World!", undefined],
  ["Hello ([a-zA-Z]+)!", "Hello World!", "World"],
  ["(?i)hello (\\w+)!", "Hello World!", "World"],
  ["id_a:(\\d+)", "id_a:12 id_a:34", "12"],
  ["(a)|b", "b", undefined],
  ["(a*)", "b", ""],
  ["(?P<name>x)(y)", "xy", "x"],
  ["(?<name>x)(y)", "xy", "x"],
  ["(?:x)(y)", "xy", "y"],
  ['\\{"id":(\\d+)\\}', '{"id":5}', "5"],
  ["a{2}(b)", "aab", "b"],
  ["a{2,}(b)", "aaab", "b"],
  ["a{1,2}(b)", "aaab", "b"],
  // "." is no line end, unless asked for.
  ["a(.*)", "ab\nc", "b"],
  ["(?s)a(.*)", "ab\nc", "b\nc"],
  ["(?m)^(c)$", "ab\nc", "c"],
  ["^(c)$", "ab\nc", undefined],
  ["(c)$", "c\n", undefined],
  ["\\/(.)", "a/b", "b"],
  // Classes of Unicode, as in Rust.
  ["이름: (\\w+)", "이름: 홍길동 (32)", "홍길동"],
  ["([\\w-]+)$", "제목-1", "제목-1"],
  ["(\\d+)", "x١٢3", "١٢3"],
  ["(\\S+)\\s(\\S+)", "가\u3000나", "가"],
  ["([^\\s]+)", "\u00a0나 다", "나"],
  ["(\\W+)", "가-나", "-"],
  ["(\\D+)", "1가", "가"],
  ["\\p{Hangul}(.)", "x가y", "y"],
  ["\\pL(.)", "1가y", "y"],
  ["(?i)(É)", "é", "é"],
  ["(💩.)", "a💩b", "💩b"],
  ["\\u{ac00}(.)", "가나", "나"],
  ["\\uac00(.)", "가나", "나"],
  ["\\U0001F4A9(.)", "💩나", "나"],
  ["\\x{ac00}(.)", "가나", "나"],
  ["[\\u{ac00}-\\u{d7a3}]+(.)", "한글!", "!"],
  // Between brackets.
  ["([{}]+)", "a{}", "{}"],
  ["([^\\W_]+)", "_한글a1_", "한글a1"],
  ["([\\W_]+)", "한_-글", "_-"],
  ["([\\w\\W]+)", "한 \n💩", "한 \n💩"],
  ["([^\\d\\s]+)", "1 가2", "가"],
  ["[]a]+(x)", "]ax", "x"],
  ["[^]a](x)", "]bx", "x"],
  ["[[:alpha:]]+(.)", "abc1", "1"],
  ["[\\]](x)", "]x", "x"],
];

for (const [pattern, text, value] of captured) {
  test(`/${pattern}/ captures ${JSON.stringify(value)} in ${JSON.stringify(text)}`, () => {
    assert.equal(compileRegex(pattern, SOURCE).capture(text), value);
  });
}

const matching: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ["\\d{4}", "in 2024.", true],
  ["^\\d{4}$", "in 2024.", false],
  ["", "", true],
  ["글$", "한글", true],
  ["^한", "대한", false],
  ["^http:\\/\\/.*redirected$", "http://localhost:8000/redirected", true],
];

for (const [pattern, text, matches] of matching) {
  test(`/${pattern}/ ${matches ? "matches" : "does not match"} ${JSON.stringify(text)}`, () => {
    assert.equal(compileRegex(pattern, SOURCE).matches(text), matches);
  });
}

const replaced: readonly (readonly [pattern: string, text: string, by: string, result: string])[] = [
  ["b+", "aBbbc", "-", "aB-c"],
  ["\\d", "a1b2", "x", "axbx"],
  ["a(.)", "abac", "<$1>", "<b><c>"],
  ["a(.)", "abac", "<${1}x>", "<bx><cx>"],
  // The name is as long as it can be, and nobody has it.
  ["a(.)", "abac", "<$1x>", "<><>"],
  ["(?P<year>\\d{4})", "in 2024", "${year}년 $year $0", "in 2024년 2024 2024"],
  ["a", "aa", "$$1", "$1$1"],
  ["a", "a", "$ $& ${ $", "$ $& ${ $"],
  ["a", "a", "[$9|${nobody}|${}]", "[||]"],
  ["(a)|(b)", "ab", "<$1$2>", "<a><b>"],
  ["x*", "abc", "-", "-a-b-c-"],
  ["", "가💩", "-", "-가-💩-"],
  ["z", "abc", "$1", "abc"],
  ["\\s+", "한  글 \n 날", "", "한글날"],
  ["a", "a", "\\n\\$", "\\n\\$"],
];

for (const [pattern, text, by, result] of replaced) {
  test(`/${pattern}/ in ${JSON.stringify(text)} replaced by ${JSON.stringify(by)} is ${JSON.stringify(result)}`, () => {
    assert.equal(compileRegex(pattern, SOURCE).replaceAll(text, by), result);
  });
}

const BRACE = 'a "{" that repeats nothing is written "\\{"';

const invalid: readonly (readonly [pattern: string, reason: string])[] = [
  ["{}", BRACE],
  ['{"id":(\\d+)}', BRACE],
  ["a{", BRACE],
  ["{2}", BRACE],
  ["({2})", "missing argument to repetition operator: `{2}`"],
  ["[", "missing closing ]: `[`"],
  ["[]", "missing closing ]: `[]`"],
  ["(a", "missing closing ): `(a`"],
  ["a)", "unexpected ): `a)`"],
  ["\\y", "invalid escape sequence: `\\y`"],
  ["*", "missing argument to repetition operator: `*`"],
  ["(?=a)", "invalid or unsupported Perl syntax: `(?=`"],
  ["[a-z&&[^b]]", '"&&" between brackets is not supported'],
  ["[a[b]]", 'a "[" between brackets is written "\\["'],
  ["\\", "trailing backslash at end of expression"],
];

for (const [pattern, reason] of invalid) {
  test(`/${pattern}/ is not valid: ${reason}`, () => {
    assert.throws(() => compileRegex(pattern, SOURCE), {
      name: "Failure",
      code: "INVALID_REGEX",
      title: "Invalid regex",
      source: SOURCE,
      detail: { form: "caret", text: `regex expression is not valid: ${reason}` },
    });
  });
}

test("a pattern without a group matches, and captures nothing but a failure", () => {
  const regex = compileRegex("a(?:b)", SOURCE);
  assert.equal(regex.matches("ab"), true);
  assert.throws(() => regex.capture("ab"), {
    code: "INVALID_REGEX",
    detail: { form: "caret", text: "regex expression must have at least one capture group" },
  });
});

test("a pattern fails at the place where it stands, though it was compiled for another place", () => {
  const elsewhere: Span = { start: { offset: 0, line: 1, column: 1 }, end: PLACE };
  compileRegex("same", SOURCE);
  assert.throws(() => compileRegex("same", elsewhere).capture(""), { source: elsewhere });
});

test("more patterns than are kept compile as well", () => {
  for (let i = 0; i < 600; i += 1) {
    assert.equal(compileRegex(`${i}(x)`, SOURCE).capture(`${i}x`), "x");
  }
  assert.equal(compileRegex("0(x)", SOURCE).capture("0x"), "x");
});

test("an escaped text matches itself, and nothing is lost around what is replaced", () => {
  const anyText = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(anyText, anyText, anyText, (before, middle, after) => {
      const pattern = middle.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
      const regex = compileRegex(`(${pattern})`, SOURCE);
      const text = before + middle + after;
      assert.equal(regex.capture(text), middle);
      assert.equal(regex.replaceAll(text, "$0"), text);
      assert.equal(regex.replaceAll(text, "$1"), text);
    }),
  );
});

test("for patterns that mean the same in both, a match is what JavaScript finds", () => {
  const piece = fc.constantFrom(
    "a",
    "b",
    "가",
    ".",
    "a*",
    "b+",
    "(?:ab)?",
    "[ab]",
    "[^a]",
    "^",
    "$",
    "|",
    "가{1,2}",
  );
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `(${pieces.join("")})`);
  const text = fc.array(fc.constantFrom("a", "b", "가", "c")).map((characters) => characters.join(""));
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const expected = new RegExp(source, "u").exec(subject);
      assert.equal(compileRegex(source, SOURCE).capture(subject), expected?.[1]);
    }),
  );
});
