import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "../failure.ts";
import type { DynamicName, DynamicVariable, Span } from "../hurl/tree.ts";
import type { Value } from "../values/value.ts";
import { valueText } from "../values/value-text.ts";
import { dynamicValue, readDotenv, type Surroundings } from "./dynamic-values.ts";

const at = { offset: 2, line: 1, column: 3 };
const source: Span = { start: at, end: at };

const surroundings: Surroundings = {
  now: new Date(Date.UTC(2024, 1, 29, 13, 5, 9, 7)),
  environment: { HOME: "/root", EMPTY: "" },
  dotenv: () => "이름=길동\n",
};

function call(words: string): DynamicVariable {
  const [name = "", ...given] = words.match(/"[^"]*"|'[^']*'|\{.*\}|\S+/g) ?? [];
  return { kind: "function", name: name as DynamicName, arguments: given, source };
}

function value(words: string): Value {
  return dynamicValue(call(words), surroundings);
}

const VALUES = [
  { words: "$timestamp", text: "1709211909" },
  { words: "$timestamp -1 h", text: "1709208309" },
  { words: "$isoTimestamp", text: "2024-02-29T13:05:09.007Z" },
  { words: "$datetime iso8601", text: "2024-02-29T13:05:09.007Z" },
  { words: "$datetime rfc1123", text: "Thu, 29 Feb 2024 13:05:09 GMT" },
  { words: "$datetime iso8601 1 y", text: "2025-02-28T13:05:09.007Z" },
  { words: "$datetime iso8601 -2 M", text: "2023-12-29T13:05:09.007Z" },
  { words: "$datetime iso8601 12 M", text: "2025-02-28T13:05:09.007Z" },
  { words: "$datetime iso8601 1 w", text: "2024-03-07T13:05:09.007Z" },
  { words: "$datetime iso8601 1 d", text: "2024-03-01T13:05:09.007Z" },
  { words: "$datetime iso8601 -10 m", text: "2024-02-29T12:55:09.007Z" },
  { words: "$datetime iso8601 51 s", text: "2024-02-29T13:06:00.007Z" },
  { words: "$datetime iso8601 -7 ms", text: "2024-02-29T13:05:09.000Z" },
  { words: '$datetime "YYYY-MM-DD"', text: "2024-02-29" },
  { words: "$datetime 'YY/M/D H:m:s'", text: "24/2/29 13:5:9" },
  { words: '$datetime "h:mm A, hh a"', text: "1:05 PM, 01 pm" },
  { words: '$datetime "h A" -13 h', text: "12 AM" },
  { words: '$datetime "dddd ddd dd d, MMMM MMM"', text: "Thursday Thu Th 4, February Feb" },
  { words: '$datetime "[YYYY년] MM월 SSS Z ZZ"', text: "YYYY년 02월 007 +00:00 +0000" },
  { words: "$processEnv HOME", text: "/root" },
  { words: "$processEnv EMPTY", text: "" },
  { words: "$dotenv 이름", text: "길동" },
] as const;

for (const { words, text } of VALUES) {
  test(`{{${words}}} is ${JSON.stringify(text)}`, () => {
    assert.equal(valueText(value(words)), text);
  });
}

test("{{$localDatetime}} is the same time, by this machine's clock", () => {
  const iso = valueText(value("$localDatetime iso8601")) ?? "";
  assert.equal(new Date(iso).getTime(), surroundings.now.getTime());
  const rfc1123 = valueText(value("$localDatetime rfc1123")) ?? "";
  assert.equal(new Date(rfc1123).getTime(), Math.floor(surroundings.now.getTime() / 1000) * 1000);
  assert.equal(valueText(value('$localDatetime "H"')), String(surroundings.now.getHours()));
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const RANDOM = [
  { words: "$guid", form: UUID },
  { words: "$uuid", form: UUID },
  { words: "$random.uuid", form: UUID },
  { words: "$random.alphabetic", form: /^[A-Za-z]{10}$/ },
  { words: "$random.alphabetic 20", form: /^[A-Za-z]{20}$/ },
  { words: "$random.alphanumeric 21", form: /^[A-Za-z0-9_]{21}$/ },
  { words: "$random.hexadecimal 22", form: /^[0-9a-f]{22}$/ },
  { words: "$random.email", form: /^[a-z]{10}@example\.com$/ },
] as const;

for (const { words, form } of RANDOM) {
  test(`{{${words}}} is another text each time`, () => {
    const [one, two] = [valueText(value(words)), valueText(value(words))];
    assert.match(one ?? "", form);
    assert.notEqual(one, two);
  });
}

test("random numbers are from the first to below the second", () => {
  const range = fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }));
  fc.assert(
    fc.property(range, ([from, size]) => {
      const to = from + size;
      for (const name of ["$randomInt", "$random.integer"]) {
        const found = value(`${name} ${from} ${to}`);
        assert.ok(found.kind === "integer" && found.value >= from && found.value < to);
      }
      const found = value(`$random.float ${from} ${to}`);
      assert.ok(found.kind === "float" && found.value >= from && found.value < to);
      const byDefault = value("$randomInt");
      assert.ok(byDefault.kind === "integer" && byDefault.value >= 0n && byDefault.value < 1000n);
    }),
  );
});

test("{{$json}} keeps its value's kind", () => {
  assert.deepEqual(value('$json {"가":[1]}'), {
    kind: "object",
    members: [["가", { kind: "list", items: [{ kind: "integer", value: 1n }] }]],
  });
});

const FAILURES = [
  { words: "$processEnv NOT_THERE", code: "TEMPLATE_VARIABLE", text: /environment variable NOT_THERE/ },
  { words: "$dotenv 나이", code: "TEMPLATE_VARIABLE", text: /you must set 나이 in \.env/ },
  { words: "$randomInt 5 5", code: "INVALID_VALUE", text: /no number is from 5 to below 5/ },
  { words: "$random.float 2 1", code: "INVALID_VALUE", text: /no number is from 2 to below 1/ },
  { words: "$json {a}", code: "INVALID_JSON", text: /actual value is <\{a\}>/ },
] as const;

for (const { words, code, text } of FAILURES) {
  test(`{{${words}}} fails with ${code}`, () => {
    assert.throws(
      () => value(words),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.deepEqual([error.code, error.source], [code, source]);
        assert.match(error.message, text);
        return true;
      },
    );
  });
}

test("a file .env has comments, quotes and any line ends", () => {
  const file = `\uFEFF# first\r\nA=1\nexport B = two words  # why\n\nC="a # b" # c\nD='x"y'\nE=\nno line\nF=a#b\nG=#g\nA=2\n`;
  assert.deepEqual(
    [...readDotenv(file)],
    [
      ["A", "2"],
      ["B", "two words"],
      ["C", "a # b"],
      ["D", 'x"y'],
      ["E", ""],
      ["F", "a#b"],
      ["G", ""],
    ],
  );
});
