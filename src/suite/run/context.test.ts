import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { Failure } from "../failure.ts";
import { parseHurl } from "../hurl/parse.ts";
import type { Template } from "../hurl/tree.ts";
import type { Value } from "../values/value.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "데이터.bin"), new Uint8Array([1, 2]));

const VARIABLES: readonly (readonly [string, Value])[] = [
  ["null", { kind: "null" }],
  ["yes", { kind: "boolean", value: true }],
  ["count", { kind: "integer", value: 9223372036854775808n }],
  ["height", { kind: "float", value: 1.7 }],
  ["name", { kind: "string", value: "홍길동" }],
  ["day", { kind: "date", value: new Date(Date.UTC(2024, 11, 2, 10, 35, 44, 461)) }],
  ["list", { kind: "list", items: [1n, 2n, 3n].map((value) => ({ kind: "integer", value })) }],
  ["pair", { kind: "object", members: [["이름", { kind: "string", value: 'a"b' }]] }],
];

function context(): Context {
  return new Context(new FileAccess(folder.path), VARIABLES);
}

/** The template that a header's value is. */
function template(text: string): Template {
  const header = parseHurl(`GET http://a\nx: ${text}\n`).entries[0]?.request.headers[0];
  assert.ok(header);
  return header.value;
}

const TEXTS = [
  { written: "plain \\u{AC00}", text: "plain 가" },
  { written: "{{null}} {{yes}} {{height}}", text: "null true 1.7" },
  { written: "<{{count}}>", text: "<9223372036854775808>" },
  { written: "{{name}}님", text: "홍길동님" },
  { written: "{{ name }}", text: "홍길동" },
  { written: "{{name urlEncode}}", text: "%ED%99%8D%EA%B8%B8%EB%8F%99" },
  { written: "{{list nth 1}}{{list count}}", text: "23" },
  { written: '{{name replace "{{name}}" "{{yes}}"}}', text: "true" },
];

for (const { written, text } of TEXTS) {
  test(`the template ${written} is ${text}`, () => {
    assert.equal(context().text(template(written)), text);
  });
}

const FAILURES = [
  {
    written: "가 {{나}}",
    code: "TEMPLATE_VARIABLE",
    column: 8,
    message: /^Undefined variable: you must set the variable 나$/,
  },
  {
    written: "{{ my-id toInt }}",
    code: "TEMPLATE_VARIABLE",
    column: 7,
    message: /you must set the variable my-id$/,
  },
  {
    written: "{{list}}",
    code: "TEMPLATE_VALUE",
    column: 6,
    message: /expression with value \[1,2,3\] can not be rendered$/,
  },
  {
    written: "a{{pair}}",
    code: "TEMPLATE_VALUE",
    column: 7,
    message: /expression with value \{"이름":"a\\"b"\} can not be rendered$/,
  },
  { written: "{{name toInt}}", code: "FILTER_INPUT", column: 11, message: /toInt|invalid filter input/ },
] as const;

for (const { written, code, column, message } of FAILURES) {
  test(`the template ${written} fails with ${code}`, () => {
    assert.throws(
      () => context().text(template(written)),
      (error) => {
        assert.ok(error instanceof Failure);
        const { start } = error.source;
        assert.deepEqual([error.code, start.line, start.column], [code, 2, column]);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("{{newUuid}} is a random UUID, another one each time", () => {
  const [one, two] = context().text(template("{{newUuid}}/{{newUuid}}")).split("/");
  assert.match(one ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(one, two);
});

test("{{newDate}} is the time of now, in UTC", () => {
  const before = Date.now();
  const text = context().text(template("{{newDate}}"));
  const after = Date.now();
  assert.match(text, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\d*Z$/);
  const time = new Date(text).getTime();
  assert.ok(before <= time && time <= after, text);
});

test("a variable that is set has its new value from then on, in this context only", () => {
  const one = context();
  const other = context();
  one.set("name", { kind: "string", value: "김" });
  one.set("새", { kind: "null" });
  assert.equal(one.text(template("{{name}}{{새}}")), "김null");
  assert.deepEqual(one.variable("새"), { kind: "null" });
  assert.equal(one.variables.size, VARIABLES.length + 1);
  assert.equal(other.text(template("{{name}}")), "홍길동");
  assert.equal(other.variable("새"), undefined);
});

test("the value of a placeholder keeps its kind", () => {
  const [part] = template("{{list}}").parts;
  assert.ok(part?.kind === "placeholder");
  assert.equal(context().value(part).kind, "list");
});

test("bytes() reads the file that a template names", () => {
  const at = { offset: 0, line: 1, column: 1 };
  const name = template("{{file}}.bin");
  const one = context();
  one.set("file", { kind: "string", value: "데이터" });
  assert.deepEqual(one.bytes({ kind: "file", name, source: { start: at, end: at } }), new Uint8Array([1, 2]));
  one.set("file", { kind: "string", value: "../데이터" });
  assert.throws(() => one.bytes({ kind: "file", name, source: { start: at, end: at } }), {
    code: "FILE_FORBIDDEN",
    source: name.source,
  });
});
