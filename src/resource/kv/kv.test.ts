// The kv resource as a client sees it: values under keys. Lists, transactions and watches have their own tests.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deliberateTable, type ServedKv, serveKv } from "../../../test/served-kv.ts";
import { Problem } from "../../message/problem.ts";
import { Fields } from "../../protocol/fields.ts";
import { createMemoryTable } from "../../store/memory/table.ts";
import { putRow, removeRow } from "../../store/table.ts";
import { KV_METHODS, kvHandler } from "./kv.ts";
import { sentLife } from "./row.ts";

test("A value is created, read, replaced, added to and removed", async (t) => {
  const { ask, faults } = await serveKv(t);
  assert.equal((await ask("GET", "/kv/a")).status, 404);

  const created = await ask("PUT", "/kv/a", { "Content-Type": "text/plain" }, "one");
  assert.equal(created.status, 201);
  assert.equal(created.fields.get("location"), "/kv/a");
  assert.match(created.fields.get("etag") ?? "", /^"[0-9a-z-]+"$/);

  const got = await ask("GET", "/kv/a");
  assert.equal(got.status, 200);
  assert.equal(got.text, "one");
  assert.equal(got.fields.get("content-type"), "text/plain");
  assert.equal(got.fields.get("etag"), created.fields.get("etag"));
  assert.equal(got.fields.get("last-modified"), created.fields.get("last-modified"));
  assert.equal(got.fields.get("cache-control"), "no-cache");
  assert.equal(got.fields.get("x-content-type-options"), "nosniff");
  assert.equal(got.fields.get("accept-ranges"), "bytes");

  const head = await ask("HEAD", "/kv/a");
  const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
  assert.equal(dateless(head.head), dateless(got.head));
  assert.equal(head.body.length, 0);

  const replaced = await ask("PUT", "/kv/a", { "Content-Type": "application/json" }, "[1]");
  assert.equal(replaced.status, 204);
  assert.notEqual(replaced.fields.get("etag"), created.fields.get("etag"));

  const added = await ask("POST", "/kv/a", { "Content-Type": "text/plain" }, "\n[2]");
  assert.equal(added.status, 200);
  assert.equal(added.text, "\n[2]");
  assert.equal(added.fields.get("location"), "/kv/a");
  assert.equal(added.fields.get("content-type"), "text/plain");
  const both = await ask("GET", "/kv/a");
  assert.equal(both.text, "[1]\n[2]");
  assert.equal(both.fields.get("content-type"), "application/json");
  assert.equal(both.fields.get("etag"), added.fields.get("etag"));

  const posted = await ask("POST", "/kv/b", {}, "x");
  assert.equal(posted.status, 201);
  assert.equal(posted.fields.get("location"), "/kv/b");

  const removed = await ask("DELETE", "/kv/a");
  assert.equal(removed.status, 200);
  assert.equal(removed.text, "Deleted a\n");
  assert.equal((await ask("DELETE", "/kv/a")).status, 404);
  assert.equal((await ask("GET", "/kv/a")).status, 404);
  assert.deepEqual(faults, []);
});

describe("A key may be any text:", () => {
  const keys: readonly string[] = [
    "야옹/고양이",
    "a/b//c/",
    "/",
    "%",
    "%2F",
    "?a=b&c#d",
    "\0\r\n\x1b",
    "..",
    "a/../b",
    "😀",
    "한".repeat(341),
    "x".repeat(1024),
  ];
  for (const key of keys) {
    test(JSON.stringify(key.slice(0, 20)), async (t) => {
      const { ask, table } = await serveKv(t);
      const target = `/kv/${encodeURIComponent(key)}`;
      const value = "멍멍".repeat(3);
      const created = await ask("PUT", target, { "Content-Type": "text/plain; charset=utf-8" }, value);
      assert.equal(created.status, 201);
      assert.equal((await table.get(key))?.size, 18);
      assert.equal((await ask("GET", created.fields.get("location") ?? "")).text, value);
      const list = JSON.parse((await ask("GET", "/kv/")).text);
      assert.equal(list.keys[0].key, key);
      const removed = await ask("DELETE", target);
      assert.equal(removed.status, 200);
      // Nothing in it steers a terminal.
      assert.doesNotMatch(removed.text.slice(0, -1), /\p{Cc}/u);
    });
  }

  test("a slash as it is, or escaped", async (t) => {
    const { ask } = await serveKv(t);
    await ask("PUT", "/kv/a/b", {}, "1");
    assert.equal((await ask("GET", "/kv/a%2Fb")).text, "1");
  });
});

