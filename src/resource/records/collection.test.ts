// The collection as a client sees it: filters, sorting, pages, forms, and answers that are too long to be gathered.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ServedRecords, serveRecords } from "../../../test/served-records.ts";
import { putRow } from "../../store/table.ts";
import { compareRanks } from "./filter.ts";
import { pairsOf, queryOf } from "./query.ts";

const ZOO = {
  Pingping: { type: "snail", age: "1", leg: "0", owner: { name: "Kim" }, tags: ["slow", "small"] },
  나비: { type: "고양이", age: 3, leg: 4, owner: { name: "이" }, alive: true },
  Rex: { type: "dog", age: 10, leg_count: 4, owner: null, tags: [] },
  Old: { type: "snail", age: "old", "a.b": 1, name: "Zed" },
  Bare: {},
};

async function zoo(t: Parameters<typeof serveRecords>[0]): Promise<ServedRecords> {
  const served = await serveRecords(t);
  await served.fill(ZOO);
  return served;
}

async function names(served: ServedRecords, query: string): Promise<string[]> {
  const answer = await served.ask("GET", `/animals/?${encodeURI(query)}${query === "" ? "" : "&"}as=list`);
  assert.equal(answer.status, 200, answer.text);
  return (JSON.parse(answer.text) as { name: string }[]).map(({ name }) => name);
}

test("GET / gives one object with every name and its record, in the order of creation", async (t) => {
  const served = await zoo(t);
  const all = await served.ask("GET", "/animals/");
  assert.equal(all.status, 200);
  assert.equal(all.text, JSON.stringify(ZOO));
  assert.equal(all.fields.get("content-type"), "application/json");
  assert.equal(all.fields.get("x-total-count"), "5");
  assert.equal(all.fields.get("content-length"), String(Buffer.byteLength(JSON.stringify(ZOO))));
  assert.equal(all.fields.get("link"), undefined);
  const head = await served.ask("HEAD", "/animals/");
  const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
  assert.equal(dateless(head.head), dateless(all.head));
});

test("an empty collection is an empty object, or an empty list", async (t) => {
  const { ask } = await serveRecords(t);
  assert.equal((await ask("GET", "/animals/")).text, "{}");
  const list = await ask("GET", "/animals/?as=list&limit=3");
  assert.equal(list.text, "[]");
  assert.equal(list.fields.get("x-total-count"), "0");
  assert.equal(
    list.fields.get("link"),
    '</animals/?as=list&limit=3&offset=0>; rel="first", </animals/?as=list&limit=3&offset=0>; rel="last"',
  );
});

test("?as=list has the names in the records; a member called name gives way", async (t) => {
  const served = await zoo(t);
  const list = JSON.parse((await served.ask("GET", "/animals/?as=list")).text) as unknown[];
  assert.deepEqual(list[0], { name: "Pingping", ...ZOO.Pingping });
  assert.deepEqual(list[3], { name: "Old", type: "snail", age: "old", "a.b": 1 });
  assert.deepEqual(list[4], { name: "Bare" });
});

const filters: readonly [query: string, ...names: string[]][] = [
  ["type=snail", "Pingping", "Old"],
  ["type=고양이", "나비"],
  ["age=1", "Pingping"],
  ["age=3", "나비"],
  ["age=3.0", "나비"],
  ["age=1e1", "Rex"],
  ["age_gte=3", "나비", "Rex", "Old"],
  ["age_gte=3&age_lte=99", "나비", "Rex"],
  ["age_lt=3", "Pingping"],
  ["age_gt=3", "Rex", "Old"],
  ["type=snail&age=1", "Pingping"],
  ["type=snail&type=dog"],
  ["type_ne=snail", "나비", "Rex", "Bare"],
  ["type_in=dog,고양이", "나비", "Rex"],
  ["age_in=1,10", "Pingping", "Rex"],
  ["type_contains=nai", "Pingping", "Old"],
  ["tags_contains=small", "Pingping"],
  ["tags_contains=sma"],
  ["type_startsWith=s", "Pingping", "Old"],
  ["age_startsWith=1", "Pingping", "Rex"],
  ["leg_count=4", "Rex"],
  ["leg_count_gte=4", "Rex"],
  ["type_eq=dog", "Rex"],
  ["owner.name=Kim", "Pingping"],
  ["owner.name_startsWith=이", "나비"],
  ["owner=null", "Rex"],
  ["owner_gte=a"],
  ["owner_lt=z"],
  ["alive_gt=a"],
  ["tags_gte=1"],
  ["alive=true", "나비"],
  ["tags.1=small", "Pingping"],
  ["tags.length=2"],
  ["tags=[]", "Rex"],
  ["name=Rex", "Rex"],
  ["name_gte=R", "나비", "Rex"],
  ["/name=Zed", "Old"],
  ["/a.b=1", "Old"],
  ["/owner/name=Kim", "Pingping"],
  ["a.b=1"],
  ["toString_contains=native"],
  ["__proto___ne=x", "Pingping", "나비", "Rex", "Old", "Bare"],
  ["constructor.name=Object"],
  ["missing="],
  ["sort=name", "Bare", "Old", "Pingping", "Rex", "나비"],
  ["sort=-name", "나비", "Rex", "Pingping", "Old", "Bare"],
  ["sort=age", "Pingping", "나비", "Rex", "Old", "Bare"],
  ["sort=-age", "Old", "Rex", "나비", "Pingping", "Bare"],
  ["sort=type,-name", "Rex", "Pingping", "Old", "나비", "Bare"],
  ["sort=owner.name", "Pingping", "나비", "Rex", "Old", "Bare"],
  ["sort=nothing", "Pingping", "나비", "Rex", "Old", "Bare"],
  ["limit=2", "Pingping", "나비"],
  ["limit=2&offset=3", "Old", "Bare"],
  ["offset=4", "Bare"],
  ["offset=9"],
  ["limit=0"],
  ["sort=-age&type=snail&limit=1", "Old"],
];
for (const [query, ...expected] of filters) {
  test(`?${query} gives ${expected.length === 0 ? "nothing" : expected.join(", ")}`, async (t) => {
    assert.deepEqual(await names(await zoo(t), query), expected);
  });
}

