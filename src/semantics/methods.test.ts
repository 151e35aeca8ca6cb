import assert from "node:assert/strict";
import { test } from "node:test";
import { isIdempotent, isKnownMethod, isSafe } from "./methods.ts";

const cases: readonly { method: string; safe: boolean; idempotent: boolean }[] = [
  { method: "GET", safe: true, idempotent: true },
  { method: "HEAD", safe: true, idempotent: true },
  { method: "OPTIONS", safe: true, idempotent: true },
  { method: "TRACE", safe: true, idempotent: true },
  { method: "PUT", safe: false, idempotent: true },
  { method: "DELETE", safe: false, idempotent: true },
  { method: "POST", safe: false, idempotent: false },
  { method: "PATCH", safe: false, idempotent: false },
  { method: "CONNECT", safe: false, idempotent: false },
  { method: "PRRT", safe: false, idempotent: false },
  { method: "get", safe: false, idempotent: false },
  { method: "toString", safe: false, idempotent: false },
];

for (const { method, safe, idempotent } of cases) {
  test(`${method} is ${safe ? "" : "not "}safe and ${idempotent ? "" : "not "}idempotent`, () => {
    assert.equal(isSafe(method), safe);
    assert.equal(isIdempotent(method), idempotent);
  });
}

const known = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "PROPFIND",
  "MKCOL",
];
const unknown = ["PRRT", "get", "Get", "PRI", "END", "toString", "__proto__", "", "GET "];

for (const [names, is] of [
  [known, true],
  [unknown, false],
] as const) {
  for (const method of names) {
    test(`isKnownMethod() says ${is} of ${JSON.stringify(method)}`, () => {
      assert.equal(isKnownMethod(method), is);
    });
  }
}
