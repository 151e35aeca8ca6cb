import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { Failure } from "../failure.ts";
import type { MixedBody, Span, Template } from "../hurl/tree.ts";
import type { Value } from "../values/value.ts";
import { bodyBytes } from "./body-value.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "data.bin"), new Uint8Array([0xff]));
writeFileSync(join(folder.path, "인사.txt"), "첫 줄\n안녕, {{이름}} \\{\\{님\\}\\}");
writeFileSync(join(folder.path, "latin1.txt"), Buffer.from("caf\xe9 {{name}}", "latin1"));
writeFileSync(join(folder.path, "plain.txt"), "두 번째\n{{모름}}");
writeFileSync(join(folder.path, "script.txt"), "\n\n{{ 1 + 1 }}");

const VARIABLES: readonly (readonly [string, Value])[] = [
  ["이름", { kind: "string", value: "홍" }],
  ["name", { kind: "string", value: "홍" }],
];

const place = (offset: number): Span => {
  const at = { offset, line: 3, column: offset + 1 };
  return { start: at, end: at };
};

const source = place(0);

function template(value: string, at: Span = source): Template {
  return { delimiter: "", parts: [{ kind: "text", value, raw: value, source: at }], source: at };
}

const text = (value: string): MixedBody["pieces"][number] => ({
  kind: "string",
  value: template(value),
  source,
});
const file = (name: string): MixedBody["pieces"][number] => ({ kind: "file", name: template(name), source });
const fileTemplate = (name: string, encoding?: string): MixedBody["pieces"][number] => ({
  kind: "file-template",
  name: template(name, place(5)),
  encoding,
  source,
});

function body(...pieces: MixedBody["pieces"]): ReturnType<typeof bodyBytes> {
  const context = new Context(new FileAccess(folder.path), VARIABLES);
  return bodyBytes({ kind: "mixed", pieces, source }, context);
}

test("texts and files stand one after another", () => {
  const { bytes, text: whole, type } = body(text("가\n"), file("data.bin"), text("\n나"));
  assert.equal(Buffer.from(bytes).toString("hex"), "eab0800aff0aeb8298");
  assert.deepEqual([whole, type], [undefined, undefined]);
});

test("a file whose text has placeholders is text", () => {
  assert.equal(body(text("<"), fileTemplate("인사.txt"), text(">")).text, "<첫 줄\n안녕, 홍 {{님}}>");
});

test("a file whose text is in another encoding becomes UTF-8", () => {
  const { bytes } = body(fileTemplate("latin1.txt", "latin1"));
  assert.equal(Buffer.from(bytes).toString("utf8"), "café 홍");
});

const FAILURES = [
  { piece: fileTemplate("missing.txt"), code: "FILE", text: "file missing.txt can not be read" },
  {
    piece: fileTemplate("../x.txt"),
    code: "FILE_FORBIDDEN",
    text: "unauthorized access to file ../x.txt, check --file-root option",
  },
  {
    piece: fileTemplate("plain.txt"),
    code: "TEMPLATE_VARIABLE",
    text: "you must set the variable 모름 (line 2 of plain.txt)",
  },
  {
    piece: fileTemplate("latin1.txt", "klingon"),
    code: "CHARSET",
    text: "the charset 'klingon' is not valid",
  },
] as const;

for (const { piece, code, text: sentence } of FAILURES) {
  test(`a body fails with ${code}: ${sentence}`, () => {
    assert.throws(
      () => body(piece),
      (error) => {
        assert.ok(error instanceof Failure);
        assert.deepEqual(
          [error.code, error.source, error.detail],
          [code, place(5), { form: "caret", text: sentence }],
        );
        return true;
      },
    );
  });
}

test("what is no variable in such a file is refused, with its place", () => {
  assert.throws(() => body(fileTemplate("script.txt")), {
    code: "INVALID_VALUE",
    source: place(5),
    message: /expecting the name of a variable.*\(line 3 of script\.txt\)$/s,
  });
});