test("A value is any bytes, none among them", async (t) => {
  const { ask } = await serveKv(t);
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.equal((await ask("PUT", "/kv/bytes", {}, bytes)).status, 201);
  const got = await ask("GET", "/kv/bytes");
  assert.deepEqual(new Uint8Array(got.body), bytes);
  assert.equal(got.fields.get("content-type"), "application/octet-stream");

  assert.equal((await ask("PUT", "/kv/empty", {}, "")).status, 201);
  const empty = await ask("GET", "/kv/empty");
  assert.equal(empty.status, 200);
  assert.equal(empty.fields.get("content-length"), "0");
  assert.equal((await ask("POST", "/kv/fresh", {}, "")).status, 201);
  assert.equal((await ask("POST", "/kv/fresh", {}, "")).status, 200);
});

describe("A Content-Type", () => {
  for (const type of ["Text/HTML;Charset=x", 'a/b; c="d;e"', "image/svg+xml", "application/problem+json"]) {
    test(`${type} is kept as it was sent`, async (t) => {
      const { ask } = await serveKv(t);
      await ask("PUT", "/kv/a", { "Content-Type": type }, "x");
      assert.equal((await ask("GET", "/kv/a")).fields.get("content-type"), type);
    });
  }
  for (const [type, sandboxed] of [
    ["text/html", true],
    ["TEXT/HTML; charset=utf-8", true],
    ["application/xhtml+xml", true],
    ["image/svg+xml", true],
    ["text/xml", true],
    ["multipart/x-mixed-replace", true],
    ["text/plain", false],
    ["application/json", false],
    ["image/png", false],
  ] as const) {
    test(`${type} is ${sandboxed ? "shown without scripts, in an origin of its own" : "sent as it is"}`, async (t) => {
      const { ask } = await serveKv(t);
      await ask("PUT", "/kv/a", { "Content-Type": type }, "x");
      const { fields } = await ask("GET", "/kv/a");
      assert.equal(fields.get("content-security-policy"), sandboxed ? "sandbox" : undefined);
    });
  }
});

interface Row {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly fields?: { readonly [name: string]: string | undefined };
  readonly body?: string;
  readonly status: number;
  readonly allow?: string;
  readonly detail?: RegExp;
}

const ON_KEY = "GET, HEAD, PUT, POST, DELETE, OPTIONS";
const ON_LIST = "GET, HEAD, POST, OPTIONS";

