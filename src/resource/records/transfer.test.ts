// Import and export: what comes back is what went out, and an import that fails says where, and how far it came.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createMemoryTable } from "../../store/memory/table.ts";
import { putRow, type Table } from "../../store/table.ts";
import { ImportError } from "./batch.ts";
import { exportRecords, type ImportOptions, type ImportProgress, importRecords } from "./transfer.ts";

async function* pieces(
  text: string | Uint8Array,
  size = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, Math.min(bytes.length, at + size));
}

function load(table: Table, text: string | Uint8Array, options: ImportOptions = {}): Promise<ImportProgress> {
  return importRecords(table, pieces(text), options);
}

async function dump(table: Table): Promise<string> {
  let text = "";
  for await (const piece of exportRecords(table)) text += piece;
  return text;
}

async function faultOf(loading: Promise<unknown>): Promise<ImportError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ImportError, String(error));
  return error;
}

const ZOO = `{
"Pingping": {"type":"snail","age":"1","leg":"0"},
"나비": {"type":"고양이","age":3},
"__proto__": {"__proto__":{"polluted":1}}
}
`;

test("an export is one JSON object, a record on each line, and reads back as it is", async () => {
  const table = createMemoryTable();
  assert.equal(await dump(table), "{}\n");
  assert.deepEqual(await load(table, ZOO), { bytes: Buffer.byteLength(ZOO), records: 3, kept: 0 });
  assert.equal(await dump(table), ZOO);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("a file may come in pieces of any size, and begin with a byte order mark", async () => {
  for (const size of [1, 2, 3, 7, 64]) {
    const table = createMemoryTable();
    await importRecords(table, pieces(`\ufeff${ZOO}`, size));
    assert.equal(await dump(table), ZOO);
  }
});

test("a list is taken by the member name, which is taken out, or by id, which stays", async () => {
  const table = createMemoryTable();
  await load(table, '[{"name":"Pingping","age":1},{"id":7,"title":"seven"},{"id":"x"}]');
  assert.equal(
    await dump(table),
    '{\n"Pingping": {"age":1},\n"7": {"id":7,"title":"seven"},\n"x": {"id":"x"}\n}\n',
  );
});

test("rows of any kind come back byte for byte, with their media type and their end", async () => {
  const rows: readonly [key: string, mediaType: string, value: string | Uint8Array, expires?: number][] = [
    ["record", "application/json", '{"a":1}'],
    ["laid out", "application/json", '{ "a": 1.0 }\n'],
    ["no object", "application/json", "[1]"],
    ["broken", "application/json", "{"],
    ["typed", "application/ld+json", '{"a":1}'],
    ["text", "text/plain; charset=utf-8", "안녕\n"],
    ["marked", "text/plain", "\ufeffa"],
    ["bytes", "application/octet-stream", Uint8Array.of(0, 255, 128)],
    ["empty", "text/plain", ""],
    ["mortal", "application/json", '{"a":1}', 4_102_444_800_000],
    ["looks raw", "application/json", '{"$type":"text/plain","$text":"x"}'],
    ["nearly raw", "application/json", '{"$type":"text/plain","$text":"x","more":1}'],
  ];
  const [from, to] = [createMemoryTable(), createMemoryTable()];
  for (const [key, mediaType, value, expires] of rows) {
    await putRow(from, key, { value: Buffer.from(value), mediaType, expires });
  }
  const text = await dump(from);
  JSON.parse(text);
  await load(to, text);
  assert.equal(await dump(to), text);
  for (const [key, mediaType, value, expires] of rows) {
    const row = await to.get(key);
    assert.equal(row?.mediaType, mediaType);
    assert.deepEqual(Buffer.from(row?.value ?? []), Buffer.from(value));
    assert.equal(row?.expires, expires);
  }
  assert.match(text, /^"record": \{"a":1\},$/m);
  assert.match(text, /^"text": \{"\$type":"text\/plain; charset=utf-8","\$text":"안녕\\n"\},$/m);
});

test("what JSON can say of objects under names comes through import and export unchanged", async () => {
  const names = fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((name) => !/\p{Surrogate}/u.test(name));
  const records = fc.dictionary(names, fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }));
  await fc.assert(
    fc.asyncProperty(records, fc.integer({ min: 1, max: 50 }), async (zoo, size) => {
      const table = createMemoryTable();
      await importRecords(table, pieces(JSON.stringify(zoo, undefined, 1), size));
      assert.deepEqual(JSON.parse(await dump(table)), JSON.parse(JSON.stringify(zoo)));
    }),
  );
});

