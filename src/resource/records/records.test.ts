// The records resource as a client sees it: one record, every method, conditions, schema, methods. The collection's
// queries, watches and transfers have their own tests.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serveHandler } from "../../../test/served-handler.ts";
import { serveRecords } from "../../../test/served-records.ts";
import { createMemoryTable } from "../../store/memory/table.ts";
import { putRow, removeRow } from "../../store/table.ts";
import { RECORDS_METHODS, recordsHandler } from "./records.ts";

const SNAIL = { type: "snail", age: "1", leg: "0" };
const MERGE = "application/merge-patch+json";
const PATCH = "application/json-patch+json";

interface Document {
  readonly detail: string;
  readonly [member: string]: unknown;
}

function problem(text: string): Document {
  return JSON.parse(text) as Document;
}

const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");

test("A record is created, read, replaced, patched and removed", async (t) => {
  const { ask, send, faults } = await serveRecords(t);
  assert.equal((await ask("GET", "/animals/Pingping")).status, 404);

  const created = await send("POST", "/animals/Pingping", SNAIL);
  assert.equal(created.status, 201);
  assert.equal(created.text, '{"Pingping":{"type":"snail","age":"1","leg":"0"}}');
  assert.equal(created.fields.get("location"), "/animals/Pingping");
  assert.equal(created.fields.get("content-location"), "/animals/Pingping");
  assert.equal(created.fields.get("content-type"), "application/json");

  const got = await ask("GET", "/animals/Pingping");
  assert.equal(got.status, 200);
  assert.equal(got.text, created.text);
  assert.equal(got.fields.get("content-type"), "application/json");
  assert.equal(got.fields.get("content-length"), String(got.body.length));
  assert.match(got.fields.get("etag") ?? "", /^"[0-9a-z-]+"$/);
  assert.equal(got.fields.get("etag"), created.fields.get("etag"));
  assert.equal(got.fields.get("last-modified"), created.fields.get("last-modified"));
  assert.equal(got.fields.get("cache-control"), "no-cache");
  assert.equal(got.fields.get("x-content-type-options"), "nosniff");
  const head = await ask("HEAD", "/animals/Pingping");
  assert.equal(dateless(head.head), dateless(got.head));
  assert.equal(head.body.length, 0);

  const taken = await send("POST", "/animals/Pingping", { type: "dog" });
  assert.equal(taken.status, 409);
  assert.equal((await ask("GET", "/animals/Pingping")).text, created.text);

  const replaced = await send("PUT", "/animals/Pingping", { ...SNAIL, age: "2" });
  assert.equal(replaced.status, 200);
  assert.equal(replaced.text, '{"Pingping":{"type":"snail","age":"2","leg":"0"}}');
  assert.equal(replaced.fields.get("location"), undefined);
  // GET gives more than was sent.  RFC 9110, 9.3.4
  assert.equal(replaced.fields.get("etag"), undefined);
  assert.equal(replaced.fields.get("last-modified"), undefined);

  const put = await send("PUT", encodeURI("/animals/나비"), {});
  assert.equal(put.status, 201);
  assert.equal(put.text, '{"나비":{}}');
  assert.equal(put.fields.get("location"), "/animals/%EB%82%98%EB%B9%84");

  const merged = await send("PATCH", "/animals/Pingping", { leg: null, age: 3 }, { "Content-Type": MERGE });
  assert.equal(merged.status, 200);
  assert.equal(merged.text, '{"Pingping":{"type":"snail","age":3}}');
  assert.equal(merged.fields.get("etag"), (await ask("GET", "/animals/Pingping")).fields.get("etag"));

  const operations = [
    { op: "test", path: "/age", value: 3 },
    { op: "add", path: "/tags", value: ["느림"] },
  ];
  const patched = await send("PATCH", "/animals/Pingping", operations, { "Content-Type": PATCH });
  assert.equal(patched.status, 200);
  assert.equal(patched.text, '{"Pingping":{"type":"snail","age":3,"tags":["느림"]}}');

  const removed = await ask("DELETE", "/animals/Pingping");
  assert.equal(removed.status, 200);
  assert.equal(removed.text, "Deleted Pingping\n");
  assert.equal((await ask("DELETE", "/animals/Pingping")).status, 404);
  assert.equal((await ask("GET", "/animals/Pingping")).status, 404);
  assert.equal((await send("PATCH", "/animals/Pingping", {}, { "Content-Type": MERGE })).status, 404);
  assert.deepEqual(faults, []);
});

