// Laws of the parser over files that nobody wrote: valid ones from a small generator, and ones with faults in them.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HurlSyntaxError } from "./errors.ts";
import { parseHurl, printHurl } from "./parse.ts";
import type { HurlFile, Position, Span } from "./tree.ts";

const oneOf = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(""));
const several = (part: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> =>
  fc.array(part, { maxLength }).map((texts) => texts.join(""));

const spaces = oneOf("", " ", "\t ");
const comment = oneOf("", "", " # why", "#{{", ' # "가" \\');
const newline = oneOf("\n", "\n", "\r\n");
const blank = joined(spaces, comment, newline);
const line = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  joined(several(blank, 1), spaces, text, spaces, comment, newline);
const lines = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => several(line(text));

const placeholder = oneOf(
  "{{a}}",
  "{{ 가-1 }}",
  "{{newDate}}",
  '{{a split "{{b}}" nth -1}}',
  "{{a regex /}}/ }}",
);
const word = oneOf("a", "X-Y", "가나", "b.c", "1", "\\u{1f600}", "\\#");
const key = joined(word, several(fc.oneof(word, placeholder)));
const value = several(fc.oneof(word, placeholder, oneOf(" ", ":", '"', "😀", "{ ", "/", ",")));
const quoted = several(fc.oneof(word, placeholder, oneOf(" ", "#", '\\"', "$.a[0]", "}"))).map(
  (text) => `"${text}"`,
);
const pair = joined(key, spaces, oneOf(":"), spaces, value);
const pattern = fc.oneof(quoted, oneOf("/a/", "/\\/\\d#/"));
const filter = fc.oneof(
  oneOf("count", "toInt", "first"),
  joined(oneOf("split ", "jsonpath  ", "charsetDecode "), quoted),
  joined(oneOf("regex "), pattern),
  joined(oneOf("replaceRegex "), pattern, oneOf(" "), quoted),
);
const query = fc.oneof(
  oneOf("status", "body", "redirects", 'cookie "a[ Path ]"', 'certificate "Value"'),
  joined(oneOf("header ", "xpath ", "variable "), quoted),
);
const refined = joined(
  query,
  several(
    filter.map((text) => ` ${text}`),
    2,
  ),
);
const multiline = joined(
  oneOf("```\n", "```json\r\n", "```raw \n", "```graphql,\n", "```xml,novariable\n"),
  several(oneOf("a\\", "{ ", "가\n", "` ")),
  oneOf("\n```"),
);
const bytes = oneOf("base64,aG Vs\n;", "hex,00ff;", "file,a\\ b{{c}}.bin;");
const predicate = fc.oneof(
  oneOf("exists", "not isEmpty", "== null", "!=-1.5", "> 12345678901234567890", "matches /가/"),
  joined(oneOf("== ", "not contains "), fc.oneof(quoted, placeholder, multiline)),
  joined(oneOf("== "), bytes),
);
const option = oneOf(
  "retry: -1",
  "delay:5h",
  "cert: a\\:b:c",
  "skip: {{a}}",
  "variable: a=b c",
  "user: 가:나",
);
const json = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    oneOf("1", "-0.5e3", "true", "null", '"\\u00e9가"', '"{{a}}"', "{{a}}", "[ ]", "{\n}"),
    fc.tuple(tie("json"), tie("json")).map(([one, other]) => `[${one} ,\n${other}]`),
    tie("json").map((one) => `{ "가{{k}}":\r\n${one}}`),
  ),
})).json;
const xml = oneOf("<a/>", "<?x?>\n<a b='>'>\n<!-- < --><b>#</b></a>", '<가 나="다">\r\n</가 >');
const body = line(fc.oneof(json, xml, multiline, bytes, oneOf("`a\\`{{b}}`")));
const section = (name: string, items: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  joined(line(oneOf(name)), items);
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(oneOf(""), text);

const request = joined(
  line(joined(oneOf("GET ", "PURGE  "), oneOf("http://가/", "{{a}}"), value)),
  lines(pair),
  optional(section("[Query]", lines(pair))),
  optional(
    section(
      "[Multipart]",
      lines(fc.oneof(pair, oneOf("f: file,a.txt; text/plain", "g: file,{{b}};{{c}}/* ; d"))),
    ),
  ),
  optional(section("[Options]", lines(option))),
  optional(body),
);
const response = joined(
  line(joined(oneOf("HTTP ", "HTTP/1.1  "), oneOf("200", "*"))),
  lines(pair),
  optional(section("[Captures]", lines(joined(key, oneOf(": "), refined, oneOf("", " redact"))))),
  optional(section("[Asserts]", lines(joined(refined, oneOf(" "), predicate)))),
  optional(body),
);
const entries = fc.array(joined(request, optional(response)), { minLength: 1, maxLength: 3 });
const file = fc
  .record({ bom: oneOf("", "\uFEFF"), entries, end: several(blank), open: oneOf("", "# 끝", "  ") })
  .map(({ bom, entries, end, open }) => ({
    text: bom + entries.join("") + end + open,
    count: entries.length,
  }));

/** The place of an offset, counted from the start of the text. */
function positionOf(text: string, offset: number): Position {
  const before = text.slice(text.startsWith("\uFEFF") ? 1 : 0, offset).split("\n");
  return { offset, line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}

function spanOf(node: object): Span | undefined {
  return "source" in node ? (node.source as Span) : undefined;
}

/** Every node below `node` lies within the span of the node that holds it. */
function checkNesting(node: unknown, holder: Span): void {
  if (Array.isArray(node)) for (const one of node) checkNesting(one, holder);
  else if (typeof node === "object" && node !== null && !(node instanceof Uint8Array)) {
    const span = spanOf(node) ?? holder;
    assert.ok(
      span.start.offset >= holder.start.offset && span.end.offset <= holder.end.offset,
      JSON.stringify(node),
    );
    for (const [name, value] of Object.entries(node)) {
      // These stand around a node, not in it.
      if (!["source", "before", "ending"].includes(name)) checkNesting(value, span);
    }
  }
}

function checkTokens({ tokens }: HurlFile, text: string): void {
  let end = 0;
  for (const { text: piece, source } of tokens) {
    assert.equal(source.start.offset, end);
    assert.equal(piece, text.slice(end, source.end.offset));
    end = source.end.offset;
    if (piece !== "\uFEFF") assert.deepEqual(source.start, positionOf(text, source.start.offset));
  }
  assert.equal(end, text.length);
}

test("a valid file is read to its end, prints back as it was, and its spans nest", () => {
  fc.assert(
    fc.property(file, ({ text, count }) => {
      const tree = parseHurl(text);
      assert.equal(tree.entries.length, count);
      assert.equal(printHurl(tree), text);
      checkTokens(tree, text);
      checkNesting(tree.entries, tree.source);
    }),
    { numRuns: 400 },
  );
});

const junk = several(
  fc.oneof(
    oneOf(
      "GET ",
      "HTTP ",
      "[Asserts]\n",
      "[Options]\n",
      "[",
      "{",
      "}",
      '"',
      "`",
      "```",
      "<",
      ">",
      "{{",
      "}}",
      "\\",
    ),
    oneOf(
      "\n",
      "\r",
      "#",
      ":",
      ",",
      ";",
      "/",
      "hex,",
      "base64,",
      "file,",
      "not ",
      "== ",
      "body ",
      "u{",
      "variables",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
  30,
);
const broken = fc.tuple(file, fc.nat(), fc.nat({ max: 5 }), junk).map(([{ text }, at, cut, put]) => {
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + cut);
});

test("whatever the text, it is read and prints back, or the fault is a HurlSyntaxError within it", () => {
  fc.assert(
    fc.property(fc.oneof(junk, broken), (text) => {
      try {
        assert.equal(printHurl(parseHurl(text)), text);
      } catch (error) {
        if (!(error instanceof HurlSyntaxError)) throw error;
        assert.ok(error.position.offset <= text.length);
        assert.deepEqual(error.position, positionOf(text, error.position.offset));
      }
    }),
    { numRuns: 3000 },
  );
});

test("no depth of nesting exhausts the stack", () => {
  for (const opening of ["[", '{"a":', "<a>", '{{a split "']) {
    assert.throws(() => parseHurl(`GET http://a\n${opening.repeat(100_000)}`), HurlSyntaxError);
  }
});
