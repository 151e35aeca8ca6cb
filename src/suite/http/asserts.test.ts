// `??` lines: a line, and what is asked in Hurl's words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { printHurl } from "../hurl/parse.ts";
import { placeholderText, templateText } from "../hurl/template-text.ts";
import type { Assert, HurlFile, PredicateValue } from "../hurl/tree.ts";
import { parseHttpFile } from "./parse.ts";

// [line, query, filters and predicate]
const cases: readonly (readonly [string, string])[] = [
  ["status == 200", "status == 200"],
  ["status ==200", "status == 200"],
  ["status === 200", "status == 200"],
  ["status equals 200", "status == 200"],
  ["status != 404", "status != 404"],
  ["status >= 200", "status >= 200"],
  ["status == {{code}}", 'status == "{{code toInt}}"'],
  ["status startsWith 20", 'status toString startsWith "20"'],
  ["status endsWith 0", 'status toString endsWith "0"'],
  ["status includes 0", 'status toString contains "0"'],
  ["status matches ^2\\d+$", 'status toString matches "^2\\\\d+$"'],
  ["status isNumber", "status isNumber"],
  ["duration < 1000", "duration < 1000"],
  ["duration total <= 1.5", "duration <= 1.5"],
  ["header content-type includes json", 'header content-type contains "json"'],
  ["header X == a == b", 'header X == "a == b"'],
  ["header x-{{n}} contains {{v}}!", 'header x-{{n}} contains "{{v}}!"'],
  ["header range exists", "header range exists"],
  ["header range isTrue", "header range exists"],
  ["header range isFalse", "header range not exists"],
  ["header content-length > 10", "header content-length toFloat > 10"],
  ["header content-length > {{n}}", 'header content-length toFloat > "{{n toFloat}}"'],
  ["header date > Mon", 'header date > "Mon"'],
  ["header content-type isString", "header content-type isString"],
  ["header a matches ^{{b}}$", 'header a matches "^{{b}}$"'],
  ["body includes 안녕", 'body contains "안녕"'],
  ["body == a < b", 'body == "a < b"'],
  ['body == "quoted"', 'body == "\\"quoted\\""'],
  ["body == 1", 'body == "1"'],
  ['body == {"a": [1, 2]}', 'jsonpath $ == "{{$json {\\"a\\": [1, 2]}}}"'],
  ["body == {not json", 'body == "{not json"'],
  ["body exists", "body exists"],
  ["body isTrue", "body not isEmpty"],
  ["body isFalse", "body isEmpty"],
  [
    "body sha256 eji/gfOD9pQzrW6QDTWz4jhVk/dqe3q11DVbi6Qe4ks=",
    'sha256 == "eji/gfOD9pQzrW6QDTWz4jhVk/dqe3q11DVbi6Qe4ks="',
  ],
  ["body md5 9bb58f26192e4ba00f01e2e7b136bbd8", 'md5 == "m7WPJhkuS6APAeLnsTa72A=="'],
  ["body a.b[0].c == 1", 'jsonpath $.a.b[0].c toString == "1"'],
  ["body a.b == 1.50", "jsonpath $.a.b == 1.50"],
  ["body a == null", "jsonpath $.a == null"],
  ["body a == true", 'jsonpath $.a toString == "true"'],
  ["body a == []", 'jsonpath $.a == "{{$json []}}"'],
  ["body a == {{b}}", 'jsonpath $.a toString == "{{b}}"'],
  ["body 이름.first-name != 나", "jsonpath $.이름['first-name'] != \"나\""],
  ["body [0].id > 3", "jsonpath $[0].id > 3"],
  ["body $.store..price exists", "jsonpath $.store..price exists"],
  ["body {{field}} exists", "jsonpath $.{{field}} exists"],
  ["body tags includes a", 'jsonpath $.tags contains "a"'],
  [
    "body active isTrue",
    "jsonpath $[?$.active && $.active != false && $.active != null && $.active != 0 && $.active != ''] exists",
  ],
  ["body a isFalse", "jsonpath $[?$.a && $.a != false && $.a != null && $.a != 0 && $.a != ''] not exists"],
  ["body links isArray", "jsonpath $.links isList"],
  ["body active isBoolean", "jsonpath $.active isBoolean"],
  ["xpath /a/b == Everyday Italian", 'xpath string(/a/b) == "Everyday Italian"'],
  ["xpath //a[@b > 1] == x", 'xpath string(//a[@b > 1]) == "x"'],
  ["xpath count(//a) > 2", "xpath number(count(//a)) > 2"],
  ["xpath //a exists", "xpath //a exists"],
  ["xpath //a isFalse", "xpath //a not exists"],
  ["xpath //a isString", "xpath string(//a) isString"],
  ["js response.parsedBody.slides[0].title == Wake up!", 'jsonpath $.slides[0].title == "Wake up!"'],
  ['js response.parsedBody == {"a":1}', 'jsonpath $ == "{{$json {\\"a\\":1}}}"'],
  ["js response.statusCode == 200", "status == 200"],
  ["js response.headers['content-type'] includes json", 'header content-type contains "json"'],
  ["js response.headers.server exists", "header server exists"],
  ["js response.body includes a", 'body contains "a"'],
  ["js count == 3", 'variable count toString == "3"'],
];