/** Against a table with "there" = "0123456789"; `TAG` stands for its entity tag. */
const rows: readonly Row[] = [
  ...["0", "-1", "x", "", "1.5", "315360001", "1, max-age=2"].map((age): Row => {
    const fields = { "Cache-Control": `max-age=${age}` };
    return {
      name: `max-age=${age}`,
      method: "PUT",
      target: "/kv/a",
      fields,
      body: "x",
      status: 400,
      detail: /max-age/,
    };
  }),
  {
    name: "max-age alone",
    method: "PUT",
    target: "/kv/a",
    fields: { "Cache-Control": "max-age" },
    body: "x",
    status: 400,
  },
  {
    name: "the longest life",
    method: "PUT",
    target: "/kv/a",
    fields: { "Cache-Control": "no-store, Max-Age=315360000" },
    body: "x",
    status: 201,
  },
  {
    name: "a Content-Type that is none",
    method: "PUT",
    target: "/kv/a",
    fields: { "Content-Type": "text" },
    body: "x",
    status: 400,
    detail: /no media type/,
  },
  {
    name: "a part of a value",
    method: "PUT",
    target: "/kv/a",
    fields: { "Content-Range": "bytes 0-0/2" },
    body: "x",
    status: 400,
  },
  {
    name: "a coded body",
    method: "PUT",
    target: "/kv/a",
    fields: { "Content-Encoding": "gzip" },
    body: "x",
    status: 415,
  },
  {
    name: "a coded body to add",
    method: "POST",
    target: "/kv/there",
    fields: { "Content-Encoding": "br" },
    body: "x",
    status: 415,
  },
  {
    name: "a key that is too long to write",
    method: "PUT",
    target: `/kv/${"x".repeat(1025)}`,
    body: "x",
    status: 414,
  },
  {
    name: "a key that is too long to read",
    method: "GET",
    target: `/kv/${"x".repeat(1025)}`,
    status: 404,
  },
  { name: "an escape that is no UTF-8", method: "GET", target: "/kv/%FF", status: 400 },
  { name: "outside of the mount", method: "GET", target: "/other", status: 404 },
  {
    name: "a query on a write",
    method: "PUT",
    target: "/kv/a?b=c",
    body: "x",
    status: 400,
    detail: /%3F/,
  },
  {
    name: "an unknown parameter",
    method: "GET",
    target: "/kv/there?wacth",
    status: 400,
    detail: /there is watch here/,
  },
  { name: "PUT to the list", method: "PUT", target: "/kv/", body: "x", status: 405, allow: ON_LIST },
  { name: "DELETE of the list", method: "DELETE", target: "/kv", status: 405, allow: ON_LIST },
  { name: "PATCH of a key", method: "PATCH", target: "/kv/there", body: "x", status: 405, allow: ON_KEY },
  { name: "OPTIONS of a key", method: "OPTIONS", target: "/kv/none", status: 200, allow: ON_KEY },
  { name: "OPTIONS of the list", method: "OPTIONS", target: "/kv/", status: 200, allow: ON_LIST },
  { name: "POST to the list", method: "POST", target: "/kv/", body: "x", status: 400, detail: /transaction/ },
  {
    name: "If-None-Match: * where there is nothing",
    method: "PUT",
    target: "/kv/a",
    fields: { "If-None-Match": "*" },
    body: "x",
    status: 201,
  },
  {
    name: "If-None-Match: * where there is something",
    method: "PUT",
    target: "/kv/there",
    fields: { "If-None-Match": "*" },
    body: "x",
    status: 412,
  },
  {
    name: "If-Match of the version",
    method: "PUT",
    target: "/kv/there",
    fields: { "If-Match": "TAG" },
    body: "x",
    status: 204,
  },
  {
    name: "If-Match of another version",
    method: "PUT",
    target: "/kv/there",
    fields: { "If-Match": '"0-0"' },
    body: "x",
    status: 412,
  },
  {
    name: "If-Match where there is nothing",
    method: "PUT",
    target: "/kv/a",
    fields: { "If-Match": "*" },
    body: "x",
    status: 412,
  },
  {
    name: "If-Match to add",
    method: "POST",
    target: "/kv/there",
    fields: { "If-Match": "TAG" },
    body: "x",
    status: 200,
  },
  {
    name: "If-None-Match: * to add",
    method: "POST",
    target: "/kv/there",
    fields: { "If-None-Match": "*" },
    body: "x",
    status: 412,
  },
  {
    name: "If-Unmodified-Since that holds",
    method: "PUT",
    target: "/kv/there",
    fields: { "If-Unmodified-Since": "Fri, 01 Jan 2100 00:00:00 GMT" },
    body: "x",
    status: 204,
  },
  {
    name: "If-Unmodified-Since that fails",
    method: "DELETE",
    target: "/kv/there",
    fields: { "If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT" },
    status: 412,
  },
  {
    name: "If-Match of the version to remove",
    method: "DELETE",
    target: "/kv/there",
    fields: { "If-Match": "TAG" },
    status: 200,
  },
  {
    name: "If-Match of another version to remove",
    method: "DELETE",
    target: "/kv/there",
    fields: { "If-Match": '"0-0"' },
    status: 412,
  },
  {
    name: "a condition on the removal of nothing",
    method: "DELETE",
    target: "/kv/a",
    fields: { "If-Match": "*" },
    status: 404,
  },
  {
    name: "the version that the client has",
    method: "GET",
    target: "/kv/there",
    fields: { "If-None-Match": "TAG" },
    status: 304,
  },
  {
    name: "a value that was not changed since",
    method: "HEAD",
    target: "/kv/there",
    fields: { "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT" },
    status: 304,
  },
  {
    name: "a range behind the end",
    method: "GET",
    target: "/kv/there",
    fields: { Range: "bytes=10-" },
    status: 416,
  },
];

