// The list of keys, its pages and its forms; and the changes of a list and of a key.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ServedKv, serveKv } from "../../../test/served-kv.ts";

interface Entry {
  readonly key: string;
  readonly [name: string]: unknown;
}

const keysOf = (text: string): string[] => JSON.parse(text).keys.map(({ key }: Entry) => key);

async function fill({ ask }: Pick<ServedKv, "ask">, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await ask("PUT", `/kv/${encodeURIComponent(key)}`, { "Content-Type": "text/plain" }, key);
  }
}

function linkOf(fields: ReadonlyMap<string, string>, rel: string): string | undefined {
  return new RegExp(`<([^>]*)>; rel="${rel}"`).exec(fields.get("link") ?? "")?.[1];
}

test("A list tells of every key in order", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  await fill(served, ["나", "b", "가"]);
  const put = await ask("PUT", "/kv/a", { "Cache-Control": "max-age=60" }, "12345");
  const list = await ask("GET", "/kv/");
  assert.equal(list.status, 200);
  assert.equal(list.fields.get("content-type"), "application/json");
  assert.equal(list.fields.get("vary"), "Accept");
  assert.deepEqual(keysOf(list.text), ["a", "b", "가", "나"]);
  const { keys, next } = JSON.parse(list.text);
  assert.equal(next, undefined);
  const { created, changed, expires, ...entry } = keys[0];
  assert.deepEqual(entry, {
    key: "a",
    etag: put.fields.get("etag"),
    size: 5,
    type: "application/octet-stream",
  });
  for (const time of [created, changed, expires]) assert.equal(new Date(time).toISOString(), time);
  assert.equal(Math.round((Date.parse(expires) - Date.parse(changed)) / 1000), 60);
  assert.equal("expires" in keys[1], false);
  const head = await ask("HEAD", "/kv/");
  assert.equal(head.fields.get("content-length"), list.fields.get("content-length"));
});

test("An empty list is a list", async (t) => {
  const { ask } = await serveKv(t);
  assert.deepEqual(JSON.parse((await ask("GET", "/kv/")).text), { keys: [] });
  assert.equal((await ask("GET", "/kv/", { Accept: "text/plain" })).text, "");
  assert.match((await ask("GET", "/kv/", { Accept: "text/html" })).text, /No keys/);
});

test("A list comes in pages, each with a link to the next, and what it begins with narrows it", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  const keys = ["a", "x/1 &", "x/2?", "x/3", "x/4\n", "x/5", "y"];
  await fill(served, keys);
  const seen: string[] = [];
  let pages = 0;
  for (let target: string | undefined = "/kv/?prefix=x/&limit=2"; target !== undefined; pages += 1) {
    const page = await ask("GET", target);
    assert.equal(page.status, 200);
    seen.push(...keysOf(page.text));
    target = linkOf(page.fields, "next");
    assert.equal(JSON.parse(page.text).next, target);
  }
  assert.deepEqual(seen, keys.slice(1, 6));
  assert.equal(pages, 3);
  assert.deepEqual(keysOf((await ask("GET", "/kv/?after=x/4%0A")).text), ["x/5", "y"]);
  assert.deepEqual(keysOf((await ask("GET", "/kv/?prefix=none")).text), []);
});

describe("A query", () => {
  for (const [query, detail] of [
    ["?limit=0", /limit=0.*from 1 to 10000/],
    ["?limit=10001", /from 1 to 10000/],
    ["?limit=many", /whole number/],
    ["?limit=", /whole number/],
    ["?prefx=a", /"prefx": there are prefix, limit, after, watch here/],
    ["?prefix=a&prefix=b", /prefix twice/],
    ["?prefix=%FF", /UTF-8/],
    ["?watch&limit=3", /"limit": there are watch, prefix, after here/],
    ["?transaction", /"transaction"/],
  ] as const) {
    test(`${query} is refused`, async (t) => {
      const { ask } = await serveKv(t);
      const answer = await ask("GET", `/kv/${query}`);
      assert.equal(answer.status, 400);
      assert.match(JSON.parse(answer.text).detail, detail);
    });
  }

  test("that is empty changes nothing", async (t) => {
    const { ask } = await serveKv(t);
    assert.equal((await ask("GET", "/kv/?")).status, 200);
    assert.equal((await ask("GET", "/kv/?&limit=1&")).status, 200);
  });
});

