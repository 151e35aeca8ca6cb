import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../message/problem.ts";
import { hrefOf, locate, mountPrefix, nameOf } from "./mount.ts";

const places = [
  { base: "/", path: "/", segments: [], slash: true },
  { base: "/", path: "/a/b%20c.txt", segments: ["a", "b c.txt"], slash: false },
  { base: "/", path: "/%EC%97%B0%EC%96%B4/", segments: ["연어"], slash: true },
  { base: "/files", path: "/files", segments: [], slash: false },
  { base: "/files/", path: "/files/", segments: [], slash: true },
  { base: "/files", path: "/files/a", segments: ["a"], slash: false },
];
for (const { base, path, segments, slash } of places) {
  test(`under ${base}, ${path} names ${JSON.stringify(segments)}${slash ? " with a slash" : ""}`, () => {
    assert.deepEqual(locate(mountPrefix(base), path), { segments, slash });
  });
}

const refused = [
  { base: "/files", path: "/filesa", status: 404 },
  { base: "/files", path: "/other", status: 404 },
  { base: "/", path: "//a", status: 400 },
  { base: "/", path: "/a//b", status: 400 },
  { base: "/", path: "/%2e%2e", status: 400 },
  { base: "/", path: "/%ff", status: 400 },
];
for (const { base, path, status } of refused) {
  test(`under ${base}, ${path} is answered ${status}`, () => {
    assert.throws(
      () => locate(mountPrefix(base), path),
      (error) => error instanceof Problem && error.status === status,
    );
  });
}

const name = fc
  .string({ unit: "grapheme", minLength: 1 })
  .filter((text) => !/^\.{1,2}$|[\p{Cc}/\\]/u.test(text));

test("what is written is found again, and never begins with two slashes", () => {
  fc.assert(
    fc.property(fc.constantFrom("/", "/files"), fc.array(name), fc.boolean(), (base, segments, slash) => {
      const prefix = mountPrefix(base);
      const place = { segments, slash: slash || segments.length === 0 };
      const href = hrefOf(prefix, place);
      assert.deepEqual(locate(prefix, href), place);
      assert.ok(!href.startsWith("//"));
    }),
  );
});

test("a place is shown as a person reads it", () => {
  assert.equal(nameOf({ segments: [], slash: true }), "/");
  assert.equal(nameOf({ segments: ["a b", "연어"], slash: false }), "/a b/연어");
  assert.equal(nameOf({ segments: ["a"], slash: true }), "/a/");
});
