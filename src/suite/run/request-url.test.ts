import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Span } from "../hurl/tree.ts";
import { encodedParams, requireUrl, withQuery } from "./request-url.ts";

const at = { offset: 4, line: 1, column: 5 };
const source: Span = { start: at, end: at };

for (const url of [
  "http://localhost:8000",
  "HTTPS://example.org/a b?c={d}#e",
  "http://[::1]:80/",
  "http://127.0.0.1",
  "http://한국.kr/가",
  "http://user:pass@host:/",
]) {
  test(`${url} can be asked for`, () => {
    requireUrl(url, source);
  });
}

const FAULTS = [
  { url: "localhost:8000/x", why: "Missing scheme <http://> or <https://>" },
  { url: "", why: "Missing scheme <http://> or <https://>" },
  { url: "/path", why: "Missing scheme <http://> or <https://>" },
  { url: "http:/x", why: "Missing scheme <http://> or <https://>" },
  { url: "example.org", why: "Missing scheme <http://> or <https://>" },
  { url: "market://details?id=a", why: "Only <http://> and <https://> schemes are supported" },
  { url: "ftp://a", why: "Only <http://> and <https://> schemes are supported" },
  { url: "https://???", why: "empty host" },
  { url: "http://", why: "empty host" },
  { url: "http://:80/", why: "empty host" },
  { url: "http://user@/", why: "empty host" },
  { url: "http://a:65536/", why: "invalid port number" },
  { url: "http://a:x/", why: "invalid port number" },
  { url: "http://[::1]:x/", why: "invalid port number" },
  { url: "http://[::g]/", why: "invalid IPv6 address" },
  { url: "http://[::1/", why: "invalid IPv6 address" },
  { url: "http://256.1.1.1/", why: "invalid IPv4 address" },
  { url: "http://a b/", why: "invalid international domain name" },
  { url: "http://a%/", why: "invalid international domain name" },
  { url: "http://%ff:x@a/", why: "invalid user information" },
];

for (const { url, why } of FAULTS) {
  test(`<${url}> is refused: ${why}`, () => {
    assert.throws(() => requireUrl(url, source), {
      name: "Failure",
      code: "INVALID_URL",
      source,
      message: `Invalid URL: invalid URL <${url}> (${why})`,
    });
  });
}

const QUERIES = [
  { url: "http://a", params: [], result: "http://a" },
  { url: "http://a/b", params: [["c", "d"]], result: "http://a/b?c=d" },
  { url: "http://a/?b=1", params: [["c", ""]], result: "http://a/?b=1&c=" },
  { url: "http://a/?", params: [["c", "d"]], result: "http://a/?c=d" },
  { url: "http://a/?b&", params: [["c", "d"]], result: "http://a/?b&c=d" },
  { url: "http://a/#top", params: [["c", "d"]], result: "http://a/?c=d#top" },
  { url: "http://a/?b=%2F#x?y", params: [["c", "/"]], result: "http://a/?b=%2F&c=%2F#x?y" },
] as const;

for (const { url, params, result } of QUERIES) {
  test(`${url} with ${params.length} parameters is ${result}`, () => {
    assert.equal(withQuery(url, params), result);
  });
}

test("parameters are encoded as curl does it, names as far as they must be", () => {
  const params = [
    ["param3", "a=b"],
    ["param4", "a%3db"],
    ["list", "1,2,3"],
    ["values[0]", "0"],
    ["$top", "5"],
    ["date", "2024-12-02T10:35:44.461Z"],
    ["검색", "서울 시청+~"],
    ["a&b=c", "{d}"],
  ] as const;
  assert.equal(
    encodedParams(params),
    "param3=a%3Db&param4=a%253db&list=1%2C2%2C3&values[0]=0&$top=5&date=2024-12-02T10%3A35%3A44.461Z" +
      "&%EA%B2%80%EC%83%89=%EC%84%9C%EC%9A%B8%20%EC%8B%9C%EC%B2%AD%2B~&a%26b%3Dc=%7Bd%7D",
  );
});

const text = fc.string({ unit: "grapheme-composite" });

test("what is encoded, URLSearchParams reads, also out of a URL", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (params) => {
      assert.deepEqual([...new URLSearchParams(encodedParams(params))], params);
      const url = new URL(withQuery("http://a/b?first=1#end", params));
      assert.deepEqual([...url.searchParams], [["first", "1"], ...params]);
      assert.equal(url.hash, "#end");
    }),
  );
});
