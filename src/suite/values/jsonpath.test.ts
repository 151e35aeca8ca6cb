import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Span } from "../hurl/tree.ts";
import { jsonText, parseJson } from "./json.ts";
import { queryJson } from "./jsonpath.ts";

const PLACE = { offset: 9, line: 4, column: 10 };
const SOURCE: Span = { start: PLACE, end: { offset: 16, line: 4, column: 17 } };

const STORE = parseJson(`{
  "store": {
    "book": [
      { "category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95 },
      { "category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99 },
      { "category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3",
        "published": true, "price": 8.99 },
      { "category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings",
        "isbn": "0-395-19395-8", "price": 22.99 }
    ],
    "bicycle": { "color": "red", "price": 19.95 }
  }
}`);

const MIXED = parseJson(`{
  "b": 1, "2": 2.0, "1": 12345678901234567890, "__proto__": { "x": null }, "hasOwnProperty": "own",
  "사람": [{ "id": 1, "이름": "철수" }, { "id": 2, "이름": "영희" }], "a-b": true, "empty": [], "": "no name",
  "one": [[1.0]]
}`);

/** What is found as JSON; undefined for nothing. */
const found: readonly (readonly [document: typeof STORE, expression: string, json: string | undefined])[] = [
  [STORE, "$.store.book[0].title", '"Sayings of the Century"'],
  [STORE, "$.store.bicycle", '{"color":"red","price":19.95}'],
  [STORE, "$['store']['bicycle']['color']", '"red"'],
  [STORE, '$["store"]["bicycle"]["color"]', '"red"'],
  [STORE, "$.store.book[-1].title", '"The Lord of the Rings"'],
  [STORE, "$.store.book[*].author", '["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]'],
  [STORE, "$..author", '["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]'],
  [STORE, "$.store..price", "[8.95,12.99,8.99,22.99,19.95]"],
  [STORE, "$..book[0,1].title", '["Sayings of the Century","Sword of Honour"]'],
  [STORE, "$..book[-4, -3].price", "[8.95,12.99]"],
  [STORE, "$..book[:2].price", "[8.95,12.99]"],
  [STORE, "$..book[0,0].price", "[8.95,8.95]"],
  [STORE, "$..book[?(@.isbn)].title", '["Moby Dick","The Lord of the Rings"]'],
  [STORE, "$..book[?(@.price<10)].title", '["Sayings of the Century","Moby Dick"]'],
  [STORE, "$.store.book[?(@.category == 'fiction' && @.price >= 10)].price", "[12.99,22.99]"],
  [STORE, "$..book[?(@.author != 'Nigel Rees')].price", "[12.99,8.99,22.99]"],
  [STORE, "$..book[?length(@.title) > 14].price", "[8.95,12.99,22.99]"],
  [STORE, "$..book[?(2 > 0)].price", "[8.95,12.99,8.99,22.99]"],
  // One node is its value, whatever the form of the expression.
  [STORE, "$..book[2].title", '"Moby Dick"'],
  [STORE, "$..book[-1:].title", '"The Lord of the Rings"'],
  [STORE, "$..bicycle", '{"color":"red","price":19.95}'],
  [STORE, "$.store.book[?(@.published==true)].title", '"Moby Dick"'],
  [STORE, "$..book[?match(@.title,'Sword.*')].title", '"Sword of Honour"'],
  [STORE, "$..book[?search(@.author,'Mel')].author", '"Herman Melville"'],
  [STORE, "$..book[?count(@.isbn) == 1].price", "[8.99,22.99]"],
  [STORE, "$..book[?value(@.published) == true].price", "8.99"],
  // No node is nothing.
  [STORE, "$.store.guitar", undefined],
  [STORE, "$..guitar", undefined],
  [STORE, "$.store.book[4]", undefined],
  [STORE, "$..book[2:2]", undefined],
  [STORE, "$.store[0]", undefined],
  [STORE, "$..book[?(@.isbn)].not_exist", undefined],
  [STORE, "$..book[?(@.price == 10.00)]", undefined],
  [STORE, "$..book[?match(@.title, $.store)]", undefined],
  // Without loss.
  [MIXED, "$['1']", "12345678901234567890"],
  [MIXED, "$['2']", "2.0"],
  [MIXED, "$.one[0][0]", "1.0"],
  [MIXED, "$.one", "[[1.0]]"],
  [MIXED, "$.__proto__.x", "null"],
  [MIXED, "$.__proto__.toString", undefined],
  [MIXED, "$.toString", undefined],
  [MIXED, "$.hasOwnProperty", '"own"'],
  [MIXED, "$['']", '"no name"'],
  [MIXED, "$.empty", "[]"],
  [MIXED, "$.empty[*]", undefined],
  [MIXED, "$['b','2','1']", "[1,2.0,12345678901234567890]"],
  [MIXED, "$[?@ == 1]", "1"],
  [MIXED, "$[?@ > 1]", "[2.0,12345678901234567890]"],
  [MIXED, "$.사람[*].이름", '["철수","영희"]'],
  [MIXED, "$['사람'][?(@['이름'] == '영희')].id", "2"],
  [MIXED, "$.사람[?@.이름 == '\\uc601\\ud76c'].id", "2"],
  [parseJson("[1,2]"), "$", "[1,2]"],
  [parseJson("null"), "$", "null"],
  [parseJson('"글"'), "$.length", undefined],
];