describe("A kv mount answers", () => {
  for (const { name, method, target, fields = {}, body, status, allow, detail } of rows) {
    test(`${name} with ${status}`, async (t) => {
      const { ask, table, faults } = await serveKv(t);
      const tag = (await ask("PUT", "/kv/there", {}, "0123456789")).fields.get("etag") ?? "";
      const sent = Object.entries(fields).map(([field, value]) => [field, value === "TAG" ? tag : value]);
      const before = await table.list();
      const answer = await ask(method, target, Object.fromEntries(sent), body);
      assert.equal(answer.status, status, answer.text);
      if (allow !== undefined) assert.equal(answer.fields.get("allow"), allow);
      if (detail !== undefined) assert.match(JSON.parse(answer.text).detail, detail);
      if (status >= 300) assert.deepEqual(await table.list(), before);
      assert.deepEqual(faults, []);
    });
  }
});

test("Parts of a value come as for files", async (t) => {
  const { ask } = await serveKv(t);
  const tag = (await ask("PUT", "/kv/a", { "Content-Type": "text/plain" }, "0123456789")).fields.get("etag");
  const one = await ask("GET", "/kv/a", { Range: "bytes=2-4" });
  assert.equal(one.status, 206);
  assert.equal(one.text, "234");
  assert.equal(one.fields.get("content-range"), "bytes 2-4/10");
  const several = await ask("GET", "/kv/a", { Range: "bytes=0-0,-1" });
  assert.match(several.fields.get("content-type") ?? "", /^multipart\/byteranges; boundary=/);
  assert.match(several.text, /bytes 0-0\/10\r\n\r\n0\r\n.*bytes 9-9\/10\r\n\r\n9\r\n/s);
  assert.equal((await ask("GET", "/kv/a", { Range: "bytes=1-1", "If-Range": tag })).text, "1");
  assert.equal((await ask("GET", "/kv/a", { Range: "bytes=1-1", "If-Range": '"x"' })).status, 200);
  // HEAD tells of the whole.
  assert.equal((await ask("HEAD", "/kv/a", { Range: "bytes=1-1" })).status, 200);
});

test("What others write to the table shows at once, however often the value was asked for", async (t) => {
  const { ask, table } = await serveKv(t);
  const put = (value: string): Promise<unknown> =>
    putRow(table, "a", { value: Buffer.from(value), mediaType: "text/plain" });
  for (const value of ["one", "two", "이"]) {
    await put(value);
    for (let round = 0; round < 3; round += 1) {
      const got = await ask("GET", "/kv/a");
      assert.equal(got.text, value);
      assert.equal((await ask("HEAD", "/kv/a")).fields.get("etag"), got.fields.get("etag"));
      assert.equal((await ask("GET", "/kv/a", { Range: "bytes=1-" })).status, 206);
    }
  }
  await removeRow(table, "a");
  assert.equal((await ask("GET", "/kv/a")).status, 404);
  await put("three");
  assert.equal((await ask("GET", "/kv/a")).text, "three");
});

test("A 304 repeats what a cache needs, and not the value's type", async (t) => {
  const { ask } = await serveKv(t);
  const put = await ask("PUT", "/kv/a", { "Cache-Control": "max-age=60" }, "x");
  const answer = await ask("GET", "/kv/a", { "If-None-Match": put.fields.get("etag") });
  assert.equal(answer.status, 304);
  for (const name of ["etag", "last-modified", "cache-control", "age"])
    assert.ok(answer.fields.has(name), name);
  assert.equal(answer.fields.has("content-type"), false);
});

test("A condition that fails is told before the body is sent", async (t) => {
  const { ask } = await serveKv(t);
  await ask("PUT", "/kv/a", {}, "x");
  for (const method of ["PUT", "POST"]) {
    const fields = { Expect: "100-continue", "Content-Length": "11", "If-None-Match": "*" };
    assert.equal((await ask(method, "/kv/a", fields)).status, 412);
  }
});

