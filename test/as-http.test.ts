// A request written down as an .http file, read again: the file says the request, or a comment tells what it does
// not say.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import fc from "fast-check";
import { asHttp } from "../src/message/as/http.ts";
import type { ShownRequest } from "../src/message/as/shown-request.ts";
import { Fields } from "../src/protocol/fields.ts";
import { parseHttpFile } from "../src/suite/http/parse.ts";
import type { HurlRequest, Template } from "../src/suite/hurl/tree.ts";
import { shownRequests } from "./fixtures/shown-requests.ts";

function read(text: string): HurlRequest {
  const { entries } = parseHttpFile(text);
  assert.equal(entries.length, 1, text);
  return (entries[0] as (typeof entries)[number]).request;
}

function meant({ parts }: Template): string {
  return parts
    .map((part) => {
      assert.equal(part.kind, "text");
      return part.kind === "text" ? part.value : "";
    })
    .join("");
}

function bodyOf({ body }: HurlRequest): string | { readonly file: string } | undefined {
  const value = body?.value;
  if (value === undefined) return undefined;
  if (value.kind === "file") return { file: meant(value.name) };
  assert.equal(value.kind, "multiline");
  return value.kind === "multiline" ? meant(value.value) : undefined;
}

const noShell = spawnSync("sh", ["-c", "exit 0"]).status === 0 ? false : "there is no POSIX shell";

function check(request: ShownRequest): void {
  const { method, url, fields, body = new Uint8Array(0) } = request;
  const text = asHttp(request);
  const remarks = [...text.matchAll(/^# (?!@no-redirect$)(.*)$/gm)].map(([, remark = ""]) => remark);
  // A terminal can show it as it is.
  assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
  const made = remarks.map((remark) => /made by: (.*) > body\.bin$/.exec(remark)?.[1]).find((found) => found);
  if (remarks.some((remark) => /variable|cannot stand|8859/.test(remark))) return;
  const found = read(text);
  assert.equal(found.method.text, method, text);
  assert.equal(meant(found.url), url.replace(/#.*$/s, ""), text);
  const expected = [...fields].map(([name, value]) => [name, Buffer.from(value, "latin1").toString("utf8")]);
  assert.deepEqual(
    found.headers.map(({ key, value }) => [meant(key), meant(value)]),
    expected,
    text,
  );
  const sent = bodyOf(found);
  if (made !== undefined) {
    assert.deepEqual(sent, { file: "./body.bin" }, text);
    if (noShell === false) assert.deepEqual(spawnSync("sh", ["-c", made]).stdout, Buffer.from(body), text);
  } else {
    const ends = remarks.some((remark) => remark.includes("ends with white space"));
    const whole = Buffer.from(body).toString("utf8");
    assert.equal(sent ?? "", ends ? whole.trimEnd() : whole, text);
  }
}

test("whatever stands in it, the file says the request or a comment says what it does not", () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  fc.assert(
    fc.property(
      shownRequests(() => "http://127.0.0.1:3091", methods),
      check,
    ),
    { numRuns: 400 },
  );
});

const U = "http://127.0.0.1:3091";
const plain = {
  method: "GET",
  url: `${U}/x`,
  fields: new Fields(),
  omit: [],
  body: undefined,
  compressed: false,
};
const text = (body: string): Partial<ShownRequest> => ({
  method: "POST",
  fields: new Fields({ "Content-Type": "text/plain" }),
  body: Buffer.from(body),
});

describe("asHttp()", () => {
  const head = `POST ${U}/x HTTP/1.1\nContent-Type: text/plain`;
  const cases: { readonly name: string; readonly request: Partial<ShownRequest>; readonly is: string }[] = [
    { name: "GET alone, which follows no redirect", request: {}, is: `# @no-redirect\nGET ${U}/x HTTP/1.1` },
    { name: "a request that follows redirects", request: { follow: true }, is: `GET ${U}/x HTTP/1.1` },
    { name: "a text", request: text("나비\n\nb"), is: `# @no-redirect\n${head}\n\n나비\n\nb` },
    {
      name: "a text without the line feed at its end",
      request: text("a\n"),
      is: `# The body ends with white space, which is not sent from here\n# @no-redirect\n${head}\n\na`,
    },
    ...["a\n### b", "  # a", "// a", "< a", "a\n> {% b %}", "{{a}}", "\n\na", "a\r\nb"].map((body) => ({
      name: `${JSON.stringify(body)} by a file`,
      request: text(body),
      is: `# The body comes from a file, made by: printf '${body.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("%", "%%")}' > body.bin\n# @no-redirect\n${head}\n\n< ./body.bin`,
    })),
    {
      name: "a file by its name",
      request: { method: "PUT", bodyFile: "사진 1.jpg" },
      is: `# @no-redirect\nPUT ${U}/x HTTP/1.1\n\n< ./사진 1.jpg`,
    },
    {
      name: "what the format cannot say in comments",
      request: {
        method: "PURGE",
        url: `${U}/{{a}}`,
        target: "*",
        socketPath: "/run/x.sock",
        omit: ["accept"],
        fields: new Fields([["X-A", "caf\xe9"]]),
        body: Buffer.from("a"),
        chunked: true,
      },
      is: [
        "# The method PURGE is not one that every client knows",
        "# The request target is *, in place of the URL's",
        "# It goes through the UNIX socket /run/x.sock",
        "# Sent without Accept; clients send one of their own",
        "# The value of X-A is ISO 8859-1, not UTF-8",
        "# Sent in chunks, without Content-Length",
        "# {{ is meant as it stands, and begins no variable",
        "# @no-redirect",
        `PURGE ${U}/{{a}} HTTP/1.1`,
        "X-A: café",
        "",
        "a",
      ].join("\n"),
    },
  ];
  for (const { name, request, is } of cases) {
    test(`writes ${name}`, () => assert.equal(asHttp({ ...plain, ...request }), is));
  }
});