for (const [document, expression, json] of found) {
  test(`JSONPath ${expression} finds ${json ?? "nothing"}`, () => {
    const value = queryJson(document, expression, SOURCE);
    assert.equal(value && jsonText(value), json);
  });
}

test("JSONPath wildcards keep the document's order, though some names look like numbers", () => {
  const object = parseJson('{"b":1,"10":2,"9":{"z":3,"0":4}}');
  assert.deepEqual(queryJson(object, "$.*", SOURCE), parseJson('[1,2,{"z":3,"0":4}]'));
  assert.deepEqual(queryJson(object, "$..*", SOURCE), parseJson('[1,2,{"z":3,"0":4},3,4]'));
});

const invalid: readonly (readonly [expression: string, reason: string])[] = [
  ["", "it breaks off"],
  ["xxx", "expected '$', found 'x', at column 1"],
  ["$.", "it breaks off"],
  ["$.tags[]", "empty bracketed segment, at column 7"],
  ["$.tags[0]x", "expected '.', '..' or a bracketed selection, found 'x', at column 10"],
  ["$.items[?match(@.name)]", "match() takes 2 arguments, 1 given, at column 10"],
  ["$.items[?foo(@)]", "no such function 'foo', at column 10"],
];

for (const [expression, reason] of invalid) {
  test(`JSONPath '${expression}' is not valid: ${reason}`, () => {
    assert.throws(() => queryJson(STORE, expression, SOURCE), {
      name: "Failure",
      code: "INVALID_JSONPATH",
      title: "Invalid JSONPath",
      source: SOURCE,
      detail: { form: "caret", text: `JSONPath expression '${expression}' is not valid: ${reason}` },
    });
  });
}

test("JSONPath finds more nodes than a call can have arguments, and reaches a thousand levels", () => {
  const wide = queryJson(parseJson(`[${"1,".repeat(200_000)}1]`), "$..*", SOURCE);
  assert.equal(wide?.kind === "list" && wide.items.length, 200_001);
  const deep = queryJson(parseJson(`${"[".repeat(1000)}${"]".repeat(1000)}`), "$..*", SOURCE);
  assert.equal(deep?.kind === "list" && deep.items.length, 999);
});

test("every member of an object is found by its name, whatever the name is", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.integer(), { minKeys: 1 }), (object) => {
      const document = parseJson(JSON.stringify(object));
      for (const [name, value] of Object.entries(object)) {
        const found = queryJson(document, `$[${JSON.stringify(name)}]`, SOURCE);
        assert.deepEqual(found, { kind: "integer", value: BigInt(value) });
      }
    }),
  );
});
