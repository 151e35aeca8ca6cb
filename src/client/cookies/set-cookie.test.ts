import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cookieAttribute, parseSetCookie, type SetCookie } from "./set-cookie.ts";

const NOTHING: Omit<SetCookie, "name" | "value" | "attributes"> = {
  expires: undefined,
  maxAge: undefined,
  domain: undefined,
  path: undefined,
  secure: false,
  httpOnly: false,
  sameSite: undefined,
};
const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const cookies: readonly (readonly [field: string, cookie: Partial<SetCookie> | undefined])[] = [
  // The examples of RFC 6265, 3.1.
  ["SID=31d4d96e407aad42", { name: "SID", value: "31d4d96e407aad42" }],
  [
    "SID=31d4d96e407aad42; Path=/; Domain=example.com",
    { value: "31d4d96e407aad42", path: "/", domain: "example.com" },
  ],
  ["SID=31d4d96e407aad42; Path=/; Secure; HttpOnly", { path: "/", secure: true, httpOnly: true }],
  ["lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT", { expires: new Date("2021-06-09T10:18:14Z") }],
  [
    "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
    { name: "lang", value: "", expires: new Date("1994-11-06T08:49:37Z") },
  ],
  // Name and value.
  ["  a  =  b c  ;", { name: "a", value: "b c" }],
  ["a=b=c=", { name: "a", value: "b=c=" }],
  ['foo="a b c"', { name: "foo", value: '"a b c"' }],
  ["a=b,c=d", { name: "a", value: "b,c=d" }],
  [bytes("이름=값"), { name: bytes("이름"), value: bytes("값") }],
  [`a=${"x".repeat(4095)}`, { name: "a" }],
  [`a=${"x".repeat(4096)}`, undefined],
  ["", undefined],
  [";", undefined],
  ["a", undefined],
  ["=b", undefined],
  ["; a=b", undefined],
  ["a=b\x00c", undefined],
  ["a=b; Path=/\x7f", undefined],
  ["a=b\nSet-Cookie: c=d", undefined],
  ["a=b\tc", undefined],
  ["a\t=\tb", { name: "a", value: "b" }],
  // Attributes: any case, the last one counts, those that cannot be read do not.
  [
    "a=b; SECURE; httponly; PATH=/x; samesite=STRICT",
    { secure: true, httpOnly: true, path: "/x", sameSite: "Strict" },
  ],
  ["a=b; Secure=false; HttpOnly=0", { secure: true, httpOnly: true }],
  ["a=b;secure;;;path = /x ", { secure: true, path: "/x" }],
  ["a=b; Path=/1; Path=/2", { path: "/2" }],
  ["a=b; Path=/1; Path=", { path: undefined }],
  ["a=b; Path=x", { path: undefined }],
  ["a=b; Path", { path: undefined }],
  ["a=b; Path=/a\tb", { path: undefined }],
  [`a=b; Path=/${"x".repeat(1024)}`, { path: undefined }],
  ["a=b; Domain=.EXAMPLE.com", { domain: "example.com" }],
  ["a=b; Domain=example.com; Domain=", { domain: undefined }],
  ["a=b; Domain=.", { domain: undefined }],
  ["a=b; Max-Age=3600", { maxAge: 3600 }],
  ["a=b; Max-Age=0", { maxAge: 0 }],
  ["a=b; Max-Age=-1", { maxAge: -1 }],
  ["a=b; Max-Age=+1", { maxAge: undefined }],
  ["a=b; Max-Age=1.5", { maxAge: undefined }],
  ["a=b; Max-Age=", { maxAge: undefined }],
  ["a=b; Max-Age=60; Max-Age=soon", { maxAge: 60 }],
  ["a=b; Expires=soon", { expires: undefined }],
  ["a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Expires=soon", { expires: new Date("2021-06-09T10:18:14Z") }],
  ["a=b; SameSite=lax", { sameSite: "Lax" }],
  ["a=b; SameSite=None", { sameSite: "None" }],
  ["a=b; SameSite=Strict; SameSite=other", { sameSite: undefined }],
  ["a=b; __proto__=c; constructor", {}],
];

for (const [field, expected] of cookies) {
  const shown = JSON.stringify(field.length > 80 ? `${field.slice(0, 20)}…` : field);
  test(`parseSetCookie() reads ${shown}${expected === undefined ? " as no cookie" : ""}`, () => {
    const cookie = parseSetCookie(field);
    if (expected === undefined) {
      assert.equal(cookie, undefined);
      return;
    }
    assert.ok(cookie !== undefined);
    const { name, value, attributes: _, ...meaning } = cookie;
    const { name: wantedName = name, value: wantedValue = value, ...wanted } = expected;
    assert.deepEqual([name, value], [wantedName, wantedValue]);
    assert.deepEqual(meaning, { ...NOTHING, ...wanted });
  });
}

test("Attributes are kept as they were written, unknown ones and those of no meaning included", () => {
  const cookie = parseSetCookie("a=b; EXPIRES=soon; Priority=High;;secure; Path=x; Path=/; =y");
  assert.ok(cookie !== undefined);
  assert.deepEqual(cookie.attributes, [
    { name: "EXPIRES", value: "soon" },
    { name: "Priority", value: "High" },
    { name: "secure", value: undefined },
    { name: "Path", value: "x" },
    { name: "Path", value: "/" },
    { name: "", value: "y" },
  ]);
  const asked = ["Expires", "priority", "Secure", "path", "HttpOnly"];
  assert.deepEqual(
    asked.map((name) => cookieAttribute(cookie, name)),
    ["soon", "High", "", "/", undefined],
  );
});

test("A name and a value without semicolons, controls and white space at their ends are read as they are", () => {
  const text = fc.string({ unit: "binary" }).map((each) => bytes(each).replace(/[\x00-\x1f\x7f;]/g, ""));
  const trimmed = text
    .map((each) => each.trim().replace(/^\xa0+|\xa0+$/g, ""))
    .filter((each) => !/^\s|\s$/.test(each));
  const named = trimmed
    .map((each) => each.replaceAll("=", ""))
    .filter((each) => each !== "" && !/^\s|\s$/.test(each));
  fc.assert(
    fc.property(named, trimmed, (name, value) => {
      const cookie = parseSetCookie(`${name}=${value}; Secure`);
      assert.deepEqual([cookie?.name, cookie?.value, cookie?.secure], [name, value, true]);
    }),
  );
});
