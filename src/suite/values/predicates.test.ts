import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "../failure.ts";
import { bytes, date, evaluationWith, json, nodeset, parsedAssert, string } from "./evaluation.contract.ts";
import { judgePredicate } from "./predicates.ts";
import type { Value } from "./value.ts";
import { describeValue } from "./value-text.ts";

const MISMATCH = "types between actual and expected are not consistent";

const VARIABLES = {
  name: string("한글"),
  two: json("2"),
  list: json('[1,"a"]'),
  object: json('{"a":1,"b":[2]}'),
  day: date("2023-01-23"),
  raw: bytes("eab080"),
  nodes: nodeset(2),
  nothing: json("null"),
};
const FILES = { "a.txt": Buffer.from("가") };

function judged(predicate: string, actual: Value | undefined): Failure | undefined {
  const { predicate: parsed, source } = parsedAssert(predicate);
  return judgePredicate(parsed, actual, evaluationWith(VARIABLES, FILES), source);
}

const empty = json("[]");
const words = json('["나무","물","불"]');

/** Those that hold; with `not` each of them fails. */
const holding: readonly [predicate: string, actual: Value][] = [
  ['== "한글"', string("한글")],
  ['== "{{name}}!"', string("한글!")],
  ["== `한글 {{two}}`", string("한글 2")],
  ["== ```한글```", string("한글")],
  ["== {{name}}", string("한글")],
  ["== 2", json("2")],
  ["== 2", json("2.0")],
  ["== 2.0", json("2")],
  ["== -0.5", json("-0.5")],
  ["== {{two}}", json("2")],
  ["== 10000000000000000365", json("10000000000000000365")],
  ["== true", json("true")],
  ["== null", json("null")],
  ["== {{nothing}}", json("null")],
  ["== {{list}}", json('[1.0,"a"]')],
  ["== {{object}}", json('{"b":[2],"a":1}')],
  ["== {{day}}", date("2023-01-23T00:00:00Z")],
  ["== {{nodes}}", nodeset(2)],
  ["== hex,eab080;", bytes("eab080")],
  ["== base64,6rCA;", bytes("eab080")],
  ["== file,a.txt;", bytes("eab080")],
  ["== {{raw}}", bytes("eab080")],
  ['!= "한글"', string("한국")],
  ["!= 1", string("1")],
  ["!= 10000000000000000365", json("10000000000000000366")],
  ["!= null", json("false")],
  ["!= 1", { kind: "float", value: Number.NaN }],
  ["!= hex,00;", bytes("0000")],
  ["!= {{list}}", json('[1,"a",null]')],
  ["!= {{object}}", json('{"a":1,"c":[2]}')],
  ["!= {{nodes}}", nodeset(3)],
  ["> 1", json("2")],
  ["> 1.5", json("2")],
  ["> 9007199254740992.0", json("9007199254740993")],
  ['> "가"', string("나")],
  ['> "\uFFFD"', string("😀")],
  ["> {{day}}", date("2023-01-24")],
  [">= 2", json("2.0")],
  [">= 2", json("3")],
  ["< 2", json("1.9")],
  ["< 100000000000000000000", json("99999999999999999999")],
  ['< "b"', string("a")],
  ["<= 2", json("2")],
  ["<= 2.5", json("-2")],
  ['startsWith "한"', string("한글")],
  ['startsWith ""', string("한글")],
  ["startsWith hex,efbbbf;", bytes("efbbbf61")],
  ['endsWith "글"', string("한글")],
  ["endsWith hex,61;", bytes("efbbbf61")],
  ["endsWith hex,;", bytes("")],
  ['contains "글날"', string("한글날이다")],
  ["contains hex,bbbf;", bytes("efbbbf61")],
  ['contains "물"', words],
  ["contains {{two}}", json("[1,2,3]")],
  ['includes "물"', words],
  ["includes 2", json("[1,2.0]")],
  ["includes null", json("[null]")],
  ["includes {{list}}", json('[[1,"a"]]')],
  ["matches /^\\d{4}$/", string("2023")],
  ['matches "^[가-힣]+$"', string("한글")],
  ["matches /(?i)HELLO/", string("oh hello")],
  ["matches {{name}}", string("한글날")],
  ["exists", string("")],
  ["exists", json("null")],
  ["exists", empty],
  ["exists", nodeset(1)],
  ["isEmpty", string("")],
  ["isEmpty", empty],
  ["isEmpty", json("{}")],
  ["isEmpty", nodeset(0)],
  ["isEmpty", bytes("")],
  ["isBoolean", json("false")],
  ["isCollection", empty],
  ["isCollection", json("{}")],
  ["isCollection", nodeset(0)],
  ["isCollection", bytes("")],
  ["isDate", date("2023-01-23")],
  ["isFloat", json("1.0")],
  ["isInteger", json("10000000000000000365")],
  ["isList", words],
  ["isNumber", json("1")],
  ["isNumber", json("1.5")],
  ["isObject", json("{}")],
  ["isString", string("한글")],
  ["isIpv4", string("127.0.0.1")],
  ["isIpv6", string("2001:db8::1")],
  ["isIpv6", string("::ffff:127.0.0.1")],
  ["isIsoDate", string("2018-12-10T13:45:00.000Z")],
  ["isIsoDate", string("2018-12-10t13:45:00+09:00")],
  ["isIsoDate", string("2018-12-10 13:45:00z")],
  ["isUuid", string("0531f78f-7f87-44be-a7f2-969a1c4e6d97")],
  ["isUuid", string("0531F78F7F8744BEA7F2969A1C4E6D97")],
  ["isUuid", string("urn:uuid:0531f78f-7f87-44be-a7f2-969a1c4e6d97")],
  ["isUuid", string("{0531f78f-7f87-44be-a7f2-969a1c4e6d97}")],
];

