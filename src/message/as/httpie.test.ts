import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../../protocol/fields.ts";
import { asHttpie } from "./httpie.ts";
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
  { name: "GET", request: {}, is: `http --ignore-stdin GET ${U}/x` },
  {
    name: "no coding, but redirects",
    request: { compressed: false, follow: true },
    is: `http --ignore-stdin --follow GET ${U}/x Accept-Encoding:`,
  },
  {
    name: "a text, which is not to be called JSON",
    request: { method: "POST", fields: TYPE, body: Buffer.from("it's 나비") },
    is: `http --ignore-stdin --raw='it'\\''s 나비' POST ${U}/x Content-Type:text/plain 'Accept:*/*'`,
  },
  {
    name: "a body without a type",
    request: { method: "PUT", fields: new Fields({ Accept: "a/b" }), body: Buffer.from("-a") },
    is: `http --ignore-stdin --raw=-a PUT ${U}/x Accept:a/b Content-Type:`,
  },
  {
    name: "a binary body in chunks",
    request: { method: "POST", fields: TYPE, body: Buffer.from([0]), chunked: true },
    is: `printf '\\000' | http --chunked POST ${U}/x Content-Type:text/plain 'Accept:*/*'`,
  },
  {
    name: "a file",
    request: { method: "PUT", fields: TYPE, bodyFile: "내 파일" },
    is: `http PUT ${U}/x Content-Type:text/plain 'Accept:*/*' < '내 파일'`,
  },
  {
    name: "values that look like JSON or a file, and an empty one",
    request: { fields: new Fields({ "X-A": "=1", "X-B": "@f", "X-C": "", "X-D": "a=@:" }) },
    is: `http --ignore-stdin GET ${U}/x 'X-A:\\=1' 'X-B:\\@f' 'X-C;' X-D:a=@:`,
  },
  {
    name: "what HTTPie cannot say in comments",
    request: {
      method: "purge",
      url: `${U}/?a|b`,
      target: "*",
      socketPath: "/run/x.sock",
      omit: ["user-agent"],
      fields: new Fields({ "-X": "a\\:b", "X-A": "caf\xe9" }),
    },
    is: [
      "# HTTPie has no method purge: its methods are capital letters",
      "# The request target is *, in place of the URL's: HTTPie cannot say that",
      "# It goes through the UNIX socket /run/x.sock: HTTPie needs a plugin for that",
      "# HTTPie writes the URL in a way of its own before it is sent",
      "# Sent without User-Agent: some versions of HTTPie send one all the same",
      "# HTTPie loses a backslash in the value of -X",
      "# The value of X-A is ISO 8859-1: HTTPie sends it in UTF-8",
      `http --ignore-stdin -- purge '${U}/?a|b' '-X:a\\:b' X-A:café User-Agent:`,
    ].join("\n"),
  },
];
for (const { name, request, is } of cases) {
  test(`asHttpie() writes ${name}`, () => assert.equal(asHttpie({ ...plain, ...request }), is));
}
