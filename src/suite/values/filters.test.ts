import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Fields } from "../../protocol/fields.ts";
import { Failure } from "../failure.ts";
import { bytes, date, evaluationWith, json, nodeset, parsedAssert, string } from "./evaluation.contract.ts";
import { applyFilters } from "./filters.ts";
import type { Value } from "./value.ts";
import { describeValue } from "./value-text.ts";

const VARIABLES = { word: string("가"), one: json("1"), list: json("[1]"), none: json("null") };

function filtered(
  value: Value | undefined,
  text: string,
  within: "assert" | "capture" = "capture",
): Value | undefined {
  return applyFilters(value, parsedAssert(`${text} exists`).filters, evaluationWith(VARIABLES), within);
}

function redirect(url: string, location?: string): Value {
  const fields = new Fields(location === undefined ? {} : { location });
  return { kind: "response", value: { url, status: 302, fields } };
}

const json3 = json("[1,2,3]");
const booklet = '<?xml version="1.0"?><책><제목>듄</제목><n>2</n></책>';

const cases: readonly [filters: string, input: Value, output: Value | undefined][] = [
  ["base64Decode", string("0YjQtdC70LvRiw=="), bytes("d188d0b5d0bbd0bbd18b")],
  ["base64Decode", string(""), bytes("")],
  ["base64Encode", bytes("3c3c3f3f3f3e3e"), string("PDw/Pz8+Pg==")],
  ["base64UrlSafeDecode", string("PDw_Pz8-Pg"), bytes("3c3c3f3f3f3e3e")],
  ["base64UrlSafeEncode", bytes("3c3c3f3f3f3e3e"), string("PDw_Pz8-Pg")],

  ["count", json3, json("3")],
  ["count", json("[]"), json("0")],
  ["count", json('{"a":1,"b":2}'), json("2")],
  ["count", nodeset(4), json("4")],
  ["count", bytes("eab080"), json("3")],
  ["first", json3, json("1")],
  ["last", json3, json("3")],
  ["nth 0", json3, json("1")],
  ["nth 2", json3, json("3")],
  ["nth -1", json3, json("3")],
  ["nth -3", json3, json("1")],
  ["nth {{one}}", json3, json("2")],

  ["daysAfterNow", date("2026-03-31T13:00:00Z"), json("30")],
  ["daysAfterNow", date("2026-03-02T11:59:59Z"), json("0")],
  ["daysAfterNow", date("2026-02-27T11:59:59Z"), json("-2")],
  ["daysBeforeNow", date("2026-02-01T12:00:00Z"), json("28")],
  ["daysBeforeNow", date("2026-03-03T12:00:01Z"), json("-2")],
  ['dateFormat "%a, %d %b %Y"', date("2021-01-13T22:23:01Z"), string("Wed, 13 Jan 2021")],
  ['format "%Y년 %-m월"', date("2021-01-13T22:23:01Z"), string("2021년 1월")],
  ['toDate "%+"', string("2023-01-23T18:25:43.511Z"), date("2023-01-23T18:25:43.511Z")],
  ['toDate "%Y-%m-%dT%H:%M:%S%.fZ" dateFormat "%A"', string("2023-01-23T18:25:43.511Z"), string("Monday")],

  ['decode "gb2312"', bytes("c4e3bac3cac0bde7"), string("你好世界")],
  ['decode "euc-kr"', bytes("c7d1b1db"), string("한글")],
  ['decode "EUC-KR"', bytes("c7d1"), string("한")],
  ['decode "iso-8859-1"', bytes("636166e9"), string("café")],
  ['decode "utf-8"', bytes("efbbbfeab080"), string("가")],
  ["utf8Decode", bytes("eab080f09f9880"), string("가😀")],
  ["utf8Encode", string("가"), bytes("eab080")],
  ["toHex", bytes("d188d0b5d0bbd0bbd18b"), string("d188d0b5d0bbd0bbd18b")],

  ["htmlEscape", string("a > b && a < c \"'가"), string("a &gt; b &amp;&amp; a &lt; c \"'가")],
  ["htmlUnescape", string("a &gt; b &amp;&amp; a &lt; c"), string("a > b && a < c")],
  [
    "htmlUnescape",
    string("Foo &#xA9; bar &#x1D306; baz &#x2603; &copy;&#44032;"),
    string("Foo © bar 𝌆 baz ☃ ©가"),
  ],
  [
    "htmlUnescape",
    string("&#65 foo &notit; &nope; &; & &#; </textarea>"),
    string("A foo ¬it; &nope; &; & &#; </textarea>"),
  ],
  ["htmlUnescape", string("&#10;&#128;&#0;"), string("\n€\uFFFD")],

  ['jsonpath "$.message"', string('{"message": "안녕"}'), string("안녕")],
  ['jsonpath "$[0].id"', string('[{"id": 10000000000000000365}]'), json("10000000000000000365")],
  ['jsonpath "$.nothing"', string('{"message": "안녕"}'), undefined],
  ['xpath "string(//제목)"', string(booklet), string("듄")],
  ['xpath "number(//n)"', string(booklet), json("2.0")],
  ['xpath "//p"', string("<p>하나<p>둘"), nodeset(2)],
  ['xpath "string(//body)" ', string("<html><body>你好世界</body></html>"), string("你好世界")],
  ['decode "gb2312" xpath "string(//body)"', bytes("3c626f64793ec4e3bac3"), string("你好")],

  ['regex "Hello (.*)!"', string("Hello Bob!"), string("Bob")],
  ["regex /(?i)hello (.*)!/", string("Hello 밥!"), string("밥")],
  ['regex "{{word}}(.)"', string("나가다"), string("다")],
  ["regex /x(.)/", string("Hello"), undefined],
  ['replace ", " "|"', string("1, 2, 3"), string("1|2|3")],
  ['replace "\\\\d" "x"', string("123"), string("123")],
  ['replace "a" "$&$1"', string("aba"), string("$&$1b$&$1")],
  ['replace "{{word}}" "{{one}}"', string("가나가"), string("1나1")],
  ['replace "" "-"', string("가😀"), string("-가-😀-")],
  ['replaceRegex /\\d/ "x"', string("123"), string("xxx")],
  ['replaceRegex "B[aoi]b" "친구"', string("Welcome Bob!"), string("Welcome 친구!")],
  ['replaceRegex /(\\w+)@(\\w+)/ "$2 $1"', string("me@here"), string("here me")],
  ['split ", "', string("1, 2, 가"), json('["1","2","가"]')],
  ['split ","', string(""), json('[""]')],
  ['split ""', string("가😀"), json('["","가","😀",""]')],

  ["toInt", string("123"), json("123")],
  ["toInt", string("-10000000000000000365"), json("-10000000000000000365")],
  ["toInt", string("+7"), json("7")],
  ["toInt", json("1.6"), json("1")],
  ["toInt", json("-1.6"), json("-1")],
  ["toInt", json("10"), json("10")],
  ["toFloat", string("3.141592653589793"), json("3.141592653589793")],
  ["toFloat", string("-1e3"), json("-1000.0")],
  ["toFloat", json("10"), json("10.0")],
  ["toFloat", json("1.6"), json("1.6")],
  ["toString", json("42"), string("42")],
  ["toString", json("1.0"), string("1.0")],
  ["toString", json("true"), string("true")],
  ["toString", json("null"), string("null")],
  ["toString", string("가"), string("가")],
  ["toString", date("2023-01-23T18:25:43.511Z"), string("2023-01-23T18:25:43.511Z")],

  [
    "urlEncode",
    string("https://mozilla.org/?x=шеллы"),
    string("https%3A//mozilla.org/%3Fx%3D%D1%88%D0%B5%D0%BB%D0%BB%D1%8B"),
  ],
  ["urlEncode", string("azAZ09-._~/ !'()*"), string("azAZ09-._~/%20%21%27%28%29%2A")],
  ["urlDecode", string("https%3A//mozilla.org/%3Fx%3D%D1%88"), string("https://mozilla.org/?x=ш")],
  ["urlDecode", string("%EA%b0%80+1 %zz%4"), string("가+1 %zz%4")],
  ['urlQueryParam "x"', string("https://mozilla.org/?x=шеллы"), string("шеллы")],
  ['urlQueryParam "x"', string("http://a/?y=1&x=%EA%B0%80+b&x=2"), string("가 b")],
  ['urlQueryParam "{{word}}"', string("http://a/?%EA%B0%80=1"), string("1")],
  ['urlQueryParam "z"', string("http://a/?y=1"), undefined],

  ["location", redirect("https://example.org/a/b?c", "/step2"), string("https://example.org/step2")],
  ["location", redirect("https://example.org/a/b?c", "c"), string("https://example.org/a/c")],
  ["location", redirect("https://example.org/a", "http://b/x?y#z"), string("http://b/x?y#z")],
  ["location", redirect("https://example.org/a"), undefined],
  [
    "nth 1 location",
    { kind: "list", items: [redirect("http://a/", "/1"), redirect("http://a/1", "/2")] },
    string("http://a/2"),
  ],
  ['split ", " nth -1 urlDecode replace "가" "나" utf8Encode count', string("x, %EA%B0%80"), json("3")],
];