for (const [predicate, actual] of holding) {
  test(`judgePredicate() finds that ${predicate} holds for ${describeValue(actual)}, and not ${predicate} does not`, () => {
    assert.equal(judged(predicate, actual), undefined);
    const failure = judged(`not ${predicate}`, actual);
    assert.equal(failure?.code, "ASSERT");
    assert.equal(failure.kind, "assert");
    assert.ok(failure.detail.form === "values");
    // The contrary of `!=` is the value itself.
    assert.equal(failure.detail.expected.startsWith("not "), !predicate.startsWith("!="));
    assert.equal(failure.detail.remark, undefined);
  });
}

/** Those that do not hold; with `not` each of them holds. */
const failing: readonly [predicate: string, actual: Value | undefined, actually: string, expected: string][] =
  [
    ['== "XXX"', string("text/html"), "string <text/html>", "string <XXX>"],
    ['== "true"', json("true"), "boolean <true>", "string <true>"],
    ["== 0", json("1"), "integer <1>", "integer <0>"],
    ["== 0", string("0"), "string <0>", "integer <0>"],
    ["== 0", string(""), "string <>", "integer <0>"],
    ["== 1.1", json("1.0"), "float <1.0>", "float <1.1>"],
    [
      "== 9007199254740993",
      json("9007199254740992.0"),
      "float <9007199254740992.0>",
      "integer <9007199254740993>",
    ],
    ["== null", string(""), "string <>", "null"],
    ["== false", undefined, "none", "boolean <false>"],
    ['== "000001"', undefined, "none", "string <000001>"],
    ["== /가/", string("가"), "string <가>", "regex <가>"],
    ["== hex,eab080;", string("가"), "string <가>", "bytes <eab080>"],
    ["== {{list}}", json("[1]"), "list <[1]>", 'list <[1,"a"]>'],
    ["== file,a.txt;", bytes("00"), "bytes <00>", "bytes <eab080>"],
    ['!= "한글"', string("한글"), "string <한글>", "not string <한글>"],
    ["!= 2", json("2.0"), "float <2.0>", "not integer <2>"],
    ['!= "한글"', undefined, "none", "not string <한글>"],
    ["!= null", undefined, "none", "not null"],
    ["> 5", json("2"), "integer <2>", "greater than integer <5>"],
    ["> 3", undefined, "none", "greater than integer <3>"],
    [">= 5", json("2.5"), "float <2.5>", "greater than or equals to integer <5>"],
    ["< 1", json("1"), "integer <1>", "less than integer <1>"],
    ["<= 1", json("2"), "integer <2>", "less than or equals to integer <1>"],
    ["<= 1", { kind: "float", value: Number.NaN }, "float <NaN>", "less than or equals to integer <1>"],
    ['startsWith "hi"', string("0"), "string <0>", "starts with string <hi>"],
    ['startsWith "foo"', undefined, "none", "starts with string <foo>"],
    ["startsWith hex,efbbbf;", bytes("61"), "bytes <61>", "starts with bytes <efbbbf>"],
    ['endsWith "hi"', string("0"), "string <0>", "ends with string <hi>"],
    ["endsWith hex,00;", undefined, "none", "ends with bytes <00>"],
    ['contains "hi"', string("0"), "string <0>", "contains string <hi>"],
    ["contains hex,00;", bytes("7b20"), "bytes <7b20>", "contains bytes <00>"],
    ['contains "글"', words, 'list <["나무","물","불"]>', "contains string <글>"],
    ["includes 100", json("[1,2,3]"), "list <[1,2,3]>", "includes integer <100>"],
    ["includes 1", undefined, "none", "includes integer <1>"],
    ['matches "hi"', string("0"), "string <0>", "matches regex <hi>"],
    ["matches /foo/", undefined, "none", "matches regex <foo>"],
    ["exists", undefined, "none", "something"],
    ["exists", nodeset(0), "nodeset of size <0>", "something"],
    ["isEmpty", string("😀가"), "count equals to 2", "count equals to 0"],
    ["isEmpty", json("[1,2,3]"), "count equals to 3", "count equals to 0"],
    ["isEmpty", undefined, "none", "empty"],
    ["isInteger", undefined, "none", "integer"],
    ["isInteger", json("1.0"), "float <1.0>", "integer"],
    ["isFloat", json("2"), "integer <2>", "float"],
    ["isBoolean", string("true"), "string <true>", "boolean"],
    ["isString", json("null"), "null", "string"],
    ["isCollection", string("[]"), "string <[]>", "collection"],
    ["isList", json("{}"), "object <{}>", "list"],
    ["isObject", empty, "list <[]>", "object"],
    ["isDate", string("2023-01-23"), "string <2023-01-23>", "date"],
    ["isNumber", string("2018"), "string <2018>", "number"],
    ["isIsoDate", string("2018"), "2018", "string with format YYYY-MM-DDTHH:mm:ss.sssZ"],
    [
      "isIsoDate",
      string("2018-02-30T00:00:00Z"),
      "2018-02-30T00:00:00Z",
      "string with format YYYY-MM-DDTHH:mm:ss.sssZ",
    ],
    [
      "isIsoDate",
      string("2018-12-10T13:45:00"),
      "2018-12-10T13:45:00",
      "string with format YYYY-MM-DDTHH:mm:ss.sssZ",
    ],
    ["isIsoDate", undefined, "none", "date"],
    ["isIpv4", string("0"), "0", "string in IPv4 format"],
    ["isIpv4", string("127.0.0.01"), "127.0.0.01", "string in IPv4 format"],
    ["isIpv4", string("2001:db8::1"), "2001:db8::1", "string in IPv4 format"],
    ["isIpv4", undefined, "none", "ipv4"],
    ["isIpv6", string("127.0.0.1"), "127.0.0.1", "string in IPv6 format"],
    ["isIpv6", string("fe80::1%eth0"), "fe80::1%eth0", "string in IPv6 format"],
    ["isIpv6", undefined, "none", "ipv6"],
    ["isUuid", string("한글"), "한글", "string in UUID format"],
    ["isUuid", undefined, "none", "uuid"],
  ];

