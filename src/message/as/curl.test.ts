import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../../protocol/fields.ts";
import { asCurl } from "./curl.ts";
import type { ShownRequest } from "./shown-request.ts";

const U = "http://127.0.0.1:3091";
const plain = {
  method: "GET",
  url: `${U}/x`,
  fields: new Fields(),
  omit: [],
  body: undefined,
  compressed: true,
};
const TYPE = new Fields({ "Content-Type": "text/plain" });

const cases: { readonly name: string; readonly request: Partial<ShownRequest>; readonly is: string }[] = [
  { name: "GET", request: { url: `${U}/%EB%82%98#b` }, is: `curl -i --compressed ${U}/%EB%82%98` },
  { name: "no coding", request: { compressed: false }, is: `curl -i ${U}/x` },
  { name: "redirects", request: { follow: true }, is: `curl -i -L --compressed ${U}/x` },
  { name: "HEAD", request: { method: "HEAD" }, is: `curl -I --compressed ${U}/x` },
  {
    name: "DELETE and a query",
    request: { method: "DELETE", url: `${U}/x?a=b&c` },
    is: `curl -i -X DELETE --compressed '${U}/x?a=b&c'`,
  },
  {
    name: "POST without a body, whose length is said",
    request: { method: "POST", body: new Uint8Array(0) },
    is: `curl -i -X POST --compressed -H 'Content-Length: 0' ${U}/x`,
  },
  {
    name: "POST with a text, which is curl's own way",
    request: { method: "POST", fields: TYPE, body: Buffer.from("it's @나비") },
    is: `curl -i --compressed -H 'Content-Type: text/plain' --data-raw 'it'\\''s @나비' ${U}/x`,
  },
  {
    name: "a body without a type",
    request: { method: "PUT", body: Buffer.from("@a") },
    is: `curl -i -X PUT --compressed -H Content-Type: --data-raw @a ${U}/x`,
  },
  {
    name: "a binary body",
    request: { method: "POST", fields: TYPE, body: Buffer.from([0, 255, 10]) },
    is: `printf '\\000\\377\\n' | curl -i --compressed -H 'Content-Type: text/plain' --data-binary @- ${U}/x`,
  },
  {
    name: "a body that would command a terminal",
    request: { method: "POST", fields: TYPE, body: Buffer.from("\x1b[2J\u202e") },
    is: `printf '\\033[2J\\342\\200\\256' | curl -i --compressed -H 'Content-Type: text/plain' --data-binary @- ${U}/x`,
  },
  {
    name: "a file, which may be long",
    request: { method: "PUT", fields: TYPE, bodyFile: "내 파일.txt" },
    is: `curl -i -X PUT --compressed -H 'Content-Type: text/plain' -H Expect: --data-binary '@내 파일.txt' ${U}/x`,
  },
  {
    name: "a file that is known to be short",
    request: { method: "PUT", fields: TYPE, bodyFile: "a.txt", body: Buffer.from("a") },
    is: `curl -i -X PUT --compressed -H 'Content-Type: text/plain' --data-binary @a.txt ${U}/x`,
  },
  {
    name: "a body in chunks",
    request: { method: "POST", fields: TYPE, body: Buffer.from("a"), chunked: true },
    is: `curl -i --compressed -H 'Content-Type: text/plain' -H 'Transfer-Encoding: chunked' --data-raw a ${U}/x`,
  },
  {
    name: "fields of curl's own that are left out",
    request: { omit: ["user-agent", "accept", "accept-encoding", "cookie"] },
    is: `curl -i -H User-Agent: -H Accept: ${U}/x`,
  },
  {
    name: "an empty value, and one that is no UTF-8",
    request: {
      fields: new Fields([
        ["X-A", ""],
        ["X-B", "caf\xe9"],
      ]),
    },
    is: `curl -i --compressed -H 'X-A;' -H "$(printf 'X-B: caf\\351')" ${U}/x`,
  },
  {
    name: "codings of one's own, which are decoded, too",
    request: { fields: new Fields({ "Accept-Encoding": "gzip" }) },
    is: `curl -i --compressed -H 'Accept-Encoding: gzip' ${U}/x`,
  },
  {
    name: "a part of a file, which no coding may hide",
    request: { fields: new Fields({ Range: "bytes=0-9" }) },
    is: `curl -i -H 'Range: bytes=0-9' ${U}/x`,
  },
  {
    name: "a target of its own",
    request: { method: "OPTIONS", url: `${U}/`, target: "*" },
    is: `curl -i -X OPTIONS --compressed --request-target '*' ${U}/`,
  },
  { name: "brackets", request: { url: `${U}/x[1]` }, is: `curl -i --compressed -g '${U}/x[1]'` },
  {
    name: "a socket",
    request: { socketPath: "/run/x.sock", url: "http://localhost/a" },
    is: "curl -i --compressed --unix-socket /run/x.sock http://localhost/a",
  },
  {
    name: "how the connection is made",
    request: {
      connection: [
        ["insecure", undefined],
        ["cacert", "/tmp/a b.pem"],
      ],
    },
    is: `curl -i --compressed --insecure --cacert '/tmp/a b.pem' ${U}/x`,
  },
];
for (const { name, request, is } of cases) {
  test(`asCurl() writes ${name}`, () => assert.equal(asCurl({ ...plain, ...request }), is));
}
