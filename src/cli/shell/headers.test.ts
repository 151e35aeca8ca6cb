import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../../client/url.ts";
import { DefaultHeaders } from "./headers.ts";

const URL_ = parseUrl("http://127.0.0.1:3091/");
const names = (headers: DefaultHeaders): string[] => headers.shown(URL_).map(([name]) => name);

test("a header is sent until it is unset, and a request's own goes before it", () => {
  const headers = new DefaultHeaders();
  headers.set("X-Cat", "나비");
  const item = { kind: "header", name: "X-Cat", value: "나비", fromFile: false } as const;
  assert.deepEqual(headers.items([]), [item]);
  assert.deepEqual(headers.items([{ ...item, name: "x-cat" }]), []);
  assert.deepEqual(headers.items([{ kind: "remove", name: "x-cat" }]), []);
  assert.ok(headers.unset("x-CAT"));
  assert.ok(!headers.unset("X-Cat"));
  assert.deepEqual(headers.items([]), []);
});

test("an empty value leaves out what would be sent by default", () => {
  const headers = new DefaultHeaders();
  headers.set("user-agent", "");
  assert.deepEqual(names(headers), ["Host", "Accept", "Accept-Encoding"]);
  headers.unset("User-Agent");
  assert.deepEqual(names(headers), ["Host", "User-Agent", "Accept", "Accept-Encoding"]);
});

test("credentials are sent, not shown, and not for another server", () => {
  const headers = new DefaultHeaders();
  headers.authorize({ kind: "basic", pair: "김:비밀" });
  headers.set("Cookie", "a=b");
  headers.set("X-Cat", "meow");
  const [authorization] = headers.items([]);
  assert.equal(
    authorization?.kind === "header" ? authorization.value : "",
    `Basic ${Buffer.from("김:비밀").toString("base64")}`,
  );
  const shown = Object.fromEntries(headers.shown(URL_));
  assert.match(shown.Authorization ?? "", /^Basic [^A-Za-z0-9+/]+$/);
  assert.doesNotMatch(shown.Cookie ?? "", /a=b/);
  assert.deepEqual(headers.forgetSecrets(), ["Authorization", "Cookie"]);
  assert.deepEqual(headers.names, ["X-Cat"]);
});

for (const [name, value] of [
  ["Host", ""],
  ["X Cat", "a"],
  ["X-Cat", "a\x00b"],
] as const) {
  test(`${JSON.stringify(`${name}: ${value}`)} cannot be set`, () => {
    assert.throws(() => new DefaultHeaders().set(name, value), /^CommandError: Cannot/);
  });
}