for (const [predicate, actual, actually, expected] of failing) {
  test(`judgePredicate() says of ${predicate} for ${describeValue(actual)}: ${actually}, ${expected}`, () => {
    const failure = judged(predicate, actual);
    assert.equal(failure?.code, "ASSERT");
    assert.equal(failure.kind, "assert");
    assert.deepEqual(failure.detail, { form: "values", actual: actually, expected, remark: undefined });
    assert.deepEqual(failure.source, parsedAssert(predicate).source);
    assert.equal(judged(`not ${predicate}`, actual), undefined);
  });
}

/** Those that cannot be asked: they fail with `not`, too. */
const inconsistent: readonly [predicate: string, actual: Value, actually: string, expected: string][] = [
  ['startsWith "0"', json("1"), "integer <1>", "starts with string <0>"],
  ["startsWith hex,30;", string("0"), "string <0>", "starts with bytes <30>"],
  ['endsWith "0"', json("1"), "integer <1>", "ends with string <0>"],
  ['contains "foo"', json("1"), "integer <1>", "contains string <foo>"],
  ['contains "a"', bytes("61"), "bytes <61>", "contains string <a>"],
  ["includes 1", json('{"a":1}'), 'object <{"a":1}>', "includes integer <1>"],
  ['matches "hi"', json("1"), "integer <1>", "matches regex <hi>"],
  ["matches {{two}}", string("2"), "string <2>", "matches integer <2>"],
  ["> 1", string("2"), "string <2>", "greater than integer <1>"],
  ['< "1"', json("2"), "integer <2>", "less than string <1>"],
  [">= 1", json("null"), "null", "greater than or equals to integer <1>"],
  ["<= {{list}}", json("[1]"), "list <[1]>", 'less than or equals to list <[1,"a"]>'],
  ["isEmpty", json("1"), "integer <1>", "count equals to 0"],
  ["isIsoDate", date("2023-01-23"), "date <2023-01-23 00:00:00 UTC>", "string"],
  ["isIpv4", json("1"), "integer <1>", "string"],
  ["isIpv6", json("null"), "null", "string"],
  ["isUuid", empty, "list <[]>", "string"],
];