test("A list has a form for each who asks", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  await fill(served, ["a", "b\n\x1b[31m", "<b>&'\""]);
  const text = await ask("GET", "/kv/", { Accept: "text/plain" });
  assert.equal(text.fields.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(text.text, "<b>&'\"\na\nb\\x0a\\x1b[31m\n");
  const page = await ask("GET", "/kv/?limit=2", {
    Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  });
  assert.equal(page.fields.get("content-type"), "text/html; charset=utf-8");
  assert.match(page.fields.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'sha256-/);
  assert.doesNotMatch(page.text, /<b>|<script|\x1b/);
  assert.match(page.text, /<a href="\/kv\/%3Cb%3E&amp;&#39;%22"><bdi>&lt;b&gt;&amp;&#39;&quot;<\/bdi><\/a>/);
  assert.match(page.text, /<a rel="next" href="\/kv\/\?limit=2&amp;after=a">/);
  assert.equal((await ask("GET", "/kv/", { Accept: "*/*" })).fields.get("content-type"), "application/json");
  assert.equal((await ask("GET", "/kv/", { Accept: "image/png" })).status, 200);
});

test("A page has a column for the time when keys are gone, where there are such keys", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  await fill(served, ["a"]);
  const html = { Accept: "text/html" };
  assert.doesNotMatch((await ask("GET", "/kv/", html)).text, /Until/);
  await ask("PUT", "/kv/b", { "Cache-Control": "max-age=3600" }, "x");
  const { text } = await ask("GET", "/kv/", html);
  assert.match(text, /<th scope="col">Until \(UTC\)<\/th>/);
  assert.equal(text.match(/<td><time|<td><\/td>/g)?.length, 4);
});

test("A list is not sent again as long as it is the same", async (t) => {
  const served = await serveKv(t);
  const { ask, pass } = served;
  await fill(served, ["a"]);
  await ask("PUT", "/kv/b", { "Cache-Control": "max-age=5" }, "x");
  const etag = (await ask("GET", "/kv/")).fields.get("etag");
  const same = await ask("GET", "/kv/", { "If-None-Match": etag });
  assert.equal(same.status, 304);
  assert.ok(linkOf(same.fields, "monitor"));
  const other = await ask("GET", "/kv/", { "If-None-Match": etag, Accept: "text/plain" });
  assert.equal(other.status, 200);
  // Nobody has told the table yet that a key is over.
  pass(6);
  assert.equal((await ask("GET", "/kv/", { "If-None-Match": etag })).status, 200);
});

test("The mount without its slash is sent on, and its methods are told", async (t) => {
  const { ask } = await serveKv(t);
  const moved = await ask("GET", "/kv?prefix=a");
  assert.equal(moved.status, 301);
  assert.equal(moved.fields.get("location"), "/kv/?prefix=a");
  const told = await ask("OPTIONS", "/kv");
  assert.equal(told.fields.get("allow"), "GET, HEAD, POST, OPTIONS");
  assert.equal(told.fields.get("accept-post"), "application/json");
});

describe("A watch", () => {
  test("of a list tells of what its keys become", async (t) => {
    const { ask, watch, pass } = await serveKv(t);
    const stream = await watch("/kv/?watch&prefix=%EA%B0%80/");
    const put = await ask("PUT", "/kv/가/1".replace("가", "%EA%B0%80"), { "Content-Type": "a/b" }, "야옹");
    await ask("PUT", "/kv/other", {}, "x");
    await ask("POST", "/kv/%EA%B0%80/1", {}, "!");
    await ask("DELETE", "/kv/%EA%B0%80/1");
    await ask("PUT", "/kv/%EA%B0%80/2", { "Cache-Control": "max-age=5" }, "");
    pass(6);
    // Finds it gone, and the table tells of it before it tells of the new one.
    await ask("PUT", "/kv/%EA%B0%80/2", {}, "");
    const data = (await stream.data(6)) as { etag?: string }[];
    const etags = data.map(({ etag }) => etag);
    assert.equal(etags[0], put.fields.get("etag"));
    const key = "가/1";
    assert.deepEqual(
      data.map(({ etag, ...rest }) => rest),
      [
        { key, size: 6, type: "a/b", created: true },
        { key, size: 7, type: "a/b", created: false },
        { key, expired: false },
        { key: "가/2", size: 0, type: "application/octet-stream", created: true },
        { key: "가/2", expired: true },
        { key: "가/2", size: 0, type: "application/octet-stream", created: true },
      ],
    );
    assert.deepEqual(
      stream.events.map(({ type }) => type),
      ["put", "put", "remove", "put", "remove", "put"],
    );
  });

  test("of a key tells of that key, which need not be there", async (t) => {
    const { ask, watch } = await serveKv(t);
    const stream = await watch("/kv/a?watch");
    await ask("PUT", "/kv/ab", {}, "x");
    await ask("PUT", "/kv/a", {}, "x");
    assert.deepEqual(
      (await stream.data(1)).map((data) => (data as Entry).key),
      ["a"],
    );
  });

  test("of a key that nobody can write is refused", async (t) => {
    const { ask } = await serveKv(t);
    assert.equal((await ask("GET", `/kv/${"x".repeat(1025)}?watch`)).status, 404);
  });

  test("that a list links to misses nothing that the list does not show", async (t) => {
    const served = await serveKv(t);
    const { ask, watch } = served;
    await fill(served, ["a/1", "b/1"]);
    const list = await ask("GET", "/kv/?prefix=a/");
    await fill(served, ["a/2", "b/2", "a/3"]);
    const stream = await watch(linkOf(list.fields, "monitor") ?? "");
    assert.deepEqual(
      (await stream.data(2)).map((data) => (data as Entry).key),
      ["a/2", "a/3"],
    );
  });

  test("of a transaction tells of its steps in their order", async (t) => {
    const { ask, watch } = await serveKv(t);
    const stream = await watch("/kv/?watch");
    const steps = ["b", "a", "c"].map((key) => ({ op: "put", key, value: key }));
    await ask("POST", "/kv/?transaction", { "Content-Type": "application/json" }, JSON.stringify(steps));
    assert.deepEqual(
      (await stream.data(3)).map((data) => (data as Entry).key),
      ["b", "a", "c"],
    );
  });

  test("is no endless answer for HEAD", async (t) => {
    const { ask } = await serveKv(t);
    for (const target of ["/kv/?watch", "/kv/a?watch"]) {
      assert.equal((await ask("HEAD", target)).fields.get("content-type"), "text/event-stream");
    }
  });
});
