import assert from "node:assert/strict";
import { test } from "node:test";
import { isAuthority, parseTarget, splitAuthority, type Target } from "./target.ts";

const none = { scheme: undefined, authority: undefined, query: undefined };

const targets: { readonly method: string; readonly text: string; readonly target: Target | undefined }[] = [
  { method: "GET", text: "/", target: { ...none, form: "origin", path: "/" } },
  { method: "GET", text: "/a%2Fb/../c", target: { ...none, form: "origin", path: "/a%2Fb/../c" } },
  { method: "GET", text: "/a?b=c?d", target: { ...none, form: "origin", path: "/a", query: "b=c?d" } },
  { method: "GET", text: "/?", target: { ...none, form: "origin", path: "/", query: "" } },
  { method: "GET", text: "/??", target: { ...none, form: "origin", path: "/", query: "?" } },
  { method: "GET", text: "//a/b", target: { ...none, form: "origin", path: "//a/b" } },
  { method: "OPTIONS", text: "/", target: { ...none, form: "origin", path: "/" } },
  { method: "OPTIONS", text: "*", target: { ...none, form: "asterisk", path: "*" } },
  { method: "CONNECT", text: "a:443", target: { ...none, form: "authority", authority: "a:443", path: "" } },
  {
    method: "CONNECT",
    text: "[::1]:1",
    target: { ...none, form: "authority", authority: "[::1]:1", path: "" },
  },
  {
    method: "GET",
    text: "http://a",
    target: { form: "absolute", scheme: "http", authority: "a", path: "/", query: undefined },
  },
  {
    method: "GET",
    text: "HTTPS://A:443/b?c",
    target: { form: "absolute", scheme: "https", authority: "A:443", path: "/b", query: "c" },
  },
  {
    method: "GET",
    text: "http://a?b/c",
    target: { form: "absolute", scheme: "http", authority: "a", path: "/", query: "b/c" },
  },
  {
    method: "GET",
    text: "http://[::1]:80/@",
    target: { form: "absolute", scheme: "http", authority: "[::1]:80", path: "/@", query: undefined },
  },
  {
    method: "OPTIONS",
    text: "http://a",
    target: { form: "absolute", scheme: "http", authority: "a", path: "*", query: undefined },
  },
  {
    method: "OPTIONS",
    text: "http://a/",
    target: { form: "absolute", scheme: "http", authority: "a", path: "/", query: undefined },
  },
  {
    method: "OPTIONS",
    text: "http://a?b",
    target: { form: "absolute", scheme: "http", authority: "a", path: "/", query: "b" },
  },
  ...[
    ["GET", "*"],
    ["HEAD", "*"],
    ["OPTIONS", "**"],
    ["OPTIONS", "*?a"],
    ["GET", ""],
    ["GET", "a"],
    ["GET", "?a"],
    ["GET", "/a#b"],
    ["GET", "/?a#b"],
    ["GET", "#"],
    ["GET", "a:80"],
    ["GET", "ftp://a/"],
    ["GET", "ws://a/"],
    ["GET", "http:/a"],
    ["GET", "http:a"],
    ["GET", "http://"],
    ["GET", "http:///a"],
    ["GET", "http://?a"],
    ["GET", "http://u@a/"],
    ["GET", "http://u:p@a/"],
    ["GET", "http://@a/"],
    ["GET", "http://a@/"],
    ["GET", "http://:80/"],
    ["GET", "http://a:b/"],
    ["GET", "http://a:65536/"],
    ["GET", "http://a:80:80/"],
    ["GET", "http://a#b"],
    ["GET", "http://a/#b"],
    ["GET", "http://a\\b/"],
    ["GET", "http://%/"],
    ["GET", "http://[::1/"],
    ["CONNECT", "a"],
    ["CONNECT", "a:"],
    ["CONNECT", ":80"],
    ["CONNECT", "/"],
    ["CONNECT", "*"],
    ["CONNECT", "http://a:80"],
    ["CONNECT", "a:65536"],
    ["CONNECT", "a:80/"],
    ["CONNECT", "u@a:80"],
  ].map(([method = "", text = ""]) => ({ method, text, target: undefined })),
];

for (const { method, text, target } of targets) {
  test(`${method} ${text} ${target === undefined ? "is refused" : `is in ${target.form} form`}`, () => {
    if (target === undefined) {
      assert.throws(() => parseTarget(method, text), {
        name: "ProtocolError",
        code: "TARGET_INVALID",
        status: 400,
      });
    } else {
      assert.deepEqual(parseTarget(method, text), target);
    }
  });
}

const authorities: { readonly text: string; readonly host: string; readonly port?: number }[] = [
  { text: "a", host: "a" },
  { text: "A.Example", host: "a.example" },
  { text: "a:", host: "a" },
  { text: "a:80", host: "a", port: 80 },
  { text: "a:0", host: "a", port: 0 },
  { text: "a:00080", host: "a", port: 80 },
  { text: "1.2.3.4:65535", host: "1.2.3.4", port: 65_535 },
  { text: "[::1]", host: "::1" },
  { text: "[::1]:80", host: "::1", port: 80 },
  { text: "[::1]:", host: "::1" },
  { text: "[FE80::ABCD]:8080", host: "fe80::abcd", port: 8080 },
  { text: "[::ffff:1.2.3.4]", host: "::ffff:1.2.3.4" },
  { text: "[v1.a:b]", host: "v1.a:b" },
  { text: "xn--9t4b11yi5a.kr", host: "xn--9t4b11yi5a.kr" },
  { text: "%EC%9A%B0:1", host: "%ec%9a%b0", port: 1 },
  { text: "a_b~c!$&'()*+;=", host: "a_b~c!$&'()*+;=" },
];
for (const { text, host, port } of authorities) {
  test(`${text} is an authority of host ${host} and port ${port ?? "unknown"}`, () => {
    assert.equal(isAuthority(text), true);
    assert.deepEqual(splitAuthority(text), { host, port });
  });
}

const notAuthorities = [
  "",
  ":",
  ":80",
  "u@a",
  "u:p@a",
  "@",
  "a b",
  " a",
  "a ",
  "a,b",
  "a, b",
  "a:x",
  "a:-1",
  "a:+1",
  "a:8 0",
  "a:65536",
  "a:99999999999999999999",
  "a:80:80",
  "a/",
  "a?b",
  "a#b",
  "%",
  "%4",
  "%zz",
  "::1",
  "[::1",
  "::1]",
  "[]",
  "[]:80",
  "[::1]a",
  "[::1]]",
  "[[::1]]",
  "[a]",
  "[:::]",
  "[1:2]",
  "[1.2.3.4]",
  "[1::2::3]",
  "[1:2:3:4:5:6:7:8:9]",
  "[::1%25eth0]",
  "[::g]",
  "[v1]",
  "[v.a]",
  "a\\b",
  '"a"',
  "<a>",
  "a|b",
  "a^b",
  "a\r\n",
  "a\n",
  "a\x00",
  "\u212a",
  "\x80",
  "우",
];
for (const text of notAuthorities) {
  test(`${JSON.stringify(text)} is not an authority`, () => assert.equal(isAuthority(text), false));
}
