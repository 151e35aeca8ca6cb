import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../protocol/fields.ts";
import { redirectFields, redirectLocation, redirectMethod, redirectTarget } from "./redirects.ts";
import { parseUrl } from "./url.ts";

const methods = [
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [303, "POST", "GET"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [303, "GET", "GET"],
  [301, "PUT", "PUT"],
  [302, "DELETE", "DELETE"],
  [301, "HEAD", "HEAD"],
  [307, "POST", "POST"],
  [308, "POST", "POST"],
] as const;
for (const [status, method, then] of methods) {
  test(`${status} after ${method} is followed with ${then}`, () =>
    assert.equal(redirectMethod(status, method), then));
}

const targets = [
  { from: "http://h/a/b?c", location: "d", to: "http://h/a/d" },
  { from: "http://h/a/b", location: "/d?e", to: "http://h/d?e" },
  { from: "http://h/a", location: "//other/x", to: "http://other/x" },
  { from: "http://h/a", location: "?q", to: "http://h/a?q" },
  { from: "http://h/a#part", location: "/b", to: "http://h/b#part" },
  { from: "http://h/a#part", location: "/b#own", to: "http://h/b#own" },
  {
    from: "http://h/a",
    location: Buffer.from("/안녕").toString("latin1"),
    to: "http://h/%EC%95%88%EB%85%95",
  },
  { from: "http://h/a", location: "https://h/", to: "https://h/" },
];
for (const { from, location, to } of targets) {
  test(`Location ${JSON.stringify(location)} at ${from} leads to ${to}`, () => {
    assert.equal(redirectTarget(location, parseUrl(from)).href, to);
  });
}

for (const location of ["http://", "ftp://h/", "http://me:secret@h/", "javascript:alert(1)"]) {
  test(`Location ${location} is not followed`, () => {
    assert.throws(() => redirectTarget(location, parseUrl("http://h/")), {
      code: "REDIRECT_INVALID",
      kind: "protocol",
    });
  });
}

const sent = new Fields({
  Authorization: "a",
  Cookie: "b",
  "Proxy-Authorization": "c",
  Host: "d",
  "Content-Type": "e",
  "Content-Encoding": "f",
  Expect: "100-continue",
  Accept: "g",
});
const kept = [
  {
    change: { origin: false, content: false },
    names: "Authorization Cookie Proxy-Authorization Host Content-Type Content-Encoding Expect Accept",
  },
  { change: { origin: true, content: false }, names: "Content-Type Content-Encoding Expect Accept" },
  { change: { origin: false, content: true }, names: "Authorization Cookie Proxy-Authorization Host Accept" },
  { change: { origin: true, content: true }, names: "Accept" },
];
for (const { change, names } of kept) {
  test(`with ${JSON.stringify(change)} a redirect takes along ${names}`, () => {
    assert.equal([...redirectFields(sent, change)].map(([name]) => name).join(" "), names);
  });
}

test("only 301, 302, 303, 307 and 308 with one Location redirect", () => {
  const fields = new Fields({ Location: "/" });
  const head = (status: number, all = fields) => ({
    status,
    reason: "",
    version: "1.1" as const,
    fields: all,
  });
  const found = [200, 201, 300, 301, 302, 303, 304, 305, 306, 307, 308, 404].filter(
    (status) => redirectLocation(head(status)) !== undefined,
  );
  assert.deepEqual(found, [301, 302, 303, 307, 308]);
  assert.equal(redirectLocation(head(301, new Fields())), undefined);
  assert.equal(
    redirectLocation(
      head(
        301,
        new Fields([
          ["Location", "/a"],
          ["Location", "/b"],
        ]),
      ),
    ),
    undefined,
  );
});