describe("A value larger than the limit", () => {
  const LIMITS = { maxValue: 10 };

  test("is refused, by PUT, by POST, and where the sum is too large", async (t) => {
    const { ask } = await serveKv(t, LIMITS);
    assert.equal((await ask("PUT", "/kv/a", {}, "0123456789")).status, 201);
    for (const [method, target, body] of [
      ["PUT", "/kv/b", "0123456789a"],
      ["POST", "/kv/b", "0123456789a"],
      ["POST", "/kv/a", "a"],
    ] as const) {
      const refused = await ask(method, target, {}, body);
      assert.equal(refused.status, 413);
      assert.equal(JSON.parse(refused.text).limit, 10);
    }
    assert.equal((await ask("GET", "/kv/a")).text, "0123456789");
    assert.equal((await ask("GET", "/kv/b")).status, 404);
  });

  test("is refused before conditions count", async (t) => {
    const { ask } = await serveKv(t, LIMITS);
    await ask("PUT", "/kv/a", {}, "012345678");
    for (const [method, body] of [
      ["PUT", "0123456789a"],
      ["POST", "0123456789a"],
      ["POST", "9a"],
    ] as const) {
      assert.equal((await ask(method, "/kv/a", { "If-Match": '"other"' }, body)).status, 413);
    }
  });

  test("is refused by its length before it is sent", async (t) => {
    const { ask } = await serveKv(t, LIMITS);
    // Were the body waited for, there would be a 100 first, and no answer.
    const answer = await ask("PUT", "/kv/a", { Expect: "100-continue", "Content-Length": "11" });
    assert.equal(answer.status, 413);
  });

  test("is refused when its length was not announced", async (t) => {
    const { ask } = await serveKv(t, LIMITS);
    const fields = { "Transfer-Encoding": "chunked" };
    // Its chunks stand where ask() would have put a body.
    assert.equal((await chunked(ask, "/kv/a", fields, "b\r\n0123456789a\r\n0\r\n\r\n")).status, 413);
    assert.equal((await chunked(ask, "/kv/a", fields, "a\r\n0123456789\r\n0\r\n\r\n")).status, 201);
    assert.equal((await chunked(ask, "/kv/a", fields, "1\r\n0\r\n0\r\n\r\n", "POST")).status, 413);
  });

  test("is taken where there is no limit", async (t) => {
    const { ask } = await serveKv(t, { maxValue: 0 });
    assert.equal((await ask("PUT", "/kv/a", {}, "x".repeat(20_000_000))).status, 201);
  });

  for (const maxValue of [-1, 1.5, Number.NaN]) {
    test(`cannot be a limit of ${maxValue}`, () => {
      assert.throws(() => kvHandler(createMemoryTable(), { maxValue }), TypeError);
    });
  }
});

/** A head whose last field is followed by a body with framing of its own. */
function chunked(
  ask: ServedKv["ask"],
  target: string,
  fields: { readonly [name: string]: string },
  body: string,
  method = "PUT",
): ReturnType<ServedKv["ask"]> {
  const names = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return ask(method, target, { "X-Last": `1\r\n${names.join("\r\n")}\r\n\r\n${body}` });
}

describe("A time to live", () => {
  test("shows with its age, and when it is over the key is gone for everybody", async (t) => {
    const { ask, pass } = await serveKv(t);
    await ask("PUT", "/kv/a", { "Cache-Control": "max-age=60" }, "x");
    await ask("PUT", "/kv/b", {}, "x");
    const fresh = await ask("GET", "/kv/a");
    assert.equal(fresh.fields.get("cache-control"), "max-age=60");
    assert.equal(fresh.fields.get("age"), "0");
    pass(59);
    const old = await ask("HEAD", "/kv/a");
    assert.equal(old.fields.get("cache-control"), "max-age=60");
    assert.equal(old.fields.get("age"), "59");
    pass(1);
    assert.equal((await ask("GET", "/kv/a")).status, 404);
    assert.equal((await ask("HEAD", "/kv/a")).status, 404);
    const { keys } = JSON.parse((await ask("GET", "/kv/")).text);
    assert.deepEqual(
      keys.map(({ key }: { key: string }) => key),
      ["b"],
    );
    assert.equal((await ask("DELETE", "/kv/a")).status, 404);
    assert.equal((await ask("PUT", "/kv/a", { "If-None-Match": "*" }, "y")).status, 201);
  });

  for (const [control, shown] of [
    ['max-age="60"', "max-age=60"],
    ["no-store , MAX-AGE = 60,,", "max-age=60"],
    ["s-maxage=60", "no-cache"],
    ["x-max-age=60", "no-cache"],
    ['private="a, max-age=60, b"', "no-cache"],
    ['x="\\", max-age=60, b"', "no-cache"],
    ['x="max-age=1", max-age=60', "max-age=60"],
    ['x=", max-age=60', "no-cache"],
  ] as const) {
    test(`is read from Cache-Control: ${control} as ${shown}`, async (t) => {
      const { ask } = await serveKv(t);
      assert.equal((await ask("PUT", "/kv/a", { "Cache-Control": control }, "x")).status, 201);
      assert.equal((await ask("GET", "/kv/a")).fields.get("cache-control"), shown);
    });
  }

  for (const [name, control] of [
    ["white space", `max-age=${" ".repeat(16_000)}"`],
    ["quotes", `max-age="${'\\"'.repeat(8000)}`],
    ["commas", `max-age=x${",".repeat(16_000)}`],
  ] as const) {
    // A search that goes back and forth over this would take longer than anybody waits.
    test(`is read from a field that is nothing but ${name}`, () => {
      assert.throws(() => sentLife(new Fields({ "Cache-Control": control })), Problem);
    });
  }

  test("is kept by POST, which can name another, and is dropped by PUT", async (t) => {
    const { ask, pass } = await serveKv(t);
    const control = async (): Promise<string | undefined> =>
      (await ask("GET", "/kv/a")).fields.get("cache-control");
    await ask("PUT", "/kv/a", { "Cache-Control": "max-age=60" }, "x");
    pass(20);
    await ask("POST", "/kv/a", {}, "y");
    // What is left of it, counted from when the value came.
    assert.equal(await control(), "max-age=40");
    await ask("POST", "/kv/a", { "Cache-Control": "max-age=100" }, "z");
    assert.equal(await control(), "max-age=100");
    await ask("PUT", "/kv/a", {}, "x");
    assert.equal(await control(), "no-cache");
    pass(1000);
    assert.equal((await ask("GET", "/kv/a")).text, "x");
  });
});

