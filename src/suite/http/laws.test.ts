// Laws of the reader of `.http` files over files that nobody wrote: valid ones from a small generator, and others.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HurlSyntaxError } from "../hurl/errors.ts";
import { printHurl } from "../hurl/parse.ts";
import type { HurlFile, Position, TemplatePart } from "../hurl/tree.ts";
import { parseHttpFile } from "./parse.ts";

const oneOf = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(""));
const several = (part: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> =>
  fc.array(part, { maxLength }).map((texts) => texts.join(""));
const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(oneOf(""), text);

const newline = oneOf("\n", "\r\n");
const line = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  joined(text, oneOf("", " ", "\t"), newline);
const lines = (text: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> => several(line(text), most);

const placeholder = oneOf(
  "{{a}}",
  "{{ 가-1.b }}",
  "{{$guid}}",
  "{{$randomInt 1 7}}",
  "{{first.response.body.$.x}}",
  "{{first.y[0]}}",
);
const word = oneOf("a", "b=c", "가나", "😀", "1", "{", "}", "\\{\\{", '"', ": ");
const text = joined(oneOf("x"), several(fc.oneof(word, placeholder, oneOf(" "))));
const comment = oneOf(
  "",
  "# why",
  "// 왜",
  "  #",
  "# @note",
  "# @no-redirect",
  "// @timeout 3 s",
  "# @sleep 5",
);
const definition = joined(
  oneOf("@a=", "@가-1.b = ", "@c := "),
  several(fc.oneof(word, oneOf("{{$uuid}}", "{{d}}"))),
);
const expected = oneOf("200", "a b", "{{a}}", "null", '{"a":[1]}');
const check = fc.oneof(
  oneOf(
    "?? status == 200",
    "  ?? duration < 5",
    "?? header x isFalse",
    "?? body sha256 eji/gfOD9pQzrW6QDTWz4jhVk/dqe3q11DVbi6Qe4ks=",
  ),
  joined(
    oneOf("?? body a.가[0] ", "?? xpath //a[@b > 1] ", "?? js response.parsedBody.x "),
    oneOf("== ", "!= "),
    expected,
  ),
);
const header = joined(oneOf("X-Y: ", "accept:", "{{a}}: "), text);
const address = joined(
  oneOf("http://h/", "GET http://가/", "POST {{a}}", "PURGE /p"),
  text,
  oneOf("", " HTTP/1.1"),
);
const query = joined(oneOf("?a=", "  &b=", "\t/c"), text);
const body = fc.oneof(
  lines(text),
  lines(oneOf("< a.txt", "<@ 가 나.txt", "<@latin1 b.txt", "<a>", "")),
  oneOf('{\n "a": [1]\n}\n'),
);
const region = joined(
  line(oneOf("###", "### 제목", "####x")),
  lines(fc.oneof(comment, definition)),
  line(address),
  lines(query, 2),
  lines(fc.oneof(header, oneOf("# b"), check)),
  optional(joined(newline, body)),
  lines(fc.oneof(oneOf("", ">> a.json", ">>! {{a}}", "<> b.json"), check)),
);
const file = fc.tuple(oneOf("", "\uFEFF"), fc.array(region, { maxLength: 3 })).map(([mark, regions]) => ({
  text: `${mark}# @name first\nGET http://first/\n${regions.join("")}`,
  count: regions.length + 1,
}));

/** The place of an offset, counted from the start of the text. */
function positionOf(all: string, offset: number): Position {
  const before = all.slice(all.startsWith("\uFEFF") ? 1 : 0, offset).split("\n");
  return { offset, line: before.length, column: [...(before.at(-1) ?? "")].length + 1 };
}

function checkTokens({ tokens }: HurlFile, all: string): void {
  let end = 0;
  for (const { text: piece, source } of tokens) {
    assert.equal(source.start.offset, end);
    assert.equal(piece, all.slice(end, source.end.offset));
    end = source.end.offset;
    if (piece !== "\uFEFF") assert.deepEqual(source.start, positionOf(all, source.start.offset));
  }
  assert.equal(end, all.length);
}

function isPart(node: object): node is TemplatePart {
  return "kind" in node && ((node.kind === "text" && "raw" in node) || node.kind === "placeholder");
}

/** A text of the file is at its place; what is not in the file has an empty text. */
function checkParts(node: unknown, all: string): void {
  if (typeof node !== "object" || node === null || node instanceof Uint8Array) return;
  if (isPart(node)) {
    const { start, end } = node.source;
    const written = all.slice(start.offset, end.offset);
    if (node.kind === "placeholder")
      assert.match(
        written,
        node.value.name === "$json" ? /^[{["\d-]|^(?:true|false|null)$/ : /^$|^\{\{.*\}\}$/s,
      );
    else if (node.raw !== "") assert.ok(written.includes(node.raw), JSON.stringify([node, written]));
  }
  for (const value of Object.values(node)) checkParts(value, all);
}

test("a valid file is read to its end and prints back as it was, every part at its place", () => {
  fc.assert(
    fc.property(file, ({ text: all, count }) => {
      const tree = parseHttpFile(all);
      assert.equal(tree.entries.length, count);
      assert.equal(printHurl(tree), all);
      checkTokens(tree, all);
      checkParts(tree.entries, all);
    }),
    { numRuns: 500 },
  );
});

test("a file with CRLF means what it means with LF", () => {
  fc.assert(
    fc.property(file, ({ text: all }) => {
      const [lf, crlf] = [
        all.replaceAll("\r\n", "\n"),
        all.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"),
      ];
      assert.deepEqual(meaning(parseHttpFile(crlf)), meaning(parseHttpFile(lf)));
    }),
    { numRuns: 200 },
  );
});

/** The entries without their places and the texts as they are written. */
function meaning(tree: HurlFile): unknown {
  const apart = ["source", "before", "ending", "raw"];
  return JSON.parse(
    JSON.stringify(tree.entries, (name, value: unknown) => (apart.includes(name) ? undefined : value)),
  );
}

const junk = several(
  fc.oneof(
    oneOf(
      "GET ",
      "http://a",
      "HTTP/1.1",
      "###",
      "# @name ",
      "# @ref ",
      "@a =",
      "?? ",
      "body ",
      "== ",
      "> {%",
      "< ",
      "<@ ",
      ">> ",
      "/*",
    ),
    oneOf(
      "{{",
      "}}",
      "$",
      "\n",
      "\r",
      "\n\n",
      " ",
      ":",
      "?",
      "&",
      "X: ",
      "X-Request-Type: GraphQL\n\n",
      "{",
      '"',
      ".response.body.",
      "\\",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
  30,
);
const broken = fc.tuple(file, fc.nat(), fc.nat({ max: 5 }), junk).map(([{ text: all }, at, cut, put]) => {
  const from = at % (all.length + 1);
  return all.slice(0, from) + put + all.slice(from + cut);
});

test("whatever the text, it is read and prints back, or the fault is a HurlSyntaxError within it", () => {
  fc.assert(
    fc.property(fc.oneof(junk, broken), (all) => {
      try {
        assert.equal(printHurl(parseHttpFile(all)), all);
      } catch (error) {
        if (!(error instanceof HurlSyntaxError)) throw error;
        assert.ok(error.position.offset <= all.length);
        assert.deepEqual(error.position, positionOf(all, error.position.offset));
      }
    }),
    { numRuns: 3000 },
  );
});

test("no chain of variables exhausts the stack, and none takes for ever", () => {
  const chain = Array.from(
    { length: 5000 },
    (_, index) => `@v${index} = {{v${index + 1}}}{{v${index + 1}}}\n`,
  ).join("");
  const deep = (end: string): string => `${chain}\n${end}`;
  assert.throws(() => parseHttpFile(deep("GET http://a/{{v0}}")), { code: "NESTING" });
  assert.equal(parseHttpFile(deep("POST http://a/\n\n<@ a.txt")).entries.length, 1);
  assert.equal(
    parseHttpFile(deep("GET http://a/{{v4900}}")).entries[0]?.request.sections[0]?.items.length,
    101,
  );
});