for (const [text, input, output] of cases) {
  test(`filters: ${text} makes ${describeValue(output)} of ${describeValue(input)}`, () => {
    assert.deepEqual(plain(filtered(input, text)), plain(output));
  });
}

const refused: readonly [filters: string, input: Value | undefined, code: string, sentence: string][] = [
  ["toInt", undefined, "FILTER", "missing value to apply filter"],
  ["regex /x(.)/ count", string("가"), "FILTER", "missing value to apply filter"],
  ["base64Decode", string("5L2g5aW95LiW5"), "FILTER_INPUT", "string is not base64"],
  ["base64Decode", string("PDw_Pz8-Pg=="), "FILTER_INPUT", "string is not base64"],
  ["base64Decode", string("0YjQ\ntdC7"), "FILTER_INPUT", "string is not base64"],
  ["base64Decode", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ["base64Encode", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: bytes"],
  ["base64UrlSafeDecode", string("5L2g5aW95LiW5"), "FILTER_INPUT", "string is not base64"],
  ["base64UrlSafeDecode", string("SGVsbG8gV29ybGQ="), "FILTER_INPUT", "base64 string contains padding"],
  ["base64UrlSafeDecode", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ["base64UrlSafeEncode", string("가"), "FILTER_INPUT", "actual: string <가>, expected: bytes"],
  ["toHex", string("123x"), "FILTER_INPUT", "actual: string <123x>, expected: bytes"],
  ["toInt", string("123x"), "FILTER_INPUT", "actual: string <123x>, expected: integer string"],
  ["toInt", string("1.5"), "FILTER_INPUT", "actual: string <1.5>, expected: integer string"],
  ["toInt", string(""), "FILTER_INPUT", "actual: string <>, expected: integer string"],
  ["toInt", json("true"), "FILTER_INPUT", "actual: boolean <true>, expected: number or integer string"],
  ["toFloat", string("123x"), "FILTER_INPUT", "actual: string <123x>, expected: float string"],
  ["toFloat", string("1e999"), "FILTER_INPUT", "actual: string <1e999>, expected: float string"],
  [
    "toFloat",
    json("10000000000000000365"),
    "FILTER_INPUT",
    "integer <10000000000000000365> is too big to be cast as a float",
  ],
  [
    "toFloat",
    date("2023-01-23T18:25:43.511Z"),
    "FILTER_INPUT",
    "actual: date <2023-01-23 18:25:43.511 UTC>, expected: number or float string",
  ],
  ["toString", json3, "FILTER_INPUT", "list <[1,2,3]> can not be converted to a string"],
  ["toString", bytes("00"), "FILTER_INPUT", "bytes <00> can not be converted to a string"],
  ["first", string("가"), "FILTER_INPUT", "actual: string <가>, expected: list"],
  ["first", json("[]"), "FILTER_INPUT", "list is empty"],
  ["last", json("[]"), "FILTER_INPUT", "list is empty"],
  ["last", nodeset(2), "FILTER_INPUT", "actual: nodeset of size <2>, expected: list"],
  ["nth 5", json3, "FILTER_INPUT", "out of bound - size is 3"],
  ["nth 3", json3, "FILTER_INPUT", "out of bound - size is 3"],
  ["nth -4", json3, "FILTER_INPUT", "out of bound - size is 3"],
  ["nth 0", string("123x"), "FILTER_INPUT", "actual: string <123x>, expected: list"],
  ["nth {{word}}", json3, "EXPRESSION_TYPE", "expecting integer, actual value is string <가>"],
  ["count", string("0"), "FILTER_INPUT", "actual: string <0>, expected: collection"],
  ["count", json("null"), "FILTER_INPUT", "actual: null, expected: collection"],
  ["daysAfterNow", string("x"), "FILTER_INPUT", "actual: string <x>, expected: date"],
  ["daysBeforeNow", json("1"), "FILTER_INPUT", "actual: integer <1>, expected: date"],
  ['dateFormat "%F"', string("x"), "FILTER_INPUT", "actual: string <x>, expected: date"],
  ['dateFormat "%👻"', date("2023-01-23"), "FILTER_DATE", "date format <%👻> is not supported"],
  ['format "%👻"', date("2023-01-23"), "FILTER_DATE", "date format <%👻> is not supported"],
  ['toDate "%👻"', string("x"), "FILTER_DATE", "date format <%👻> is not supported"],
  [
    'toDate "%d %b %Y GMT"',
    string("123x"),
    "FILTER_DATE",
    "value <123x> could not be parsed with <%d %b %Y GMT> format",
  ],
  ['toDate "%F"', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['decode "utf-8"', string("x"), "FILTER_INPUT", "actual: string <x>, expected: bytes"],
  ['decode "utf-8"', bytes("ff"), "FILTER_DECODE", "value can not be decoded with <utf-8> encoding"],
  ['decode "euc-kr"', bytes("c7"), "FILTER_DECODE", "value can not be decoded with <euc-kr> encoding"],
  ['decode "toto"', bytes("61"), "FILTER_DECODE", "<toto> encoding is not supported"],
  ["utf8Decode", bytes("ff"), "FILTER_DECODE", "value can not be decoded with <utf-8> encoding"],
  ["utf8Decode", string("x"), "FILTER_INPUT", "actual: string <x>, expected: bytes"],
  ["utf8Encode", bytes("61"), "FILTER_INPUT", "actual: bytes <61>, expected: string"],
  ["htmlEscape", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ["htmlUnescape", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['jsonpath "$.a"', string("x"), "FILTER_INPUT", "value is not a valid JSON"],
  ['jsonpath "$.a"', bytes("7b7d"), "FILTER_INPUT", "actual: bytes <7b7d>, expected: string"],
  ['jsonpath "$.a"', json3, "FILTER_INPUT", "actual: list <[1,2,3]>, expected: string"],
  ['xpath "//a"', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['xpath "//a"', string('<?xml version="1.0"'), "FILTER_INPUT", "value is not a valid XML"],
  ["regex /(x)/", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['replace "a" "b"', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['replaceRegex /\\d/ "b"', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['split ","', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ["urlDecode", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ["urlDecode", string("%FF"), "FILTER_INPUT", "actual: string <%FF>, expected: UTF-8 in %xx"],
  ["urlEncode", json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  ['urlQueryParam "x"', json("42"), "FILTER_INPUT", "actual: integer <42>, expected: string"],
  [
    'urlQueryParam "q"',
    string("123x"),
    "INVALID_URL",
    "invalid URL <123x> (Missing scheme <http://> or <https://>)",
  ],
  [
    'urlQueryParam "q"',
    string("ftp://a/?q=1"),
    "INVALID_URL",
    "invalid URL <ftp://a/?q=1> (Only <http://> and <https://> schemes are supported)",
  ],
  [
    'urlQueryParam "q"',
    string("http://[/?q=1"),
    "INVALID_URL",
    "invalid URL <http://[/?q=1> (It can not be parsed)",
  ],
  ["location", string("/a"), "FILTER_INPUT", "actual: string </a>, expected: response"],
];

for (const [text, input, code, sentence] of refused) {
  test(`filters: ${text} refuses ${describeValue(input)}: ${sentence}`, () => {
    const failure = caught(() => filtered(input, text));
    assert.equal(failure.code, code);
    assert.equal(failure.kind, "runtime");
    const beginning = code === "FILTER_INPUT" ? "invalid filter input: " : "";
    assert.deepEqual(failure.detail, {
      form: "caret",
      text: sentence.startsWith("actual: ")
        ? `invalid filter input:\n   ${sentence.replace(", expected: ", "\n   expected: ")}`
        : beginning + sentence,
    });
    const last = parsedAssert(`${text} exists`).filters.at(-1);
    if (code !== "EXPRESSION_TYPE") assert.deepEqual(failure.source, last?.source);
  });
}

test("filters: within an assert, what fails is the assert", () => {
  assert.equal(caught(() => filtered(string("x"), "toInt", "assert")).kind, "assert");
  assert.equal(caught(() => filtered(string("x"), "toInt", "capture")).kind, "runtime");
});

test("filters: expressions and patterns that are not valid are marked themselves", () => {
  for (const [name, marked, rest, code] of [
    ["jsonpath", '"$["', "", "INVALID_JSONPATH"],
    ["xpath", '"//["', "", "INVALID_XPATH"],
    ["regex", '"(x"', "", "INVALID_REGEX"],
    ["regex", "/x/", "", "INVALID_REGEX"],
    ["replaceRegex", '"(x"', ' "y"', "INVALID_REGEX"],
  ] as const) {
    const { code: actual, source } = caught(() => filtered(string("{}"), `${name} ${marked}${rest}`));
    assert.equal(actual, code);
    assert.equal(source.start.column, `variable "v" ${name} `.length + 1);
    assert.equal(source.end.column, source.start.column + marked.length);
  }
});

test("filters: none leave the value as it is, a missing one as well", () => {
  assert.equal(applyFilters(undefined, [], evaluationWith(), "assert"), undefined);
  assert.deepEqual(applyFilters(json3, [], evaluationWith(), "template"), json3);
});

const texts = fc.string({ unit: "grapheme", maxLength: 30 });

test("filters: decoding undoes encoding", () => {
  const pairs = [
    "utf8Encode base64Encode base64Decode utf8Decode",
    "utf8Encode base64UrlSafeEncode base64UrlSafeDecode utf8Decode",
    "urlEncode urlDecode",
    "htmlEscape htmlUnescape",
    "utf8Encode utf8Decode",
  ];
  fc.assert(
    fc.property(texts, fc.constantFrom(...pairs), (text, pair) => {
      assert.deepEqual(filtered(string(text), pair), string(text));
    }),
  );
});

test("filters: toHex gives two digits for every byte that count counts", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (value) => {
      const hex = filtered({ kind: "bytes", value }, "toHex");
      assert.deepEqual(hex, string(Buffer.from(value).toString("hex")));
      assert.deepEqual(filtered({ kind: "bytes", value }, "count"), json(String(value.length)));
    }),
  );
});

test("filters: nth from the end is nth from the beginning", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), fc.nat(), (numbers, at) => {
      const list = json(JSON.stringify(numbers));
      const index = at % numbers.length;
      assert.deepEqual(filtered(list, `nth ${index}`), filtered(list, `nth ${index - numbers.length}`));
    }),
  );
});

function caught(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return assert.fail("nothing failed");
}

/** With bytes that are compared as bytes, whatever class they are of. */
function plain(value: Value | undefined): unknown {
  return value?.kind === "bytes" ? Buffer.from(value.value).toString("hex") : value;
}