test("POST / makes names that differ and sort by their time", async (t) => {
  const { ask, send, table } = await serveRecords(t);
  const hrefs: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    const created = await send("POST", "/animals/", { index });
    assert.equal(created.status, 201);
    const href = created.fields.get("location") ?? "";
    assert.match(href, /^\/animals\/[0-9a-z]{12}$/);
    assert.equal((await ask("GET", href)).text, created.text);
    assert.equal(created.text, `{"${href.slice("/animals/".length)}":{"index":${index}}}`);
    hrefs.push(href);
  }
  assert.equal(new Set(hrefs).size, 20);
  assert.equal((await table.list()).rows.length, 20);
  const times = hrefs.map((href) => href.slice(0, -4));
  assert.deepEqual(times, times.toSorted());
});

describe("A name may be any text:", () => {
  const names = [
    "나비",
    "a/b",
    "a//b/",
    "..",
    "?&=#",
    "%2F",
    "a b",
    "\u0000\n",
    "🐌",
    "__proto__",
    "constructor",
    '"\\',
    "x".repeat(1024),
  ];
  for (const name of names) {
    test(JSON.stringify(name.slice(0, 20)), async (t) => {
      const { ask, send } = await serveRecords(t);
      const target = `/animals/${encodeURIComponent(name)}`;
      const created = await send("PUT", target, SNAIL);
      assert.equal(created.status, 201, created.text);
      assert.equal(created.text, `{${JSON.stringify(name)}:${JSON.stringify(SNAIL)}}`);
      assert.equal((await ask("GET", created.fields.get("location") ?? "")).text, created.text);
      assert.equal((await ask("GET", "/animals/")).text, created.text);
      assert.equal((await ask("DELETE", target)).status, 200);
      assert.equal((await ask("GET", "/animals/")).text, "{}");
    });
  }
});

test("names that are none are refused when written and missing when read", async (t) => {
  const { ask, send } = await serveRecords(t);
  const long = "x".repeat(1025);
  assert.equal((await ask("GET", `/animals/${long}`)).status, 404);
  assert.equal((await send("PUT", `/animals/${long}`, {})).status, 414);
  assert.equal((await ask("DELETE", `/animals/${long}`)).status, 414);
  assert.equal((await ask("GET", "/animals/%ff")).status, 400);
  assert.equal((await ask("GET", "/animals/%ED%A0%80")).status, 400);
});

