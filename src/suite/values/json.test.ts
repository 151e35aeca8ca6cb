import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonText, parseJson } from "./json.ts";
import type { Value } from "./value.ts";

const NULL: Value = { kind: "null" };
const integer = (value: bigint): Value => ({ kind: "integer", value });
const float = (value: number): Value => ({ kind: "float", value });
const string = (value: string): Value => ({ kind: "string", value });
const list = (...items: Value[]): Value => ({ kind: "list", items });
const object = (...members: [string, Value][]): Value => ({ kind: "object", members });

/** `written` where it is not the text itself. */
const values: readonly (readonly [text: string, value: Value, written?: string])[] = [
  ["null", NULL],
  ["true", { kind: "boolean", value: true }],
  [" \t\r\nfalse\n", { kind: "boolean", value: false }, "false"],
  ["1", integer(1n)],
  ["-17", integer(-17n)],
  ["1.0", float(1)],
  ["0.10", float(0.1), "0.1"],
  ["1e3", float(1000), "1000.0"],
  ["1E+2", float(100), "100.0"],
  ["1e21", float(1e21), "1e+21"],
  ["5e-324", float(5e-324)],
  ["-0", float(-0), "-0.0"],
  ["-0.0", float(-0)],
  ["9007199254740993", integer(9007199254740993n)],
  ["123456789012345678901234567890", integer(123456789012345678901234567890n)],
  ['""', string("")],
  ['"안녕하세요 💩"', string("안녕하세요 💩")],
  ['"\\uc548"', string("안"), '"안"'],
  ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', string('"\\/\b\f\n\r\t'), '"\\"\\\\/\\b\\f\\n\\r\\t"'],
  ['"\\ud83d\\udca9"', string("💩"), '"💩"'],
  ['"\\ud800"', string("\ud800")],
  ["[]", list()],
  ["[1,1.0,[]]", list(integer(1n), float(1), list())],
  ["{}", object()],
  ['{"나":1,"가":{"a":null}}', object(["나", integer(1n)], ["가", object(["a", NULL])])],
  // JavaScript's own objects would put the numbers first, and lose "__proto__".
  [
    '{"b":1,"2":2,"1":3,"__proto__":4}',
    object(["b", integer(1n)], ["2", integer(2n)], ["1", integer(3n)], ["__proto__", integer(4n)]),
  ],
  ['{"a":1,"b":2,"a":3}', object(["a", integer(3n)], ["b", integer(2n)]), '{"a":3,"b":2}'],
];

for (const [text, value, written = text] of values) {
  test(`parseJson() reads ${text.trim()}, and jsonText() writes ${written}`, () => {
    assert.deepEqual(parseJson(text), value);
    assert.equal(jsonText(value), written);
  });
}

const faults: readonly (readonly [text: string, message: string])[] = [
  ["", "a value is expected, and the text ends, at line 1, column 1"],
  ["[", "a value is expected, and the text ends, at line 1, column 2"],
  ["[1,]", 'a value is expected, and "]" stands there, at line 1, column 4'],
  ["[,1]", 'a value is expected, and "," stands there, at line 1, column 2'],
  ["[1 2]", '"," or "]" is expected, and "2" stands there, at line 1, column 4'],
  ["[01]", '"," or "]" is expected, and "1" stands there, at line 1, column 3'],
  ['{"a" 1}', '":" is expected, and "1" stands there, at line 1, column 6'],
  ['{"a":}', 'a value is expected, and "}" stands there, at line 1, column 6'],
  ['{"a":1,}', 'a name in quotes is expected, and "}" stands there, at line 1, column 8'],
  ['{"a":1]', '"," or "}" is expected, and "]" stands there, at line 1, column 7'],
  ["{a:1}", 'a name in quotes is expected, and "a" stands there, at line 1, column 2'],
  ["'a'", 'a value is expected, and "\'…" stands there, at line 1, column 1'],
  ["Hello World!", 'a value is expected, and "H…" stands there, at line 1, column 1'],
  ["nul", 'a value is expected, and "n…" stands there, at line 1, column 1'],
  ["NaN", 'a value is expected, and "N…" stands there, at line 1, column 1'],
  ["+1", 'a value is expected, and "+…" stands there, at line 1, column 1'],
  ["-", 'a value is expected, and "-" stands there, at line 1, column 1'],
  [".5", 'a value is expected, and ".…" stands there, at line 1, column 1'],
  ["1.", "there is a number that breaks off, at line 1, column 1"],
  ["1e", "there is a number that breaks off, at line 1, column 1"],
  ["1e999", "a number is too large, at line 1, column 1"],
  ["1 2", 'the end of the text is expected, and "2" stands there, at line 1, column 3'],
  ['{"이름":\r\n  "값" "값"}', '"," or "}" is expected, and ""…" stands there, at line 2, column 7'],
  ['["💩" x]', '"," or "]" is expected, and "x" stands there, at line 1, column 6'],
  ['"a\nb"', "there is a string that does not end, at line 1, column 1"],
  ['"a', "there is a string that does not end, at line 1, column 1"],
  ['"\u0001"', "there is a control character in a string, at line 1, column 1"],
  ['"\\x41"', "there is an escape that JSON does not know, at line 1, column 1"],
  ['"\\u12"', 'there is a "\\u" without four hexadecimal digits, at line 1, column 1'],
  ["// no\n1", "there is a comment, which JSON has not, at line 1, column 1"],
  ["[1 /* no */]", "there is a comment, which JSON has not, at line 1, column 4"],
  ["1 /*", "there is a comment, which JSON has not, at line 1, column 3"],
  ["\ufeff1", 'a value is expected, and "\ufeff…" stands there, at line 1, column 1'],
  ["\u00a01", 'a value is expected, and "\u00a0…" stands there, at line 1, column 1'],
  [`${"[".repeat(1001)}`, "lists and objects are nested more than 1000 deep, at line 1, column 1001"],
  [`${'{"a":'.repeat(1001)}`, "lists and objects are nested more than 1000 deep, at line 1, column 5001"],
];

