import assert from "node:assert/strict";
import { test } from "node:test";
import { byteCount, hostName, webOrigin } from "./server-flags.ts";

for (const origin of ["*", "null", "http://localhost:5173", "HTTPS://App.example", "http://[::1]:8080"]) {
  test(`webOrigin() takes ${origin}`, () => assert.equal(webOrigin(origin), origin));
}
test("webOrigin() takes the origin of a browser's extension as it is", () => {
  assert.equal(webOrigin("chrome-extension://abcdef"), "chrome-extension://abcdef");
});
for (const { text, says } of [
  { text: "http://localhost:5173/", says: /such as http:\/\/localhost:5173, or/ },
  { text: "http://app.example:80", says: /such as http:\/\/app\.example, or/ },
  { text: "http://app.example/page", says: /such as http:\/\/app\.example, or/ },
  { text: "http://kim@app.example", says: /such as http:\/\/app\.example, or/ },
  { text: "localhost:5173", says: /scheme, host and port/ },
  { text: "foo bar", says: /scheme, host and port/ },
  { text: "", says: /scheme, host and port/ },
]) {
  test(`webOrigin() refuses ${JSON.stringify(text)}, which no browser sends`, () => {
    assert.throws(() => webOrigin(text), says);
  });
}

for (const host of ["*", "files.example.com", ".example.com", "192.0.2.1", "::1", "[2001:db8::1]"]) {
  test(`hostName() takes ${host}`, () => assert.equal(hostName(host), host));
}
for (const host of ["files.example.com:80", "http://files.example.com", "[::1]:8080", "a/b", "a b"]) {
  test(`hostName() refuses ${host}, which no host would be equal to`, () => {
    assert.throws(() => hostName(host), /without scheme and port/);
  });
}

test("byteCount() takes bytes with a unit or without", () => {
  assert.equal(byteCount("65536"), 65_536);
  assert.equal(byteCount("64KiB"), 65_536);
  assert.throws(() => byteCount("much"), /a number of bytes, such as 65536 or 16MiB/);
});