const refused: readonly [query: string, detail: RegExp][] = [
  ["limit=x", /limit="x": it is a whole number/],
  ["limit=-1", /limit/],
  ["limit=1.5", /limit/],
  ["limit=", /limit/],
  ["offset=1e3", /offset/],
  ["limit=1&limit=2", /limit twice/],
  ["as=table", /"object" or "list"/],
  ["sort=", /field ""/],
  ["sort=a,,b", /field ""/],
  ["/~2=1", /JSON Pointer/],
  ["fields=a,/~", /JSON Pointer/],
  ["a=%FF", /escapes spell UTF-8/],
  ["watch&type=snail", /"type"/],
  ["schema&type=snail", /"type"/],
];
for (const [query, detail] of refused) {
  test(`?${query} is refused with 400`, async (t) => {
    const { ask } = await serveRecords(t);
    const answer = await ask("GET", `/animals/?${query}`);
    assert.equal(answer.status, 400);
    assert.match((JSON.parse(answer.text) as { detail: string }).detail, detail);
  });
}

test("?fields leaves everything else out, also of objects within", async (t) => {
  const { ask, fill } = await serveRecords(t);
  await fill({
    a: { x: 1, y: 2, o: { p: 1, q: 2 }, "d.e": 5 },
    b: { y: 3 },
    c: JSON.parse('{"__proto__":{"z":1},"x":2}') as object,
  });
  const text = async (query: string): Promise<string> => (await ask("GET", `/animals/?${query}`)).text;
  assert.equal(await text("fields=y,x"), '{"a":{"y":2,"x":1},"b":{"y":3},"c":{"x":2}}');
  assert.equal(await text("fields=o.q,/d.e"), '{"a":{"o":{"q":2},"d.e":5},"b":{},"c":{}}');
  assert.equal(await text("fields=__proto__.z,x"), '{"a":{"x":1},"b":{},"c":{"__proto__":{"z":1},"x":2}}');
  assert.equal(await text("fields=name,y&as=list"), '[{"name":"a","y":2},{"name":"b","y":3},{"name":"c"}]');
  assert.equal(({} as { z?: unknown }).z, undefined);
});

test("the pages of a limit lead to each other, with the rest of the query", async (t) => {
  const { ask, fill } = await serveRecords(t);
  await fill(
    Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`n${index}`, { index, 종: "달팽이" }])),
  );
  const first = await ask("GET", `/animals/?limit=4&${encodeURI("종=달팽이")}&sort=-index`);
  assert.equal(first.fields.get("x-total-count"), "10");
  const relations = (link = ""): Record<string, string> =>
    Object.fromEntries([...link.matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, target, rel]) => [rel, target]));
  const one = relations(first.fields.get("link"));
  assert.deepEqual(Object.keys(one), ["first", "next", "last"]);
  const second = await ask("GET", one.next ?? "");
  assert.deepEqual(Object.keys(JSON.parse(second.text) as object), ["n5", "n4", "n3", "n2"]);
  const two = relations(second.fields.get("link"));
  assert.deepEqual(Object.keys(two), ["first", "prev", "next", "last"]);
  assert.equal(two.prev, two.first);
  const last = await ask("GET", two.last ?? "");
  assert.deepEqual(Object.keys(JSON.parse(last.text) as object), ["n1", "n0"]);
  assert.deepEqual(Object.keys(relations(last.fields.get("link"))), ["first", "prev", "last"]);
  const beyond = relations((await ask("GET", "/animals/?limit=4&offset=99")).fields.get("link"));
  assert.equal(beyond.prev, "/animals/?limit=4&offset=8");
});