for (const [text, message] of faults) {
  test(`parseJson() refuses ${JSON.stringify(text.slice(0, 30))}: ${message}`, () => {
    assert.throws(() => parseJson(text), { name: "SyntaxError", message });
  });
}

test("lists and objects a thousand deep are read and written", () => {
  const text = `${'[{"a":'.repeat(500)}1${"}]".repeat(500)}`;
  assert.equal(jsonText(parseJson(text)), text);
});

test("jsonText() with an indent breaks lines as JSON.stringify() does, and leaves empty lists and objects closed", () => {
  const text = '{"이름": [1, {"a": [], "b": {}}], "c": null}';
  assert.equal(jsonText(parseJson(text), 2), JSON.stringify(JSON.parse(text), undefined, 2));
  assert.equal(jsonText(parseJson(text), 4), JSON.stringify(JSON.parse(text), undefined, 4));
});

const others: readonly (readonly [Value, string])[] = [
  [{ kind: "bytes", value: Uint8Array.of(0, 255, 1) }, '"AP8B"'],
  [{ kind: "date", value: new Date("2021-01-13T22:23:01Z") }, '"2021-01-13T22:23:01.000Z"'],
  [{ kind: "regex", pattern: '가"\\d' }, '"가\\"\\\\d"'],
  [{ kind: "nodeset", count: 3 }, '{"type":"nodeset","size":3}'],
  [{ kind: "float", value: Number.NaN }, '"NaN"'],
  [{ kind: "float", value: Number.NEGATIVE_INFINITY }, '"-Infinity"'],
];

for (const [value, text] of others) {
  test(`jsonText() writes a value of kind ${value.kind} as ${text}`, () => {
    assert.equal(jsonText(value), text);
    assert.doesNotThrow(() => JSON.parse(text));
  });
}

const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(NULL),
    fc.boolean().map((value): Value => ({ kind: "boolean", value })),
    fc.bigInt().map(integer),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
    fc.string({ unit: "binary" }).map(string),
    fc.array(tie("value")).map((items) => list(...items)),
    fc
      .uniqueArray(fc.tuple(fc.oneof(fc.string(), fc.constant("__proto__")), tie("value")), {
        selector: ([name]) => name,
      })
      .map((members) => object(...members)),
  ),
})).value;

test("what jsonText() writes, parseJson() reads as the same value, with any indent", () => {
  fc.assert(
    fc.property(anyValue, fc.integer({ min: 0, max: 8 }), (value, indent) => {
      assert.deepEqual(parseJson(jsonText(value, indent)), value);
    }),
  );
});

test("parseJson() takes and refuses the texts that JSON.parse() does", () => {
  const piece = fc.constantFrom(
    ...[
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      "1",
      "-",
      ".",
      "e",
      "0",
      " ",
      "null",
      "true",
      '"a"',
      "가",
      "\n",
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
    fc.json(),
  );
  fc.assert(
    fc.property(text, (json) => {
      // Infinity, for JSON.parse().
      fc.pre(!/e-?\d{3}/.test(json));
      const ours = accepts(() => parseJson(json));
      assert.equal(
        ours,
        accepts(() => JSON.parse(json)),
      );
    }),
    { numRuns: 2000 },
  );
});

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    assert.ok(error instanceof SyntaxError);
    return false;
  }
}
