import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../url.ts";
import { defaultPath, domainMatches, isPublicSuffix, isSecureChannel, pathMatches, pathOf } from "./scope.ts";

const domains: readonly (readonly [host: string, domain: string, matches: boolean])[] = [
  ["example.com", "example.com", true],
  ["www.example.com", "example.com", true],
  ["a.b.example.com", "example.com", true],
  ["example.com", "www.example.com", false],
  ["badexample.com", "example.com", false],
  ["example.com.evil.org", "example.com", false],
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "0.0.1", false],
  ["::1", "::1", true],
  ["localhost", "localhost", true],
];
for (const [host, domain, matches] of domains) {
  test(`The host ${host} ${matches ? "matches" : "does not match"} the domain ${domain}`, () => {
    assert.equal(domainMatches(host, domain), matches);
  });
}

const paths: readonly (readonly [path: string, cookiePath: string, matches: boolean])[] = [
  ["/", "/", true],
  ["/a/b", "/", true],
  ["/a", "/a", true],
  ["/a/", "/a", true],
  ["/a/b", "/a", true],
  ["/a/b", "/a/", true],
  ["/a", "/a/", false],
  ["/ab", "/a", false],
  ["/", "/a", false],
  ["/A", "/a", false],
];
for (const [path, cookiePath, matches] of paths) {
  test(`The path ${path} ${matches ? "matches" : "does not match"} a cookie's ${cookiePath}`, () => {
    assert.equal(pathMatches(path, cookiePath), matches);
  });
}

const defaults: readonly (readonly [url: string, path: string])[] = [
  ["http://a", "/"],
  ["http://a/", "/"],
  ["http://a/b", "/"],
  ["http://a/b/", "/b"],
  ["http://a/b/c", "/b"],
  ["http://a/b/c?d=/e/f", "/b"],
  ["http://a?/b/c", "/"],
  ["http://a//b", "/"],
];
for (const [url, path] of defaults) {
  test(`A cookie of ${url} that names no path is for ${path}`, () => {
    assert.equal(defaultPath(pathOf(parseUrl(url))), path);
  });
}

const channels: readonly (readonly [url: string, secure: boolean])[] = [
  ["https://example.com", true],
  ["http://example.com", false],
  ["http://localhost:3091", true],
  ["http://app.localhost", true],
  ["http://127.0.0.1", true],
  ["http://127.8.8.8", true],
  ["http://[::1]:80", true],
  ["http://128.0.0.1", false],
  ["http://notlocalhost", false],
  ["http://localhost.example.com", false],
  ["http://127.0.0.1.example.com", false],
  ["http://10.0.0.1", false],
];
for (const [url, secure] of channels) {
  test(`${url} is ${secure ? "" : "not "}a way for Secure cookies`, () => {
    assert.equal(isSecureChannel(parseUrl(url)), secure);
  });
}

const suffixes: readonly (readonly [domain: string, is: boolean])[] = [
  ["com", true],
  ["com.", true],
  ["localhost", true],
  ["co.kr", true],
  ["or.kr", true],
  ["co.uk", true],
  ["com.au", true],
  ["ne.jp", true],
  ["example.com", false],
  ["example.co.kr", false],
  ["go.com", false],
  ["kr.co", false],
];
for (const [domain, is] of suffixes) {
  test(`${domain} is ${is ? "" : "not "}shared by strangers`, () => {
    assert.equal(isPublicSuffix(domain), is);
  });
}