describe("Who writes at the same time", () => {
  test("loses nothing of 50 appends", async (t) => {
    const { ask } = await serveKv(t, {}, deliberateTable());
    const all = Array.from({ length: 50 }, (_, index) => `${index};`);
    const answers = await Promise.all(all.map((piece) => ask("POST", "/kv/a", {}, piece)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 200).length, 49);
    const { text } = await ask("GET", "/kv/a");
    assert.deepEqual(text.match(/\d+;/g)?.sort(), all.sort());
  });

  test("creates a key once", async (t) => {
    const { ask } = await serveKv(t, {}, deliberateTable());
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask("PUT", "/kv/a", { "If-None-Match": "*" }, String(index))),
    );
    const winners = answers.flatMap(({ status }, index) => (status === 201 ? [index] : []));
    assert.equal(winners.length, 1);
    assert.equal(answers.filter(({ status }) => status === 412).length, 49);
    assert.equal((await ask("GET", "/kv/a")).text, String(winners[0]));
  });

  test("counts to 50 by compare and swap", async (t) => {
    const { ask } = await serveKv(t, {}, deliberateTable());
    await ask("PUT", "/kv/n", {}, "0");
    const increment = async (): Promise<void> => {
      for (;;) {
        const { text, fields } = await ask("GET", "/kv/n");
        const put = await ask("PUT", "/kv/n", { "If-Match": fields.get("etag") }, String(Number(text) + 1));
        if (put.status === 204) return;
        assert.equal(put.status, 412);
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => five(increment)));
    assert.equal((await ask("GET", "/kv/n")).text, "50");
  });
});

async function five(work: () => Promise<void>): Promise<void> {
  for (let round = 0; round < 5; round += 1) await work();
}

test("A mount that is read-only reads and refuses", async (t) => {
  const { ask, table } = await serveKv(t, { readOnly: true });
  await table.transact([
    { kind: "put", key: "a", row: { value: Buffer.from("x"), mediaType: "text/plain" } },
  ]);
  assert.equal((await ask("GET", "/kv/a")).text, "x");
  for (const [method, target] of [
    ["PUT", "/kv/a"],
    ["POST", "/kv/a"],
    ["DELETE", "/kv/a"],
    ["POST", "/kv/?transaction"],
  ] as const) {
    const refused = await ask(method, target, {}, "x");
    assert.equal(refused.status, 405);
    assert.equal(refused.fields.get("allow"), "GET, HEAD, OPTIONS");
  }
  assert.equal((await ask("OPTIONS", "/kv/a")).fields.get("allow"), "GET, HEAD, OPTIONS");
});

test("A store that is closed is a 503 that says when to come back", async (t) => {
  const { ask, table } = await serveKv(t);
  await table.close();
  const answer = await ask("GET", "/kv/a");
  assert.equal(answer.status, 503);
  assert.equal(answer.fields.get("retry-after"), "1");
});

test("The methods of a mount are those of its keys", () => {
  assert.deepEqual(KV_METHODS, ON_KEY.split(", "));
});