test("names that are there are replaced, kept, or end the import", async () => {
  const file = '{"a":{"v":2},"b":{"v":2},"c":{"v":2}}';
  const make = async (): Promise<Table> => {
    const table = createMemoryTable();
    await load(table, '{"b":{"v":1}}');
    return table;
  };
  const replaced = await make();
  assert.deepEqual(await load(replaced, file), { bytes: file.length, records: 3, kept: 0 });
  assert.deepEqual(JSON.parse(await dump(replaced)), { a: { v: 2 }, b: { v: 2 }, c: { v: 2 } });

  const kept = await make();
  assert.deepEqual(await load(kept, file, { onExisting: "keep" }), {
    bytes: file.length,
    records: 2,
    kept: 1,
  });
  assert.deepEqual(JSON.parse(await dump(kept)), { a: { v: 2 }, b: { v: 1 }, c: { v: 2 } });

  const failed = await make();
  const error = await faultOf(load(failed, file, { onExisting: "fail" }));
  assert.equal(error.code, "RECORD_EXISTS");
  assert.equal(
    error.message,
    'Cannot import line 1: there is a record "b" already. The 1 before it is in the store',
  );
  assert.deepEqual(JSON.parse(await dump(failed)), { a: { v: 2 }, b: { v: 1 } });
});

test("of a name that stands twice in a file the last counts, or the first with keep", async () => {
  const twice = '{"a":{"v":1},"a":{"v":2}}';
  const replaced = createMemoryTable();
  await load(replaced, twice);
  assert.equal(await dump(replaced), '{\n"a": {"v":2}\n}\n');
  const kept = createMemoryTable();
  assert.equal((await load(kept, twice, { onExisting: "keep" })).kept, 1);
  assert.equal(await dump(kept), '{\n"a": {"v":1}\n}\n');
});

const SCHEMA = { properties: { age: { type: "number" } } };