for (const [predicate, actual, actually, expected] of inconsistent) {
  test(`judgePredicate() cannot ask ${predicate} of ${describeValue(actual)}, nor not ${predicate}`, () => {
    const detail = { form: "values", actual: actually, expected, remark: MISMATCH };
    assert.deepEqual(judged(predicate, actual)?.detail, detail);
    assert.deepEqual(judged(`not ${predicate}`, actual)?.detail, { ...detail, expected: `not ${expected}` });
  });
}

test("judgePredicate() marks the predicate when its pattern is not valid, whatever it is asked of", () => {
  for (const text of ['matches "hi("', 'not matches "hi("', "matches /hi(/"]) {
    for (const actual of [string("hi"), json("1"), undefined]) {
      assert.throws(
        () => judged(text, actual),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.code, "INVALID_REGEX");
          assert.deepEqual(error.source, parsedAssert(text).predicate.source);
          return true;
        },
      );
    }
  }
});

const values: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 5 }).map(string),
  fc.integer({ min: -3, max: 3 }).map((number) => json(String(number))),
  fc.constantFrom(
    json("1.5"),
    json("2.0"),
    json("null"),
    json("true"),
    json("[1]"),
    bytes("6162"),
    nodeset(0),
  ),
);

test("judgePredicate() finds every value equal to itself, and != the contrary of ==", () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const judge = (text: string, actual: Value): boolean => {
        const { predicate, source } = parsedAssert(text);
        return judgePredicate(predicate, actual, evaluationWith({ right }), source) === undefined;
      };
      assert.ok(judge("== {{right}}", right));
      assert.equal(judge("== {{right}}", left), !judge("!= {{right}}", left));
      assert.equal(judge("== {{right}}", left), judge("not != {{right}}", left));
    }),
  );
});

test("judgePredicate() puts any two integers and floats in one order", () => {
  const numbers = fc
    .oneof(
      fc.bigInt().map(String),
      fc.integer().map(String),
      fc.integer().map((number) => `${number}.5`),
    )
    .map(json);
  fc.assert(
    fc.property(numbers, numbers, (left, right) => {
      const holds = ["<", "==", ">"].filter((operator) => {
        const { predicate, source } = parsedAssert(`${operator} {{right}}`);
        return judgePredicate(predicate, left, evaluationWith({ right }), source) === undefined;
      });
      assert.equal(holds.length, 1);
    }),
  );
});
