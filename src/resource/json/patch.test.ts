// JSON Patch: the examples of RFC 6902, appendix A, what is refused with which status, and the names that every
// object inherits.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../message/problem.ts";
import { applyJsonPatch, readJsonPatch } from "./patch.ts";

const LIMITS = { maxCopied: 1000, maxDepth: 20 };

function run(document: string, patch: string): string {
  return JSON.stringify(applyJsonPatch(JSON.parse(document), readJsonPatch(JSON.parse(patch)), LIMITS));
}

const good: readonly [name: string, document: string, patch: string, result: string][] = [
  [
    "A.1 adds a member",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux"}]',
    '{"foo":"bar","baz":"qux"}',
  ],
  [
    "A.2 adds an item",
    '{"foo":["bar","baz"]}',
    '[{"op":"add","path":"/foo/1","value":"qux"}]',
    '{"foo":["bar","qux","baz"]}',
  ],
  ["A.3 removes a member", '{"baz":"qux","foo":"bar"}', '[{"op":"remove","path":"/baz"}]', '{"foo":"bar"}'],
  [
    "A.4 removes an item",
    '{"foo":["bar","qux","baz"]}',
    '[{"op":"remove","path":"/foo/1"}]',
    '{"foo":["bar","baz"]}',
  ],
  [
    "A.5 replaces a value",
    '{"baz":"qux","foo":"bar"}',
    '[{"op":"replace","path":"/baz","value":"boo"}]',
    '{"baz":"boo","foo":"bar"}',
  ],
  [
    "A.6 moves a value",
    '{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
    '[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]',
    '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}',
  ],
  [
    "A.7 moves an item",
    '{"foo":["all","grass","cows","eat"]}',
    '[{"op":"move","from":"/foo/1","path":"/foo/3"}]',
    '{"foo":["all","cows","eat","grass"]}',
  ],
  [
    "A.8 tests values",
    '{"baz":"qux","foo":["a",2,"c"]}',
    '[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]',
    '{"baz":"qux","foo":["a",2,"c"]}',
  ],
  [
    "A.10 adds an object",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/child","value":{"grandchild":{}}}]',
    '{"foo":"bar","child":{"grandchild":{}}}',
  ],
  [
    "A.11 ignores members that it does not know",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz","value":"qux","xyz":123}]',
    '{"foo":"bar","baz":"qux"}',
  ],
  ["A.14 reads ~01 as ~1", '{"/":9,"~1":10}', '[{"op":"test","path":"/~01","value":10}]', '{"/":9,"~1":10}'],
  [
    "A.16 adds a list to a list",
    '{"foo":["bar"]}',
    '[{"op":"add","path":"/foo/-","value":["abc","def"]}]',
    '{"foo":["bar",["abc","def"]]}',
  ],
  ["no operations", '{"a":1}', "[]", '{"a":1}'],
  ["an empty name", '{"":1}', '[{"op":"replace","path":"/","value":2}]', '{"":2}'],
  ["the whole document", '{"a":1}', '[{"op":"add","path":"","value":{"b":2}}]', '{"b":2}'],
  [
    "the order of members does not matter to a test",
    '{"o":{"a":1,"b":[2]}}',
    '[{"op":"test","path":"/o","value":{"b":[2],"a":1}}]',
    '{"o":{"a":1,"b":[2]}}',
  ],
  [
    "null is a value",
    '{"a":null}',
    '[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":1}]',
    '{"a":1}',
  ],
  [
    "a copy is a value of its own",
    '{"a":{"x":1}}',
    '[{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/y","value":2}]',
    '{"a":{"x":1},"b":{"x":1,"y":2}}',
  ],
  ["a value may be moved to where it is", '{"a":1}', '[{"op":"move","from":"/a","path":"/a"}]', '{"a":1}'],
  [
    "a replaced member keeps its place",
    '{"a":1,"b":2}',
    '[{"op":"replace","path":"/a","value":3}]',
    '{"a":3,"b":2}',
  ],
  [
    "__proto__ is a name like any other",
    "{}",
    '[{"op":"add","path":"/__proto__","value":{"polluted":1}},{"op":"add","path":"/__proto__/more","value":2}]',
    '{"__proto__":{"polluted":1,"more":2}}',
  ],
  [
    "constructor is a name like any other",
    '{"constructor":{"a":null}}',
    '[{"op":"replace","path":"/constructor/a","value":1},{"op":"copy","from":"/constructor","path":"/b"}]',
    '{"constructor":{"a":1},"b":{"a":1}}',
  ],
];
for (const [name, document, patch, result] of good) {
  test(`${name}`, () => {
    assert.equal(run(document, patch), result);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
}

const bad: readonly [name: string, document: string, patch: string, status: number, detail: RegExp][] = [
  [
    "A.9 a test that fails",
    '{"baz":"qux"}',
    '[{"op":"test","path":"/baz","value":"bar"}]',
    409,
    /operation 0 .*"\/baz" is another/,
  ],
  [
    "A.12 a parent that is not there",
    '{"foo":"bar"}',
    '[{"op":"add","path":"/baz/bat","value":"qux"}]',
    409,
    /nothing at "\/baz"/,
  ],
  [
    "A.13 an operation without a known op",
    '{"foo":"bar"}',
    '[{"op":"adds","path":"/baz","value":"qux"}]',
    400,
    /"op" has to be/,
  ],
  [
    "A.15 a text that is no number",
    '{"/":9,"~1":10}',
    '[{"op":"test","path":"/~01","value":"10"}]',
    409,
    /another/,
  ],
  ["a document that is no list", "{}", '{"op":"add"}', 400, /list of operations, and this is an object/],
  ["an operation that is no object", "{}", "[5]", 400, /operation 0 .* it is a number/],
  ["an operation without a path", "{}", '[{"op":"remove"}]', 400, /no "path"/],
  ["a path that is no pointer", "{}", '[{"op":"remove","path":"a"}]', 400, /no JSON Pointer/],
  ["a path with a lone tilde", "{}", '[{"op":"remove","path":"/a~2"}]', 400, /no JSON Pointer/],
  ["an add without a value", "{}", '[{"op":"add","path":"/a"}]', 400, /no "value"/],
  ["a move without a from", "{}", '[{"op":"move","path":"/a"}]', 400, /no "from"/],
  ["a move into itself", '{"a":{"b":1}}', '[{"op":"move","from":"/a","path":"/a/b"}]', 400, /into itself/],
  [
    "a malformed operation behind good ones",
    '{"a":1}',
    '[{"op":"remove","path":"/a"},{"op":"x"}]',
    400,
    /operation 1/,
  ],
  [
    "a member that is not there to be removed",
    "{}",
    '[{"op":"remove","path":"/a"}]',
    409,
    /nothing at "\/a"/,
  ],
  [
    "a member that is not there to be replaced",
    "{}",
    '[{"op":"replace","path":"/a","value":1}]',
    409,
    /nothing at/,
  ],
  [
    "an inherited member",
    "{}",
    '[{"op":"test","path":"/toString","value":1}]',
    409,
    /nothing at "\/toString"/,
  ],
  [
    "the prototype",
    "{}",
    '[{"op":"add","path":"/__proto__/polluted","value":1}]',
    409,
    /nothing at "\/__proto__"/,
  ],
  [
    "a place behind the end of a list",
    '{"a":[1]}',
    '[{"op":"add","path":"/a/2","value":1}]',
    409,
    /no place in a list of 1/,
  ],
  [
    "an index with a zero before it",
    '{"a":[1]}',
    '[{"op":"add","path":"/a/00","value":1}]',
    409,
    /"00" is no place/,
  ],
  ["an index that is none", '{"a":[1]}', '[{"op":"remove","path":"/a/length"}]', 409, /nothing at/],
  [
    "the end of a list, which holds nothing",
    '{"a":[1]}',
    '[{"op":"remove","path":"/a/-"}]',
    409,
    /nothing at/,
  ],
  [
    "a member of a number",
    '{"a":1}',
    '[{"op":"add","path":"/a/b","value":1}]',
    409,
    /is a number, which nothing/,
  ],
  ["a copy of what is not there", "{}", '[{"op":"copy","from":"/a","path":"/b"}]', 409, /nothing at "\/a"/],
];
for (const [name, document, patch, status, detail] of bad) {
  test(`${name} is refused with ${status}`, () => {
    assert.throws(
      () => run(document, patch),
      (error) => error instanceof Problem && error.status === status && detail.test(error.message),
    );
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
}

test("a refused operation is named by its number and its path", () => {
  const patch = '[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/b~1c"}]';
  assert.throws(
    () => run('{"a":1}', patch),
    (error) => {
      assert.ok(error instanceof Problem);
      assert.deepEqual(error.init.members, { operation: 1, path: "/b~1c" });
      return true;
    },
  );
});

test("copies that double a document again and again are stopped", () => {
  const wide = Array.from({ length: 40 }, (_, index) => ({ op: "copy", from: "/a", path: `/a/${index}` }));
  assert.throws(() => run('{"a":{}}', JSON.stringify(wide)), { status: 422, message: /copies too much/ });
  const deep = Array.from({ length: 40 }, () => ({ op: "copy", from: "", path: "/a" }));
  assert.throws(() => run('{"a":{"b":1}}', JSON.stringify(deep)), {
    status: 422,
    message: /deeper than 20 levels/,
  });
});

test("more than 10,000 operations are refused", () => {
  const operations = (count: number): unknown => Array(count).fill({ op: "test", path: "", value: {} });
  assert.equal(readJsonPatch(operations(10_000)).length, 10_000);
  assert.throws(() => readJsonPatch(operations(10_001)), { status: 422 });
});

test("what is added can be tested and removed again, and a patch stays as it is", () => {
  const names = fc.oneof(fc.string(), fc.constantFrom("__proto__", "a/b", "~", "0", "-", ""));
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true }),
      names,
      fc.json(),
      (object, name, value) => {
        const path = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        const document = JSON.stringify(
          Object.fromEntries(Object.entries(object).filter(([one]) => one !== name)),
        );
        const operations = [
          { op: "add", path, value: JSON.parse(value) },
          { op: "test", path, value: JSON.parse(value) },
          { op: "remove", path },
        ];
        const text = JSON.stringify(operations);
        const patch = readJsonPatch(operations);
        assert.equal(JSON.stringify(applyJsonPatch(JSON.parse(document), patch, LIMITS)), document);
        assert.equal(JSON.stringify(operations), text);
      },
    ),
  );
});