const bodies: readonly {
  readonly name: string;
  readonly method?: string;
  readonly type?: string | undefined;
  readonly body: string | Uint8Array;
  readonly status: number;
  readonly detail?: RegExp;
  readonly members?: object;
  readonly field?: readonly [name: string, value: string];
}[] = [
  { name: "a charset that JSON has", type: "application/json; charset=utf-8", body: "{}", status: 201 },
  { name: "another type of JSON", type: "application/ld+json", body: "{}", status: 201 },
  { name: "no type at all", type: undefined, body: "{}", status: 201 },
  { name: "the same members twice", body: '{"a":1,"a":2}', status: 201 },
  {
    name: "what curl -d sends",
    type: "application/x-www-form-urlencoded",
    body: '{"type":"snail"}',
    status: 415,
    detail: /-H 'Content-Type: application\/json'/,
    field: ["accept", "application/json"],
  },
  {
    name: "the same by POST",
    method: "POST",
    type: "text/plain",
    body: "{}",
    status: 415,
    field: ["accept-post", "application/json"],
  },
  {
    name: "a charset that JSON does not have",
    type: "application/json; charset=euc-kr",
    body: "{}",
    status: 415,
  },
  { name: "a patch by PUT", type: MERGE, body: "{}", status: 415 },
  {
    name: "JSON by PATCH",
    method: "PATCH",
    body: "{}",
    status: 415,
    field: ["accept-patch", `${MERGE}, ${PATCH}`],
  },
  { name: "PATCH without a type", method: "PATCH", type: undefined, body: "{}", status: 415 },
  {
    name: "a trailing comma",
    body: '{\n  "type": "달팽이",\n}',
    status: 400,
    detail: /line 2, column 16: a comma may not stand before "}"/,
    members: { line: 2, column: 16 },
  },
  { name: "an empty body", body: "", status: 400, detail: /it is empty/ },
  { name: "no UTF-8", body: Uint8Array.of(0x22, 0xbe, 0xc8, 0x22), status: 400, detail: /not UTF-8/ },
  { name: "deep JSON", body: "[".repeat(65), status: 400, detail: /deeper than 64/, members: { limit: 64 } },
  { name: "huge JSON", body: `{"a":"${"x".repeat(1000)}"}`, status: 413, members: { limit: 1000 } },
  { name: "a list", body: "[]", status: 422, detail: /a record is a JSON object.* this is a list/ },
  { name: "a text", body: '"snail"', status: 422, detail: /this is a text/ },
  { name: "null", body: "null", status: 422, detail: /this is null/ },
  {
    name: "a patch that makes a list of it",
    method: "PATCH",
    type: MERGE,
    body: "[]",
    status: 422,
    detail: /it would become a list/,
  },
  {
    name: "a merge patch that is no JSON",
    method: "PATCH",
    type: MERGE,
    body: "{a:1}",
    status: 400,
    members: { line: 1, column: 2 },
  },
  {
    name: "a malformed JSON Patch",
    method: "PATCH",
    type: PATCH,
    body: '[{"op":"x"}]',
    status: 400,
    members: { operation: 0 },
  },
  {
    name: "a JSON Patch whose test fails",
    method: "PATCH",
    type: PATCH,
    body: '[{"op":"add","path":"/b","value":1},{"op":"test","path":"/old","value":2}]',
    status: 409,
    members: { operation: 1, path: "/old" },
  },
  {
    name: "a JSON Patch of what is not there",
    method: "PATCH",
    type: PATCH,
    body: '[{"op":"remove","path":"/x"}]',
    status: 409,
  },
  {
    name: "a JSON Patch that removes all",
    method: "PATCH",
    type: PATCH,
    body: '[{"op":"remove","path":""}]',
    status: 422,
  },
  {
    name: "a patch that makes it too deep",
    method: "PATCH",
    type: PATCH,
    body: `[{"op":"add","path":"/d","value":${"[".repeat(62)}${"]".repeat(62)}},{"op":"add","path":"/e","value":{"f":{}}},{"op":"move","from":"/d","path":"/e/f/d"}]`,
    status: 422,
    detail: /deeper than 64/,
  },
  {
    name: "a patch that makes it too large",
    method: "PATCH",
    type: PATCH,
    body: JSON.stringify(
      Array.from({ length: 9 }, (_, index) => ({ op: "copy", from: "", path: `/${index}` })),
    ),
    status: 413,
    members: { limit: 1000 },
  },
];
for (const { name, method = "PUT", body, status, detail, members, field, ...rest } of bodies) {
  const type = "type" in rest ? rest.type : "application/json";
  test(`${method} with ${name} gives ${status}`, async (t) => {
    const { ask, fill, faults } = await serveRecords(t, { maxBody: 1000 });
    if (method === "PATCH") await fill({ x: { old: 1 } });
    const before = (await ask("GET", "/animals/")).text;
    const answer = await ask(method, "/animals/x", { "Content-Type": type }, body);
    assert.equal(answer.status, status, answer.text);
    if (status >= 400) {
      const document = problem(answer.text);
      if (detail !== undefined) assert.match(document.detail, detail);
      for (const [member, value] of Object.entries(members ?? {})) assert.deepEqual(document[member], value);
      assert.equal((await ask("GET", "/animals/")).text, before);
    }
    if (field !== undefined) assert.equal(answer.fields.get(field[0]), field[1]);
    assert.deepEqual(faults, []);
  });
}

test("the wrapped form is a record with one member, not unwrapped", async (t) => {
  const { ask, send } = await serveRecords(t);
  await send("PUT", "/animals/Pingping", { Pingping: SNAIL });
  assert.equal(
    (await ask("GET", "/animals/Pingping")).text,
    JSON.stringify({ Pingping: { Pingping: SNAIL } }),
  );
});

