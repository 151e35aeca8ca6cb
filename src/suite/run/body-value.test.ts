import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { Failure } from "../failure.ts";
import { parseHurl } from "../hurl/parse.ts";
import type { Value } from "../values/value.ts";
import { type BodyBytes, bodyBytes } from "./body-value.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "data.bin"), new Uint8Array([0, 0xff]));

const string = (value: string): Value => ({ kind: "string", value });

const VARIABLES: readonly (readonly [string, Value])[] = [
  ["null", { kind: "null" }],
  ["yes", { kind: "boolean", value: true }],
  ["big", { kind: "integer", value: 9223372036854775808n }],
  ["height", { kind: "float", value: 1.7 }],
  ["name", string('홍"길\n동')],
  ["letter", string("a")],
  ["number", string("42")],
  ["json", string('{"a": [1]}')],
  ["list", { kind: "list", items: [{ kind: "integer", value: 1n }, string('"')] }],
  ["object", { kind: "object", members: [["키", { kind: "null" }]] }],
  ["day", { kind: "date", value: new Date(0) }],
  ["raw", { kind: "bytes", value: new Uint8Array([0xff]) }],
];

function context(): Context {
  return new Context(new FileAccess(folder.path), VARIABLES);
}

function body(text: string, evaluation: Context = context()): BodyBytes {
  const value = parseHurl(`POST http://a\n${text}\n`).entries[0]?.request.body?.value;
  assert.ok(value);
  return bodyBytes(value, evaluation);
}

const FENCE = "```";
const fenced = (head: string, ...lines: readonly string[]): string =>
  `${FENCE}${head}\n${lines.map((line) => `${line}\n`).join("")}${FENCE}`;

const JSON_TYPE = "application/json";
const XML_TYPE = "application/xml";

const TEXTS: readonly {
  readonly title: string;
  readonly written: string;
  readonly text: string;
  readonly type?: string;
}[] = [
  {
    title: "JSON, as it is written",
    written: '{ "a":1.50,\n\t"b" : [ ] , "c": "\\u00e9\\n/" }',
    text: '{ "a":1.50,\n\t"b" : [ ] , "c": "\\u00e9\\n/" }',
    type: JSON_TYPE,
  },
  { title: "a JSON number", written: "100e100", text: "100e100", type: JSON_TYPE },
  { title: "a JSON string", written: '"{{letter}}"', text: '"a"', type: JSON_TYPE },
  {
    title: "JSON with placeholders in strings and keys",
    written: '{"{{letter}}{{name}}": "<{{name}}>", "가": "{{big}}{{null}}\\t{{yes}}"}',
    text: '{"a홍\\"길\\n동": "<홍\\"길\\n동>", "가": "9223372036854775808null\\ttrue"}',
    type: JSON_TYPE,
  },
  {
    title: "JSON with placeholders for values",
    written: "[{{null}}, {{ yes }},{{big}},\n{{height}}, {{list}} , {{object}}]",
    text: '[null, true,9223372036854775808,\n1.7, [1,"\\""] , {"키":null}]',
    type: JSON_TYPE,
  },
  {
    title: "JSON with strings for values that are JSON themselves",
    written: '{"a": {{number}}, "b": {{json}}}',
    text: '{"a": 42, "b": {"a": [1]}}',
    type: JSON_TYPE,
  },
  {
    title: "JSON with filters in its placeholders",
    written: '{"a": {{number toInt}}, "b": "{{list count}}"}',
    text: '{"a": 42, "b": "2"}',
    type: JSON_TYPE,
  },
  {
    title: "XML, with no placeholder in it",
    written: "<?xml version='1.0'?>\n<가>{{letter}}</가>",
    text: "<?xml version='1.0'?>\n<가>{{letter}}</가>",
    type: XML_TYPE,
  },
  { title: "one line", written: "`안녕 {{letter}}\\n\\u{AC00}`", text: "안녕 a\n가" },
  { title: "a multiline text on one line", written: "```line```", text: "line" },
  { title: "an empty multiline text", written: fenced(""), text: "" },
  {
    title: "a multiline text, its escapes as they are written",
    written: fenced("", "이름,나이", "{{letter}},\\n\\u{1D11E}"),
    text: "이름,나이\na,\\n\\u{1D11E}\n",
  },
  { title: "a multiline text with escapes", written: fenced("escape", "\\t{{letter}}\\`"), text: "\ta`\n" },
  {
    title: "a multiline text without variables",
    written: fenced("novariable", "{{ letter }}"),
    text: "{{ letter }}\n",
  },
  {
    title: "multiline JSON, whose placeholders are text",
    written: fenced("json", '{"a": {{letter}}}'),
    text: '{"a": a}\n',
    type: JSON_TYPE,
  },
  {
    title: "multiline XML",
    written: fenced("xml", "<a>{{letter}}</a>"),
    text: "<a>a</a>\n",
    type: XML_TYPE,
  },
  {
    title: "GraphQL",
    written: fenced("graphql", "{", '  project(name: "{{letter}}") {', "    이름", "  }", "}", ""),
    text: '{"query":"{\\n  project(name: \\"a\\") {\\n    이름\\n  }\\n}"}',
    type: JSON_TYPE,
  },
  {
    title: "GraphQL with variables",
    written: fenced(
      "graphql",
      "query Q($a: ID!) { b }",
      "",
      "variables {",
      '  "{{letter}}": "{{name}}", "n": 1.0, "l": [true, null, {{list}}], "o": {}',
      "}",
    ),
    text:
      '{"query":"query Q($a: ID!) { b }","variables":{"a":"홍\\"길\\n동","n":1.0,' +
      '"l":[true,null,[1,"\\""]],"o":{}}}',
    type: JSON_TYPE,
  },
];

