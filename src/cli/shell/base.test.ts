import assert from "node:assert/strict";
import { test } from "node:test";
import { baseText, changeBase, encodeName, isSameOrigin, readBase, resolveTarget } from "./base.ts";

const bases = [
  { typed: ":3091", href: "http://localhost:3091/", text: "localhost:3091" },
  {
    typed: "http://127.0.0.1:3091/animals?x#y",
    href: "http://127.0.0.1:3091/animals/",
    text: "127.0.0.1:3091/animals",
  },
  {
    typed: "https://example.com/나비",
    href: "https://example.com/%EB%82%98%EB%B9%84/",
    text: "https://example.com/나비",
  },
  { typed: "http://kim:pass@example.com/", href: "http://example.com/", text: "example.com" },
  { typed: "http://example.com/%ff%1b", href: "http://example.com/%ff%1b/", text: "example.com/%ff%1b" },
  { typed: "unix:/run/x.sock:/a", href: "http://localhost/a/", text: "/run/x.sock/a" },
];
for (const { typed, href, text } of bases) {
  test(`readBase() reads ${typed}`, () => {
    const base = readBase(typed);
    assert.equal(base.url.href, href);
    assert.equal(baseText(base), text);
  });
}

test("readBase() takes the credentials out of a URL", () => {
  assert.equal(readBase("http://kim:pass@example.com/").authorization, "Basic a2ltOnBhc3M=");
  assert.equal(readBase("http://example.com/").authorization, undefined);
});

const targets: { typed: string | undefined; is: string; target?: string }[] = [
  { typed: undefined, is: "/animals/" },
  { typed: "Rex", is: "/animals/Rex" },
  { typed: "나비?fields=age", is: "/animals/%EB%82%98%EB%B9%84?fields=age" },
  { typed: "?limit=1", is: "/animals/?limit=1" },
  { typed: "a:b", is: "/animals/a:b" },
  { typed: "two words", is: "/animals/two%20words" },
  { typed: "../x", is: "/x" },
  { typed: "./all", is: "/animals/all" },
  { typed: "/x", is: "/x" },
  { typed: "//x/y", is: "//x/y" },
  { typed: "http://127.0.0.1:3091/z", is: "/z" },
  { typed: "*", is: "/", target: "*" },
];
for (const { typed, is, target } of targets) {
  test(`resolveTarget() leads ${typed ?? "nothing"} to ${is}`, () => {
    const base = readBase("http://127.0.0.1:3091/animals");
    assert.deepEqual(resolveTarget(base, typed), { href: `http://127.0.0.1:3091${is}`, target });
  });
}

test("resolveTarget() does not ask another server, and says how to", () => {
  const base = readBase("http://127.0.0.1:3091/");
  assert.throws(
    () => resolveTarget(base, "http://example.com/x"),
    /Go there first: cd http:\/\/example\.com\/$/,
  );
});

const changes = [
  { where: "tails", href: "http://127.0.0.1:3091/animals/tails/", same: true },
  { where: "..", href: "http://127.0.0.1:3091/", same: true },
  { where: "/kv", href: "http://127.0.0.1:3091/kv/", same: true },
  { where: "http://127.0.0.1:3091/x", href: "http://127.0.0.1:3091/x/", same: true },
  { where: ":3092/x", href: "http://localhost:3092/x/", same: false },
  { where: "https://127.0.0.1:3091", href: "https://127.0.0.1:3091/", same: false },
  { where: "unix:/run/x.sock", href: "http://localhost/", same: false },
];
for (const { where, href, same } of changes) {
  test(`changeBase() goes to ${where}`, () => {
    const from = readBase("http://127.0.0.1:3091/animals");
    const to = changeBase(from, where);
    assert.equal(to.url.href, href);
    assert.equal(isSameOrigin(from, to), same);
  });
}

for (const { name, is } of [
  { name: "나비", is: "나비" },
  { name: "a b?c#d", is: "a%20b%3Fc%23d" },
  { name: "100%", is: "100%25" },
  { name: "\x1b[2J\u202e", is: "%1B[2J%E2%80%AE" },
  { name: "/x/y", is: "%2Fx/y" },
  { name: "\ud800", is: "\ufffd" },
]) {
  test(`encodeName() makes ${JSON.stringify(name)} a target`, () => assert.equal(encodeName(name), is));
}