test("__proto__ and constructor are members like any other, through every way of writing", async (t) => {
  const { ask, send } = await serveRecords(t);
  const json = { "Content-Type": "application/json" };
  await ask("PUT", "/animals/x", json, '{"__proto__":{"polluted":1}}');
  await ask(
    "PATCH",
    "/animals/x",
    { "Content-Type": MERGE },
    '{"__proto__":{"more":2},"constructor":{"prototype":{"polluted":1}}}',
  );
  await send("PATCH", "/animals/x", [{ op: "add", path: "/__proto__/third", value: 3 }], {
    "Content-Type": PATCH,
  });
  const record = '{"__proto__":{"polluted":1,"more":2,"third":3},"constructor":{"prototype":{"polluted":1}}}';
  assert.equal((await ask("GET", "/animals/x")).text, `{"x":${record}}`);
  assert.equal((await ask("GET", "/animals/?as=list")).text, `[{"name":"x",${record.slice(1)}]`);
  assert.equal((await ask("GET", "/animals/x?fields=__proto__.more")).text, '{"x":{"__proto__":{"more":2}}}');
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("a body in a content coding is refused with 415", async (t) => {
  const { send } = await serveRecords(t);
  const answer = await send("PUT", "/animals/x", {}, { "Content-Encoding": "gzip" });
  assert.equal(answer.status, 415);
});

for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
  test(`a query ends no name that ${method} is for: "who?" is written who%3F`, async (t) => {
    const { ask, send, fill } = await serveRecords(t);
    await fill({ who: SNAIL });
    for (const query of ["?x=1", "?watch"]) {
      assert.equal((await send(method, `/animals/who${query}`, SNAIL)).status, 400);
      assert.equal((await send(method, `/animals/new${query}`, SNAIL)).status, 400);
    }
    assert.equal((await send("POST", "/animals/?watch", SNAIL)).status, 400);
    assert.deepEqual(JSON.parse((await ask("GET", "/animals/")).text), { who: SNAIL });
    assert.equal((await send("PUT", "/animals/who%3F?", SNAIL)).status, 201);
  });
}

test("?fields of one record, and no other parameter", async (t) => {
  const { ask, fill } = await serveRecords(t);
  await fill({ a: { x: 1, o: { y: 2, z: 3 } } });
  assert.equal((await ask("GET", "/animals/a?fields=o.z")).text, '{"a":{"o":{"z":3}}}');
  const refused = await ask("GET", "/animals/a?type=snail");
  assert.equal(refused.status, 400);
  assert.match(problem(refused.text).detail, /"type".*fields/);
});

const conditions: readonly {
  readonly method: string;
  readonly there: boolean;
  readonly fields: (etag: string, date: string) => { readonly [name: string]: string };
  readonly status: number;
}[] = [
  { method: "GET", there: true, fields: (etag) => ({ "If-None-Match": etag }), status: 304 },
  { method: "HEAD", there: true, fields: (etag) => ({ "If-None-Match": `W/${etag}` }), status: 304 },
  { method: "GET", there: true, fields: () => ({ "If-None-Match": '"x"' }), status: 200 },
  { method: "GET", there: true, fields: (_, date) => ({ "If-Modified-Since": date }), status: 304 },
  { method: "GET", there: true, fields: () => ({ "If-Match": '"x"' }), status: 412 },
  { method: "GET", there: false, fields: () => ({ "If-Match": "*" }), status: 404 },
  { method: "PUT", there: true, fields: (etag) => ({ "If-Match": etag }), status: 200 },
  { method: "PUT", there: true, fields: () => ({ "If-Match": '"x"' }), status: 412 },
  { method: "PUT", there: false, fields: () => ({ "If-Match": "*" }), status: 412 },
  { method: "PUT", there: true, fields: () => ({ "If-None-Match": "*" }), status: 412 },
  { method: "PUT", there: false, fields: () => ({ "If-None-Match": "*" }), status: 201 },
  {
    method: "PUT",
    there: true,
    fields: () => ({ "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT" }),
    status: 412,
  },
  { method: "POST", there: true, fields: () => ({ "If-Match": '"x"' }), status: 409 },
  { method: "POST", there: false, fields: () => ({ "If-Match": "*" }), status: 412 },
  { method: "POST", there: false, fields: () => ({ "If-None-Match": "*" }), status: 201 },
  { method: "PATCH", there: true, fields: (etag) => ({ "If-Match": etag }), status: 200 },
  { method: "PATCH", there: true, fields: () => ({ "If-Match": '"x"' }), status: 412 },
  { method: "PATCH", there: false, fields: () => ({ "If-Match": '"x"' }), status: 404 },
  { method: "DELETE", there: true, fields: (etag) => ({ "If-Match": etag }), status: 200 },
  { method: "DELETE", there: true, fields: () => ({ "If-Match": '"x"' }), status: 412 },
  { method: "DELETE", there: false, fields: () => ({ "If-Match": "*" }), status: 404 },
];
for (const { method, there, fields, status } of conditions) {
  const shown = JSON.stringify(fields("ETAG", "DATE"));
  test(`${method} of a record that is ${there ? "" : "not "}there with ${shown} gives ${status}`, async (t) => {
    const { ask, fill } = await serveRecords(t);
    if (there) await fill({ x: SNAIL });
    const before = await ask("GET", "/animals/x");
    const own = fields(before.fields.get("etag") ?? "", before.fields.get("last-modified") ?? "");
    const reads = method === "GET" || method === "HEAD" || method === "DELETE";
    const type = method === "PATCH" ? MERGE : "application/json";
    const answer = await ask(
      method,
      "/animals/x",
      { ...own, ...(reads ? {} : { "Content-Type": type }) },
      reads ? undefined : '{"a":1}',
    );
    assert.equal(answer.status, status, answer.text);
    if (status === 304) {
      assert.equal(answer.fields.get("etag"), before.fields.get("etag"));
      assert.equal(answer.fields.get("last-modified"), before.fields.get("last-modified"));
    }
    if (status >= 400) assert.equal((await ask("GET", "/animals/x")).text, before.text);
  });
}

test("patches that come at the same time are all applied", async (t) => {
  const { ask, fill, send } = await serveRecords(t);
  await fill({ x: { list: [] } });
  const patches = Array.from({ length: 40 }, (_, index) =>
    index % 2 === 0
      ? send("PATCH", "/animals/x", { [`m${index}`]: index }, { "Content-Type": MERGE })
      : send("PATCH", "/animals/x", [{ op: "add", path: "/list/-", value: { index } }], {
          "Content-Type": PATCH,
        }),
  );
  for (const { status } of await Promise.all(patches)) assert.equal(status, 200);
  const { x } = JSON.parse((await ask("GET", "/animals/x")).text) as { x: { list: unknown[] } };
  assert.equal(x.list.length, 20);
  assert.equal(Object.keys(x).length, 21);
});

test("of many who create one record at the same time one does", async (t) => {
  const { send } = await serveRecords(t);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => send("POST", "/animals/x", { index })),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [201, ...Array(19).fill(409)]);
});

