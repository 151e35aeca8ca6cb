import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Value } from "../values/value.ts";
import { parseVariable, parseVariablesFile } from "./variables.ts";

const text = (value: string): Value => ({ kind: "string", value });
const integer = (value: bigint): Value => ({ kind: "integer", value });

const VALUES: readonly { readonly written: string; readonly value: Value }[] = [
  { written: "null", value: { kind: "null" } },
  { written: "true", value: { kind: "boolean", value: true } },
  { written: "false", value: { kind: "boolean", value: false } },
  { written: "0", value: integer(0n) },
  { written: "-42", value: integer(-42n) },
  { written: "003", value: integer(3n) },
  { written: "9223372036854775808", value: integer(9223372036854775808n) },
  { written: "1.70", value: { kind: "float", value: 1.7 } },
  { written: "-0.5", value: { kind: "float", value: -0.5 } },
  { written: "", value: text("") },
  { written: "The Earth", value: text("The Earth") },
  { written: "서울", value: text("서울") },
  { written: "a=b", value: text("a=b") },
  { written: "11aa", value: text("11aa") },
  { written: "true_is_true", value: text("true_is_true") },
  { written: "1e5", value: text("1e5") },
  { written: "1.", value: text("1.") },
  { written: "Infinity", value: text("Infinity") },
  { written: " 1", value: text(" 1") },
  { written: '"123"', value: text("123") },
  { written: '""', value: text("") },
  { written: '"1"23"', value: text('1"23') },
];

for (const { written, value } of VALUES) {
  test(`--variable name=${written} is ${value.kind}`, () => {
    assert.deepEqual(parseVariable(`name=${written}`), ["name", value]);
  });

  test(`a secret of the value ${JSON.stringify(written)} is that text`, () => {
    assert.deepEqual(parseVariable(`name=${written}`, false), ["name", text(written)]);
  });
}

for (const name of ["a", "A1", "my-id", "a_null", "이름", "newDates"]) {
  test(`a variable may be called ${name}`, () => {
    assert.deepEqual(parseVariable(`${name}=1`), [name, integer(1n)]);
  });
}

const FAULTS = [
  { written: "name", code: "VARIABLE_WITHOUT_VALUE", message: /Cannot define a variable without "="/ },
  { written: "", code: "VARIABLE_WITHOUT_VALUE", message: /write name=value/ },
  { written: "=1", code: "VARIABLE_NAME_INVALID", message: /Cannot use "" as a variable's name/ },
  { written: "1a=1", code: "VARIABLE_NAME_INVALID", message: /Cannot use "1a"/ },
  { written: "a b=1", code: "VARIABLE_NAME_INVALID", message: /Cannot use "a b"/ },
  { written: "a =1", code: "VARIABLE_NAME_INVALID", message: /Cannot use "a "/ },
  { written: "a.b=1", code: "VARIABLE_NAME_INVALID", message: /a name begins with a letter/ },
  { written: "newUuid=1", code: "VARIABLE_NAME_RESERVED", message: /variable newUuid: a function/ },
  { written: 'a="b', code: "VARIABLE_UNTERMINATED", message: /variable a: its value begins with a quote/ },
  { written: 'a="', code: "VARIABLE_UNTERMINATED", message: /variable a/ },
] as const;

for (const { written, code, message } of FAULTS) {
  test(`--variable ${JSON.stringify(written)} is refused: ${code}`, () => {
    assert.throws(() => parseVariable(written), { name: "VariableError", code, message, line: undefined });
  });

  // A blank line is no definition at all.
  if (written === "") continue;
  test(`a file with ${JSON.stringify(written)} in line 3 is refused: ${code}`, () => {
    assert.throws(() => parseVariablesFile(`# first\na=1\n${written}\n`), {
      code,
      line: 3,
      message: /\(line 3\)$/,
    });
  });
}

test("a secret that lacks its name is not shown", () => {
  assert.throws(
    () => parseVariable("hunter2", false),
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("a file of variables has comments, blank lines and any line ends", () => {
  const file = `\uFEFF# where\r\nhost=example.net\r\n\r\n  # who\n이름=가나다 라\n \nid=1\nquoted="1"\r  indented=true  \nlast=a#b`;
  assert.deepEqual(
    [...parseVariablesFile(file)],
    [
      ["host", text("example.net")],
      ["이름", text("가나다 라")],
      ["id", integer(1n)],
      ["quoted", text("1")],
      ["indented", { kind: "boolean", value: true }],
      ["last", text("a#b")],
    ],
  );
});

test("a file of secrets has texts only", () => {
  assert.deepEqual(
    [...parseVariablesFile('a=1\nb="x"', false)],
    [
      ["a", text("1")],
      ["b", text('"x"')],
    ],
  );
});

test("a file that defines a variable twice is refused", () => {
  assert.throws(() => parseVariablesFile("a=1\nb=2\na=3"), {
    code: "VARIABLE_REPEATED",
    line: 3,
    message: "Cannot define the variable a twice: leave one of the lines out (line 3)",
  });
});

test("an empty file defines nothing", () => {
  assert.equal(parseVariablesFile("").size, 0);
});

test("any text in quotes is that text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (value) => {
      assert.deepEqual(parseVariable(`a="${value}"`), ["a", text(value)]);
    }),
  );
});