function words({ query, filters, predicate }: Assert): string {
  const subject = "expression" in query ? query.expression : "name" in query ? query.name : undefined;
  const words = [query.kind as string, subject === undefined ? "" : templateText(subject)];
  words.push(...filters.map(({ kind }) => kind), predicate.not ? "not" : "", predicate.kind);
  if ("value" in predicate) words.push(valueWord(predicate.value));
  return words.filter((word) => word !== "").join(" ");
}

function valueWord(value: PredicateValue): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "integer":
    case "float":
      return value.text;
    case "string":
      return JSON.stringify(templateText(value.value));
    case "regex":
      return JSON.stringify(value.pattern);
    case "base64":
    case "hex":
      return JSON.stringify(Buffer.from(value.bytes).toString("base64"));
    case "placeholder":
      return JSON.stringify(placeholderText(value));
    default:
      throw assert.fail(value.kind);
  }
}

function assertsOf(tree: HurlFile): readonly Assert[] {
  const sections = tree.entries.flatMap(({ response }) => response?.sections ?? []);
  return sections.flatMap((section) => (section.kind === "asserts" ? section.items : []));
}

for (const [line, expected] of cases) {
  test(`?? ${line}`, () => {
    for (const text of [`GET http://a/\n\n?? ${line}`, `GET http://a/\r\n  ??  ${line} \t\r\n`]) {
      const tree = parseHttpFile(text);
      assert.equal(printHurl(tree), text);
      const [one, ...others] = assertsOf(tree);
      assert.deepEqual(others, []);
      assert.equal(one && words(one), expected);
      assert.equal(
        text.slice(one?.source.start.offset, one?.source.end.offset).replace(/ +/g, " "),
        `?? ${line}`,
      );
    }
  });
}

test("asserts may stand between headers and in a body, and a response of any status holds them", () => {
  const tree = parseHttpFile(
    "POST http://a/\n?? status == 200\nX: y\n\n?? body exists\none\n?? duration < 9\ntwo\n",
  );
  const [{ request, response } = assert.fail()] = tree.entries;
  assert.deepEqual(request.headers.length, 1);
  assert.equal(response?.version.value, "any");
  assert.equal(response?.status.value, "any");
  assert.deepEqual(
    response?.sections.map(({ kind, items }) => `${kind} ${items.length}`),
    ["asserts 3"],
  );
  const body = request.body?.value;
  assert.equal(
    body?.kind === "multiline" &&
      body.value.parts.map((part) => (part.kind === "text" ? part.value : "")).join(""),
    "one\ntwo",
  );
});