test("what another mount has put there is missing to a reader and safe from a writer", async (t) => {
  const { ask, send, table } = await serveRecords(t);
  await putRow(table, "note", { value: Buffer.from("안녕"), mediaType: "text/plain; charset=utf-8" });
  assert.equal((await ask("GET", "/animals/note")).status, 404);
  assert.equal((await ask("HEAD", "/animals/note")).status, 404);
  for (const answer of [
    await send("POST", "/animals/note", {}),
    await send("PUT", "/animals/note", {}),
    await send("PATCH", "/animals/note", {}, { "Content-Type": MERGE }),
    await ask("DELETE", "/animals/note"),
  ]) {
    assert.equal(answer.status, 409);
  }
  assert.match(
    problem((await send("PUT", "/animals/note", {})).text).detail,
    /6 bytes of text\/plain; charset=utf-8/,
  );
  assert.equal(Buffer.from((await table.get("note"))?.value ?? []).toString(), "안녕");
});

test("JSON of another mount is sent as it stands there, and a patch keeps the end of its life", async (t) => {
  const { ask, send, table } = await serveRecords(t);
  const expires = 4_102_444_800_000;
  const value = Buffer.from('{ "big": 12345678901234567890 }\n');
  await putRow(table, "x", { value, mediaType: "application/json; charset=utf-8", expires });
  assert.equal((await ask("GET", "/animals/x")).text, '{"x":{ "big": 12345678901234567890 }\n}');
  await send("PATCH", "/animals/x", { big: 1 }, { "Content-Type": MERGE });
  assert.equal((await table.get("x"))?.expires, expires);
  await send("PUT", "/animals/x", { big: 2 });
  assert.equal((await table.get("x"))?.expires, undefined);
});

const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: ["type", "age", "leg"],
  properties: {
    type: { type: "string", minLength: 1 },
    age: { type: "string", pattern: "^\\d+$" },
    leg: { enum: ["0", "2", "4"] },
  },
  additionalProperties: false,
};

