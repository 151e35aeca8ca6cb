import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseTarget } from "../protocol/target.ts";
import { createMemoryTable } from "../store/memory/table.ts";
import { putRow } from "../store/table.ts";
import { attempt, isBare, keyHref, keyOf, rowTag, rowValidators, unchangedSince, withSlash } from "./rows.ts";

describe("keyOf()", () => {
  const rows: readonly (readonly [prefix: string, path: string, key: string])[] = [
    ["/kv", "/kv", ""],
    ["/kv", "/kv/", ""],
    ["", "/", ""],
    ["/kv", "/kv/a", "a"],
    ["", "/a", "a"],
    ["/kv", "/kv/a/b/", "a/b/"],
    ["/kv", "/kv/a%2Fb%2f", "a/b/"],
    ["/kv", "/kv//", "/"],
    ["/kv", "/kv/..", ".."],
    ["/kv", "/kv/a+b%20c", "a+b c"],
    ["/kv", "/kv/%00%0a", "\0\n"],
    ["/kv", "/kv/%25", "%"],
    ["/kv", "/kv/%EC%95%BC%EC%98%B9", "야옹"],
    ["/%EC%95%BC", "/%EC%95%BC/x", "x"],
  ];
  for (const [prefix, path, key] of rows) {
    test(`reads ${JSON.stringify(key)} from ${path}`, () => assert.equal(keyOf(prefix, path), key));
  }

  for (const [path, status] of [
    ["/kv/%", 400],
    ["/kv/%zz", 400],
    ["/kv/%FF", 400],
    ["/kv/%ED%A0%80", 400],
    ["/other", 404],
    ["/kvx", 404],
    ["*", 404],
  ] as const) {
    test(`refuses ${path} with ${status}`, () => {
      assert.throws(() => keyOf("/kv", path), { name: "Problem", status });
    });
  }

  test("reads what keyHref() has written, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (key) => {
        const href = keyHref("/kv", key);
        assert.equal(keyOf("/kv", href), key);
        // Also by a client that normalizes what it is given, but for the two names that nobody keeps.
        if (key !== "." && key !== "..") assert.equal(new URL(href, "http://a").pathname, href);
      }),
    );
  });
});

test("A mount without its slash is told from one with it, and sent on with its query", () => {
  assert.equal(isBare("/kv", "/kv"), true);
  assert.equal(isBare("/kv", "/kv/"), false);
  assert.equal(isBare("", "/"), false);
  const response = withSlash("/kv", parseTarget("GET", "/kv?prefix=a"));
  assert.equal(response.status, 301);
  assert.equal(response.fields.get("location"), "/kv/?prefix=a");
});

test("A row's version is its strong entity tag, and what a write expects to find", async () => {
  const table = createMemoryTable();
  await putRow(table, "a", { value: Buffer.from("1"), mediaType: "text/plain" });
  const info = await table.stat("a");
  assert.ok(info !== undefined);
  assert.equal(rowTag(info), `"${info.version}"`);
  assert.deepEqual(rowValidators(info), { etag: rowTag(info), lastModified: info.changed });
  assert.equal(rowValidators(undefined), undefined);
  assert.deepEqual(unchangedSince(info), { version: info.version });
  assert.equal(unchangedSince(undefined), "absent");
});

describe("attempt()", () => {
  test("repeats a change until it is made", async () => {
    let rounds = 0;
    assert.equal(await attempt(async () => (++rounds < 7 ? "again" : rounds)), 7);
  });

  test("gives up after a hundred rounds with a 503 that says when to come back", async () => {
    let rounds = 0;
    const endless = attempt(async () => {
      rounds += 1;
      return "again";
    });
    await assert.rejects(endless, (error: { status?: number; init?: { fields?: object } }) => {
      assert.equal(error.status, 503);
      assert.deepEqual(error.init?.fields, { "Retry-After": "1" });
      return true;
    });
    assert.equal(rounds, 100);
  });

  test("passes on what the change throws", async () => {
    const broken = new Error("broken");
    await assert.rejects(
      attempt(() => Promise.reject(broken)),
      broken,
    );
  });
});
