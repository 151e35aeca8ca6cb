import assert from "node:assert/strict";
import { test } from "node:test";
import { completeUrl, type HttpUrl, parseUrl, targetAsWritten } from "./url.ts";

const parsed: { url: string; is: Partial<HttpUrl> }[] = [
  {
    url: "http://localhost:3091/x?y#z",
    is: {
      host: "localhost",
      port: 3091,
      authority: "localhost:3091",
      target: "/x?y",
      fragment: "#z",
      scheme: "http",
    },
  },
  { url: "http://h", is: { port: 80, authority: "h", target: "/", href: "http://h/", origin: "http://h" } },
  { url: "http://h:80/", is: { port: 80, authority: "h" } },
  { url: "https://h", is: { port: 443, authority: "h", scheme: "https", origin: "https://h" } },
  { url: "https://h:80", is: { port: 80, authority: "h:80" } },
  { url: "http://[::1]:8080/", is: { host: "::1", port: 8080, authority: "[::1]:8080" } },
  { url: "http://h/안녕?q=김 치", is: { target: "/%EC%95%88%EB%85%95?q=%EA%B9%80%20%EC%B9%98" } },
  { url: "http://h?q", is: { target: "/?q" } },
  { url: "HTTP://H/A", is: { authority: "h", target: "/A" } },
  { url: "http://예시.한국/", is: { authority: "xn--vv4b11d.xn--3e0b707e" } },
  {
    url: "http://Aladdin:open%20sesame@h/",
    is: { authority: "h", href: "http://h/", authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
  },
  { url: "http://이름@h/", is: { authorization: `Basic ${Buffer.from("이름:").toString("base64")}` } },
];

for (const { url, is } of parsed) {
  test(`parseUrl() takes ${url} apart`, () => {
    const found = parseUrl(url);
    for (const [key, value] of Object.entries(is)) assert.equal(found[key as keyof HttpUrl], value, key);
  });
}

for (const url of [
  "",
  "/path",
  "localhost:3091",
  "ftp://h/",
  "http://",
  "http://h:99999/",
  "http://a b/",
  "http://%zz@h/",
]) {
  test(`parseUrl() refuses ${JSON.stringify(url)}`, () => {
    assert.throws(() => parseUrl(url), { code: "URL_INVALID", kind: "usage" });
  });
}

test("parseUrl() shows no password in its message", () => {
  assert.throws(
    () => parseUrl("http://me:secret@h:99999/"),
    (error: Error) => !error.message.includes("secret") && error.message.includes("99999"),
  );
});

test("parseUrl() takes URL objects, and gives the same for the same text", () => {
  assert.equal(parseUrl(new URL("http://h/same")), parseUrl("http://h/same"));
});

const completed = [
  [":3091/x", "http://localhost:3091/x"],
  [":3091", "http://localhost:3091"],
  [":/x", "http://localhost/x"],
  [":", "http://localhost:"],
  ["host/path", "http://host/path"],
  ["localhost:3091/x", "http://localhost:3091/x"],
  ["[::1]:3091", "http://[::1]:3091"],
  ["//host/x", "http://host/x"],
  ["https://host", "https://host"],
] as const;

for (const [typed, whole] of completed) {
  test(`completeUrl() makes ${whole} of ${typed}`, () => assert.equal(completeUrl(typed), whole));
}

for (const typed of ["::1/x", ":port/x", "/path"]) {
  test(`completeUrl() leaves ${typed} for parseUrl() to refuse`, () => {
    assert.throws(() => parseUrl(completeUrl(typed)), { code: "URL_INVALID" });
  });
}

for (const [url, target] of [
  ["http://h/a/../b/./c", "/a/../b/./c"],
  ["http://u:p@h:80/a/%2e%2E/b?x=../y#/../z", "/a/%2e%2E/b?x=../y"],
  ["https://[::1]/..//", "/..//"],
  ["HTTP://h", "/"],
  ["http://h?q", "/?q"],
  ["http://h#f", "/"],
  ["http://h/../안녕 a?q=김|{}", "/../%EC%95%88%EB%85%95%20a?q=%EA%B9%80|{}"],
  [" http://h/../a ", "/../a"],
] as const) {
  test(`targetAsWritten() of ${JSON.stringify(url)} is ${target}`, () => {
    assert.equal(targetAsWritten(url), target);
  });
}

test("targetAsWritten() takes whole URLs of http and https only", () => {
  for (const url of ["/a/../b", "ftp://h/a", "h/a"])
    assert.throws(() => targetAsWritten(url), { code: "URL_INVALID" });
});