test("a schema is served, pointed to, and kept by every way of writing", async (t) => {
  const { ask, send, faults } = await serveRecords(t, { schema: SCHEMA });
  const served = await ask("GET", "/animals/?schema");
  assert.equal(served.status, 200);
  assert.equal(served.fields.get("content-type"), "application/schema+json");
  assert.deepEqual(JSON.parse(served.text), SCHEMA);
  assert.equal(
    (await ask("GET", "/animals/?schema", { "If-None-Match": served.fields.get("etag") })).status,
    304,
  );

  const link = '</animals/?schema>; rel="describedby"';
  assert.equal((await send("PUT", "/animals/x", SNAIL)).fields.get("link"), link);
  assert.equal((await ask("GET", "/animals/x")).fields.get("link"), link);
  assert.equal((await ask("GET", "/animals/")).fields.get("link"), link);
  assert.match((await ask("GET", "/animals/?limit=1")).fields.get("link") ?? "", /describedby.*first/);

  const wrong = { type: "", age: "one", wings: 2 };
  const errors = [
    { pointer: "", detail: 'lacks "leg"' },
    { pointer: "/type", detail: "must have at least 1 character" },
    { pointer: "/age", detail: "must match the pattern ^\\d+$" },
    { pointer: "/wings", detail: "is a name that the schema does not know" },
  ];
  const byPointer = (one: { pointer: string }, other: { pointer: string }): number =>
    one.pointer < other.pointer ? -1 : 1;
  for (const answer of [
    await send("POST", "/animals/", wrong),
    await send("POST", "/animals/y", wrong),
    await send("PUT", "/animals/y", wrong),
    await send("PATCH", "/animals/x", { ...wrong, leg: null }, { "Content-Type": MERGE }),
  ]) {
    assert.equal(answer.status, 422);
    const document = problem(answer.text);
    assert.match(
      document.detail,
      /^Cannot keep "[^"]+": it does not match the schema: .*; .*; .* \(and 1 more\)$/,
    );
    assert.deepEqual((document.errors as typeof errors).toSorted(byPointer), errors.toSorted(byPointer));
  }
  const operation = [{ op: "replace", path: "/leg", value: "3" }];
  const patched = await send("PATCH", "/animals/x", operation, { "Content-Type": PATCH });
  assert.deepEqual(problem(patched.text).errors, [
    { pointer: "/leg", detail: 'must be one of "0", "2", "4"' },
  ]);
  assert.equal((await ask("GET", "/animals/")).text, JSON.stringify({ x: SNAIL }));
  assert.deepEqual(faults, []);
});

test("without a schema there is none to be served", async (t) => {
  const { ask } = await serveRecords(t);
  assert.equal((await ask("GET", "/animals/?schema")).status, 404);
});

test("a schema or a base that is none is refused at the start", () => {
  const table = createMemoryTable();
  assert.throws(() => recordsHandler(table, { schema: { type: "objct" } }), { code: "SCHEMA_INVALID" });
  assert.throws(() => recordsHandler(table, { base: "animals" }), TypeError);
});

const RECORD = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const COLLECTION = "GET, HEAD, POST, OPTIONS";
const READ = "GET, HEAD, OPTIONS";

const methods: readonly [line: string, readOnly: boolean, status: number, allow: string][] = [
  ["OPTIONS /animals/", false, 200, COLLECTION],
  ["OPTIONS /animals", false, 200, COLLECTION],
  ["OPTIONS /animals/x", false, 200, RECORD],
  ["OPTIONS /animals/", true, 200, READ],
  ["OPTIONS /animals/x", true, 200, READ],
  ["PUT /animals/", false, 405, COLLECTION],
  ["PATCH /animals/", false, 405, COLLECTION],
  ["DELETE /animals/", false, 405, COLLECTION],
  ["PROPFIND /animals/x", false, 405, RECORD],
  ["POST /animals/", true, 405, READ],
  ["POST /animals/x", true, 405, READ],
  ["PUT /animals/x", true, 405, READ],
  ["PATCH /animals/x", true, 405, READ],
  ["DELETE /animals/x", true, 405, READ],
];
for (const [line, readOnly, status, allow] of methods) {
  test(`${line}${readOnly ? " of a read-only mount" : ""} gives ${status} and ${allow}`, async (t) => {
    const { ask } = await serveRecords(t, { readOnly });
    const [method = "", target = ""] = line.split(" ");
    const answer = await ask(method, target);
    assert.equal(answer.status, status);
    assert.equal(answer.fields.get("allow"), allow);
    if (status !== 200) return;
    assert.equal(answer.fields.get("accept-post"), readOnly ? undefined : "application/json");
    assert.equal(answer.fields.get("accept-patch"), allow === RECORD ? `${MERGE}, ${PATCH}` : undefined);
  });
}