test("the collection has a weak entity tag that changes with every write, and 304 while it does not", async (t) => {
  const { ask, fill, send } = await zoo(t);
  const etag = (await ask("GET", "/animals/")).fields.get("etag") ?? "";
  assert.match(etag, /^W\/"[0-9a-z-]+"$/);
  const unchanged = await ask("GET", "/animals/", { "If-None-Match": etag });
  assert.equal(unchanged.status, 304);
  assert.equal(unchanged.fields.get("etag"), etag);
  await fill({ New: {} });
  assert.equal((await ask("GET", "/animals/", { "If-None-Match": etag })).status, 200);
  assert.equal((await ask("GET", "/animals/", { "If-Match": '"other"' })).status, 412);
  assert.equal((await send("POST", "/animals/", {}, { "If-None-Match": "*" })).status, 412);
});

test("rows that are no records are in no answer and in no count", async (t) => {
  const { ask, table, fill } = await serveRecords(t);
  const foreign: readonly [key: string, mediaType: string, value: string | Uint8Array][] = [
    ["text", "text/plain", "{}"],
    ["list", "application/json", "[1]"],
    ["broken", "application/json", '{"a":1'],
    ["bytes", "application/json", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ["marked", "application/json", "\ufeff{}"],
    ["deep", "application/json", `${'{"a":'.repeat(2000)}1${"}".repeat(2000)}`],
  ];
  for (const [key, mediaType, value] of foreign)
    await putRow(table, key, { value: Buffer.from(value), mediaType });
  await fill({ a: { x: 1 } });
  await putRow(table, "b", {
    value: Buffer.from(' { "x" : 2 }\n'),
    mediaType: "application/json; charset=utf-8",
  });
  for (const query of ["", "?sort=x", "?x_gte=0", "?limit=9"]) {
    const all = await ask("GET", `/animals/${query}`);
    assert.deepEqual(JSON.parse(all.text), { a: { x: 1 }, b: { x: 2 } });
    assert.equal(all.fields.get("x-total-count"), "2");
  }
  for (const [key] of foreign) assert.equal((await ask("GET", `/animals/${key}`)).status, 404);
});

test("more than fits in memory is sent while it is read, and whole", async (t) => {
  const { ask, fill, table } = await serveRecords(t);
  const text = "x".repeat(100_000);
  await fill(Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`n${index}`, { index, text }])));
  const all = await ask("GET", "/animals/");
  assert.equal(all.fields.get("transfer-encoding"), "chunked");
  assert.equal(all.fields.get("x-total-count"), undefined);
  const object = JSON.parse(all.text) as Record<string, { index: number }>;
  assert.deepEqual(
    Object.values(object).map(({ index }) => index),
    Array.from({ length: 120 }, (_, index) => index),
  );
  const some = await ask("GET", "/animals/?index_gte=5&as=list&offset=3");
  assert.deepEqual(
    (JSON.parse(some.text) as { index: number }[]).map(({ index }) => index),
    Array.from({ length: 112 }, (_, index) => index + 8),
  );
  // A page, and one of few fields, are counted.
  const page = await ask("GET", "/animals/?limit=2&offset=100");
  assert.equal(page.fields.get("x-total-count"), "120");
  assert.deepEqual(Object.keys(JSON.parse(page.text) as object), ["n100", "n101"]);
  const slim = await ask("GET", "/animals/?fields=index&sort=-index&limit=1");
  assert.equal(slim.text, '{"n119":{"index":119}}');
  await fill(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`m${index}`, { text }])));
  for (const query of ["sort=index", "limit=10000"]) {
    const refusal = await ask("GET", `/animals/?${query}`);
    assert.equal(refusal.status, 422);
    assert.match(refusal.text, /Cannot (?:sort|send) so/);
  }
  assert.equal((await table.list({ limit: 1000 })).rows.length, 720);
});

test("a query is read back as it was written", () => {
  const texts = fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, texts)), (pairs) => {
      assert.deepEqual(pairsOf(queryOf(pairs)), pairs);
    }),
  );
});

test("the order of values is a total one: numbers before texts, what is missing last", () => {
  const values = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.constantFrom("1", "01", "1e2", true, null, undefined, "é", "🐌", "\uffff"),
  );
  const keys = [{ path: ["x"], descending: false }];
  const compare = (a: unknown, b: unknown): number => Math.sign(compareRanks([a], [b], keys));
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      assert.equal(compare(a, b), -compare(b, a) + 0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
    }),
    { numRuns: 2000 },
  );
});