const faults: readonly [
  file: string,
  code: ImportError["code"],
  line: number,
  records: number,
  why: RegExp,
][] = [
  ["", "FILE_INVALID", 1, 0, /line 1, column 1: it is empty/],
  [" \n", "FILE_INVALID", 2, 0, /it is empty/],
  ["5", "FILE_INVALID", 1, 0, /begin with \{ or \[/],
  ['"a"', "FILE_INVALID", 1, 0, /begin with \{ or \[/],
  ['{"a":{},\n"b":{},}', "FILE_INVALID", 2, 2, /line 2, column 7: a comma may not stand/],
  ['{"a":{},\n\n"b" {}}', "FILE_INVALID", 3, 1, /line 3, column 5: a colon is missing/],
  ['{"a":{},\nb:{}}', "FILE_INVALID", 2, 1, /line 2, column 1: the name "b" has no double quotes/],
  ['{"a":{},"b":{"안":1,}}', "FILE_INVALID", 1, 1, /column 19: a comma may not/],
  ['{"a":{},,"b":{}}', "FILE_INVALID", 1, 1, /column 9: something is missing/],
  ['{"a":{},"b":[}}', "FILE_INVALID", 1, 1, /column 14: a value is missing before "}"/],
  ['[{"id":1}}', "FILE_INVALID", 1, 0, /column 10: "}" closes/],
  ['{"a":{"x":"1\n,"b":{}}', "FILE_INVALID", 1, 0, /column 13: a text ends/],
  ['{"a":1 "b":{}}', "FILE_INVALID", 1, 0, /column 8: a comma is missing/],
  ['{"a":{},\n"b":{"c":1', "FILE_INVALID", 2, 1, /closing "}" is missing/],
  ['{"a":{},\n', "FILE_INVALID", 2, 1, /closing "}" is missing/],
  ["[", "FILE_INVALID", 1, 0, /closing "]" is missing/],
  ['{"a":{}}\n{}', "FILE_INVALID", 2, 1, /line 2, column 1: it goes on after its end/],
  ['{"a":{},\n"b":5}', "RECORD_INVALID", 2, 1, /"b" is a number, and a record is/],
  ['{"a":null}', "RECORD_INVALID", 1, 0, /"a" is null/],
  ['{\n"a":{},\n\n"b":5\n\n}', "RECORD_INVALID", 4, 1, /line 4: "b" is a number/],
  ["[[]]", "RECORD_INVALID", 1, 0, /an item of the list is a list/],
  ['[{"x":1}]', "RECORD_INVALID", 1, 0, /neither a "name" nor an "id"/],
  ['{"":{}}', "RECORD_INVALID", 1, 0, /empty key/],
  [`{"${"x".repeat(1025)}":{}}`, "RECORD_INVALID", 1, 0, /1025 bytes/],
  ['{"a":{"age":1},"b":\n{"age":"1"}}', "RECORD_INVALID", 1, 1, /\/age must be a number/],
  ['{"a":{"$type":"x/y\\r\\nSet-Cookie: a=b","$text":""}}', "RECORD_INVALID", 1, 0, /no media type/],
  ['{"a":{"$type":"그림","$text":""}}', "RECORD_INVALID", 1, 0, /no media type/],
  ['{"a":{},"b":{"n":[-1e999]}}', "RECORD_INVALID", 1, 1, /of "b", a number is/],
  [
    '{"a":{"$type":"application/json","$text":"{\\"age\\":\\"1\\"}"}}',
    "RECORD_INVALID",
    1,
    0,
    /\/age must be a number/,
  ],
  ['{"a":{"$type":"x/y","$base64":"?"}}', "RECORD_INVALID", 1, 0, /not in Base64/],
  [`{"a":${'{"b":'.repeat(1001)}1${"}".repeat(1001)}}`, "RECORD_INVALID", 1, 0, /deeper than 1000/],
  [`{"a":${'{"b":'.repeat(9000)}1${"}".repeat(9000)}}`, "FILE_INVALID", 1, 0, /too deep/],
];
for (const [file, code, line, records, why] of faults) {
  test(`an import of ${JSON.stringify(file.slice(0, 40))} ends on line ${line} with ${records} before it`, async () => {
    for (const size of [1, 5, 100_000]) {
      const table = createMemoryTable();
      const error = await faultOf(importRecords(table, pieces(file, size), { schema: SCHEMA }));
      assert.match(error.message, why);
      assert.deepEqual([error.code, error.line, error.records], [code, line, records]);
      assert.equal((await table.list()).rows.length, records);
    }
  });
}

test("bytes that are no UTF-8 end an import", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":{},\n"b":{"c":"'),
    Buffer.from([0xbe, 0xc8]),
    Buffer.from('"}}'),
  ]);
  const table = createMemoryTable();
  const error = await faultOf(load(table, bytes));
  assert.deepEqual([error.code, error.line, error.records], ["FILE_INVALID", 1, 1]);
});

test("a schema that is none is told before anything is read", async () => {
  await assert.rejects(load(createMemoryTable(), "{}", { schema: { type: "objct" } }), {
    code: "SCHEMA_INVALID",
  });
});

test("more records than a transaction takes arrive all, with progress", async () => {
  const table = createMemoryTable();
  const names = Array.from({ length: 2345 }, (_, index) => `record ${index}`);
  const file = JSON.stringify(Object.fromEntries(names.map((name) => [name, { name }])));
  const steps: ImportProgress[] = [];
  await importRecords(table, pieces(file, 1000), { onProgress: (step) => steps.push(step) });
  assert.deepEqual(Object.keys(JSON.parse(await dump(table)) as object), names);
  assert.deepEqual(
    steps.map(({ records }) => records),
    [500, 1000, 1500, 2000, 2345],
  );
  assert.equal(steps.at(-1)?.bytes, file.length);
});