test("the methods of a mount are those of a record", () => {
  assert.equal(RECORDS_METHODS.join(", "), RECORD);
});

test("the mount without its slash is sent on for reading, and is the collection for writing", async (t) => {
  const { ask, send } = await serveRecords(t);
  const moved = await ask("GET", "/animals?limit=1");
  assert.equal(moved.status, 301);
  assert.equal(moved.fields.get("location"), "/animals/?limit=1");
  assert.equal((await send("POST", "/animals", {})).status, 201);
  assert.equal((await ask("GET", "/animal")).status, 404);
});

test("a mount at the root serves, too", async (t) => {
  const table = createMemoryTable();
  const { ask } = await serveHandler(t, recordsHandler(table));
  const created = await ask("POST", "/Pingping", {}, "{}");
  assert.equal(created.fields.get("location"), "/Pingping");
  assert.equal((await ask("GET", "/")).text, '{"Pingping":{}}');
});

test("what others write into the table is seen at once, also of a record that has just been sent", async (t) => {
  const { ask, fill, table } = await serveRecords(t);
  await fill({ x: { v: 1 } });
  for (const version of [1, 2, 3]) {
    await fill({ x: { v: version } });
    for (let again = 0; again < 2; again += 1) {
      const got = await ask("GET", "/animals/x");
      assert.equal(got.text, `{"x":{"v":${version}}}`);
      assert.equal(got.fields.get("etag"), `"${(await table.stat("x"))?.version}"`);
    }
  }
  await putRow(table, "x", { value: Buffer.from("5"), mediaType: "application/json" });
  assert.equal((await ask("GET", "/animals/x")).status, 404);
  await fill({ x: {} });
  assert.equal((await ask("HEAD", "/animals/x")).status, 200);
  await removeRow(table, "x");
  assert.equal((await ask("HEAD", "/animals/x")).status, 404);
});

test("a record whose time is over is gone, from the collection, too", async (t) => {
  let time = Date.now();
  const { ask, table } = await serveRecords(t, {}, createMemoryTable({ now: () => time }));
  const value = Buffer.from("{}");
  await putRow(table, "x", { value, mediaType: "application/json", expires: time + 60_000 });
  assert.equal((await ask("GET", "/animals/x")).status, 200);
  assert.equal((await ask("GET", "/animals/")).text, '{"x":{}}');
  time += 60_000;
  assert.equal((await ask("GET", "/animals/x")).status, 404);
  assert.equal((await ask("GET", "/animals/")).text, "{}");
});

test("a store that is closed is 503", async (t) => {
  const { ask, table } = await serveRecords(t);
  await table.close();
  const answer = await ask("GET", "/animals/x");
  assert.equal(answer.status, 503);
  assert.equal(answer.fields.get("retry-after"), "1");
});

test("a limit of 0 is no limit", async (t) => {
  const { ask } = await serveRecords(t, { maxBody: 0, maxDepth: 0 });
  const body = `{"a":${"[".repeat(900)}${"]".repeat(900)},"b":"${"x".repeat(2_000_000)}"}`;
  assert.equal((await ask("PUT", "/animals/x", {}, body)).status, 201);
  assert.equal((await ask("GET", "/animals/x")).text, `{"x":${body}}`);
});

test("A condition that fails is answered before the body is sent, and 413 and 415 come before it", async (t) => {
  const { ask, fill } = await serveRecords(t, { maxBody: 100 });
  await fill({ a: { n: 1 } });
  const rows: readonly [method: string, target: string, type: string, length: string, status: number][] = [
    ["PUT", "/animals/a", "application/json", "11", 412],
    ["PATCH", "/animals/a", "application/merge-patch+json", "11", 412],
    ["PATCH", "/animals/none", "application/merge-patch+json", "11", 404],
    ["PUT", "/animals/a", "text/plain", "11", 415],
    ["PUT", "/animals/a", "application/json", "101", 413],
  ];
  for (const [method, target, type, length, status] of rows) {
    // Nothing follows the head: only an answer that needs no body can come.
    const fields = {
      Expect: "100-continue",
      "Content-Type": type,
      "Content-Length": length,
      "If-Match": '"x"',
    };
    const answer = await ask(method, target, fields);
    assert.equal(answer.status, status, `${method} ${target} ${type} ${length}`);
  }
});