for (const { title, written, text, type } of TEXTS) {
  test(`a body is ${title}`, () => {
    const bytes = new TextEncoder().encode(text);
    assert.deepEqual(body(written), { bytes, text, type });
  });
}

const BYTES = [
  { title: "base64", written: "base64,7JWI\n64WV;", hex: "ec9588eb8595" },
  { title: "hex", written: "hex, EC9588;", hex: "ec9588" },
  { title: "no bytes", written: "hex,;", hex: "" },
  { title: "a file", written: "file,data.bin;", hex: "00ff" },
  { title: "multiline base64", written: fenced("base64", "7JWI", " 64WV"), hex: "ec9588eb8595" },
  { title: "multiline base64 that is padded", written: fenced("base64", "YQ=="), hex: "61" },
  { title: "multiline hex", written: fenced("hex", "ec 95", "88"), hex: "ec9588" },
];

for (const { title, written, hex } of BYTES) {
  test(`a body is ${title}, and has no text`, () => {
    const { bytes, text, type } = body(written);
    assert.deepEqual([Buffer.from(bytes).toString("hex"), text, type], [hex, undefined, undefined]);
  });
}

const FAILURES = [
  {
    written: '{ "a": {{letter}} }',
    code: "INVALID_JSON",
    at: [2, 10],
    message: "Invalid JSON: actual value is <a>",
  },
  { written: "[\n {{day}}]", code: "INVALID_JSON", at: [3, 4], message: /actual value is <1970-01-01T/ },
  {
    written: '"{{list}}"',
    code: "TEMPLATE_VALUE",
    at: [2, 4],
    message: /expression with value \[1,"\\""\] can not be rendered/,
  },
  {
    written: '{"가": "{{없음}}"}',
    code: "TEMPLATE_VARIABLE",
    at: [2, 10],
    message: /you must set the variable 없음/,
  },
  {
    written: "file,undefined.txt;",
    code: "FILE",
    at: [2, 6],
    message: "File read access: file undefined.txt can not be read",
  },
  {
    written: "file,../데이터;",
    code: "FILE_FORBIDDEN",
    at: [2, 6],
    message: /unauthorized access to file \.\.\/데이터, check --file-root option/,
  },
  {
    written: fenced("base64", "Y*"),
    code: "INVALID_VALUE",
    at: [2, 1],
    message: "Invalid value: the text is not valid base64",
  },
  {
    written: fenced("hex", "abc"),
    code: "INVALID_VALUE",
    at: [2, 1],
    message: "Invalid value: the text is not valid hex",
  },
];

for (const { written, code, at, message } of FAILURES) {
  test(`${JSON.stringify(written)} fails with ${code}`, () => {
    assert.throws(
      () => body(written),
      (error) => {
        assert.ok(error instanceof Failure);
        const { start } = error.source;
        assert.deepEqual([error.code, start.line, start.column], [code, ...at]);
        assert.ok(
          typeof message === "string" ? error.message === message : message.test(error.message),
          error.message,
        );
        return true;
      },
    );
  });
}

test("whatever a variable holds, the JSON around it stays JSON with that text in it", () => {
  const written = '{"a": ["<{{text}}>", "{{text}}{{text}}"], "{{text}}": {{quoted}}}';
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const evaluation = context();
      evaluation.set("text", string(text));
      evaluation.set("quoted", string(JSON.stringify(text)));
      const { text: json = "" } = body(written, evaluation);
      const expected = new Map<string, unknown>([["a", [`<${text}>`, text + text]]]);
      expected.set(text, text);
      assert.deepEqual(new Map(Object.entries(JSON.parse(json) as object)), expected);
    }),
  );
});
