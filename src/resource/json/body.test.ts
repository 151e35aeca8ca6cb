// JSON bodies: what is refused before it is parsed, and what is said of one that is no JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { requestOf } from "../../../test/fixtures/request.ts";
import { Body } from "../../message/body.ts";
import { Problem } from "../../message/problem.ts";
import { nestingOf, parseJson, readJson } from "./body.ts";
import { findJsonFault } from "./fault.ts";

const LIMITS = { maxBytes: 1000, maxDepth: 64 };

/** What the promise is rejected with, which has to be a Problem. */
async function problemOf(reading: Promise<unknown>): Promise<Problem> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Problem, String(error));
  return error;
}

function bodyIn(pieces: readonly Uint8Array[], length?: number): Body {
  const left = [...pieces];
  return new Body(async () => left.shift(), length);
}

const good: readonly { readonly text: string; readonly value: unknown }[] = [
  { text: '{"type":"snail","age":"1","leg":"0"}', value: { type: "snail", age: "1", leg: "0" } },
  { text: ' \n[1, 2.5e3, -0.5, true, false, null, ""]\t', value: [1, 2500, -0.5, true, false, null, ""] },
  { text: '{"이름":"달팽이","🐌":"\\ud83d\\udc0c"}', value: { 이름: "달팽이", "🐌": "🐌" } },
  { text: '\ufeff{"a":1}', value: { a: 1 } },
  { text: '"[[[["', value: "[[[[" },
];
for (const { text, value } of good) {
  test(`readJson() reads ${JSON.stringify(text)}`, async () => {
    assert.deepEqual(
      await readJson(requestOf("PUT /x", { body: text }), { maxBytes: 0, maxDepth: 2 }),
      value,
    );
  });
}

for (const text of ['{"a":1e309}', '{"a":[{"b":-1e999}]}', "9".repeat(400)]) {
  test(`a number beyond a double is refused: ${text.slice(0, 30)}`, () => {
    assert.throws(() => parseJson(Buffer.from(text), 64), { status: 400, message: /larger than 1\.8e308/ });
  });
}

const faults: readonly [text: string, line: number, column: number, reason: RegExp][] = [
  ["", 1, 1, /empty/],
  [" \n ", 1, 1, /empty/],
  ['{"a":1,}', 1, 7, /comma may not stand before "}"/],
  ['{\n  "a": 1,\n}', 2, 9, /comma may not stand before "}"/],
  ['{\r\n  "a": [1,\r\n  ]\r\n}', 2, 10, /comma may not stand before "]"/],
  ['{"a":1', 1, 7, /closing "}" is missing/],
  ["[1,2", 1, 5, /closing "]" is missing/],
  ['{"a":', 1, 6, /value is missing/],
  ["{a:1}", 1, 2, /name "a" has no double quotes/],
  ['{\n  "이름": "달팽이",\n  나이: 1\n}', 3, 3, /name "나이" has no double quotes/],
  ['{"달팽이":1 "b":2}', 1, 10, /comma is missing/],
  ['{"🐌":1 2}', 1, 8, /comma is missing/],
  ["{'a':1}", 1, 2, /double quotes, not single/],
  [`{"a":'x y'}`, 1, 6, /double quotes, not single/],
  ['{"a":“x”}', 1, 6, /straight double quotes/],
  ['{"a":1 // c\n}', 1, 8, /no comments/],
  ['{"a":/*c*/1}', 1, 6, /no comments/],
  ['{"a" 1}', 1, 6, /colon is missing/],
  ["[1,,2]", 1, 4, /value is missing before ","/],
  ["{,}", 1, 2, /name in double quotes/],
  ["{1:2}", 1, 2, /name in double quotes/],
  ['{"a":01}', 1, 7, /begin with a zero/],
  ['{"a":+1}', 1, 6, /begin with "\+"/],
  ['{"a":.5}', 1, 6, /begin with its point/],
  ['{"a":1.}', 1, 6, /cut short/],
  ['{"a":NaN}', 1, 6, /no "NaN"/],
  ['{"a":undefined}', 1, 6, /no "undefined"/],
  ['{"a":True}', 1, 6, /written "true"/],
  ['{"a":"x\ny"}', 1, 8, /closing double quote is missing/],
  ['{"a":"x\ty"}', 1, 8, /control character in a text is written "\\t"/],
  ['{"a":"\\\\\\x"}', 1, 9, /no such escape/],
  ['{"a":"\\u12"}', 1, 7, /four hexadecimal digits/],
  ['{"a":"abc', 1, 10, /no closing double quote/],
  ["{} {}", 1, 4, /goes on with "{" after its end/],
  ['{"a":1]', 1, 7, /counterpart/],
  ["}", 1, 1, /value is missing/],
  ["type=snail&age=1", 1, 1, /"type" is not JSON/],
];
for (const [text, line, column, reason] of faults) {
  test(`readJson() says what is wrong with ${JSON.stringify(text)} at ${line}:${column}`, async () => {
    const { status, message, init } = await problemOf(readJson(requestOf("PUT /x", { body: text }), LIMITS));
    assert.equal(status, 400);
    assert.match(message, new RegExp(`^Cannot read the JSON at line ${line}, column ${column}: `));
    assert.match(message, reason);
    assert.deepEqual(init.members, { line, column });
  });
}

test("readJson() refuses a body beyond its limit, whether its length was announced or not", async () => {
  for (const length of [1001, undefined]) {
    const request = {
      ...requestOf("PUT /x"),
      body: bodyIn([Buffer.alloc(600, " "), Buffer.alloc(401, "1")], length),
    };
    const { status, init } = await problemOf(readJson(request, LIMITS));
    assert.equal(status, 413);
    assert.deepEqual(init.members, { code: "BODY_TOO_LARGE", limit: 1000 });
  }
  const exact = { ...requestOf("PUT /x"), body: bodyIn([Buffer.alloc(999, " "), Buffer.from("1")]) };
  assert.equal(await readJson(exact, LIMITS), 1);
});

const notUtf8: readonly (readonly number[])[] = [
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xed, 0x95],
  [0xbe, 0xc8],
];
for (const bytes of notUtf8) {
  test(`readJson() refuses a text with the bytes ${Buffer.from(bytes).toString("hex")}, which are not UTF-8`, async () => {
    const request = { ...requestOf("PUT /x"), body: bodyIn([Buffer.from([0x22, ...bytes, 0x22])]) };
    const { status, message } = await problemOf(readJson(request, LIMITS));
    assert.equal(status, 400);
    assert.match(message, /not UTF-8/);
  });
}

test("nesting is counted outside of texts, and refused before anything is parsed", async () => {
  const nested = (depth: number): string => `${'{"[{":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
  assert.ok(await readJson(requestOf("PUT /x", { body: nested(64) }), LIMITS));
  const { status, init } = await problemOf(readJson(requestOf("PUT /x", { body: nested(66) }), LIMITS));
  assert.equal(status, 400);
  assert.deepEqual(init.members, { limit: 64 });
  // Broken JSON is refused for its depth, too: nothing recursive gets to see it.
  const deep = await problemOf(readJson(requestOf("PUT /x", { body: "[".repeat(500) }), LIMITS));
  assert.deepEqual(deep.init.members, { limit: 64 });
});

test("brackets behind a text that is not closed cannot exhaust the stack", () => {
  const text = Buffer.from(`["\n${"[".repeat(1_000_000)}`);
  assert.throws(() => parseJson(text, 64), { status: 400, message: /line 1, column 3: / });
});

test("the members __proto__ and constructor are members like any other", async () => {
  const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  const value = (await readJson(requestOf("PUT /x", { body: text }), LIMITS)) as object;
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal(JSON.stringify(value), text);
});

test("whatever JSON.stringify() writes is read back, and its nesting counted right", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      const bytes = Buffer.from(JSON.stringify(value, undefined, indent));
      assert.deepEqual(parseJson(bytes, 0), JSON.parse(bytes.toString()));
      assert.equal(nestingOf(bytes, Number.POSITIVE_INFINITY), depthOf(value));
    }),
  );
});

function depthOf(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("every text that JSON.parse() refuses gets a place within it", () => {
  const pieces = fc.constantFrom(
    ...[
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "'",
      "\n",
      " ",
      "/",
      "*",
      "-",
      "0",
      "1.",
      "e",
      "true",
      "나",
      "\u0001",
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      try {
        JSON.parse(text);
        return;
      } catch {
        // As it should be.
      }
      const { line, column, reason } = findJsonFault(text);
      const lines = text.split("\n");
      assert.ok(line >= 1 && line <= lines.length, `${line}`);
      assert.ok(column >= 1 && column <= (lines[line - 1] ?? "").length + 1, `${line}:${column}`);
      assert.notEqual(reason, "");
    }),
    { numRuns: 2000 },
  );
});
