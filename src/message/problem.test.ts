import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Fields } from "../protocol/fields.ts";
import { appendVary, escapeHtml, Problem, problemResponse } from "./problem.ts";

const asking = (accept?: string): { fields: Fields } => ({ fields: new Fields({ Accept: accept }) });
const textOf = (body: unknown): string => Buffer.from(body as Uint8Array).toString("utf8");

describe("problemResponse()", () => {
  const JSON_TYPE = "application/problem+json";
  const rows: readonly { readonly accept: string | undefined; readonly type: string }[] = [
    { accept: undefined, type: JSON_TYPE },
    { accept: "*/*", type: JSON_TYPE },
    { accept: "application/json", type: "application/json" },
    { accept: "application/problem+json", type: JSON_TYPE },
    { accept: "application/*", type: JSON_TYPE },
    { accept: "text/plain", type: "text/plain; charset=utf-8" },
    { accept: "text/*;q=0.1, text/plain", type: "text/plain; charset=utf-8" },
    {
      accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
      type: "text/html; charset=utf-8",
    },
    { accept: "image/png", type: JSON_TYPE },
    { accept: "!", type: JSON_TYPE },
  ];
  for (const { accept, type } of rows) {
    test(`answers Accept ${accept ?? "(none)"} with ${type}`, () => {
      const response = problemResponse(asking(accept), new Problem(404, { detail: "<gone>" }));
      assert.equal(response.status, 404);
      assert.deepEqual(Object.fromEntries(response.fields), {
        "Content-Type": type,
        Vary: "Accept",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
      });
      const text = textOf(response.body);
      assert.equal(response.length, Buffer.byteLength(text));
      if (type.startsWith("application/")) {
        assert.deepEqual(JSON.parse(text), {
          type: "about:blank",
          title: "Not Found",
          status: 404,
          detail: "<gone>",
        });
      } else if (type.startsWith("text/plain")) assert.equal(text, "404 Not Found: <gone>\n");
      else assert.match(text, /<h1><b>404<\/b>Not Found<\/h1>\n<p>&lt;gone&gt;<\/p>/);
    });
  }

  test("answers a request that could not be read in JSON", () => {
    assert.equal(problemResponse(undefined, new Problem(400)).fields.get("content-type"), JSON_TYPE);
  });

  test("takes over type, title, members and fields", () => {
    const problem = new Problem(409, {
      type: "https://a.example/full",
      title: "Full",
      members: { room: 0 },
      fields: { "Cache-Control": "max-age=1", Vary: "Origin", Allow: "GET" },
    });
    const response = problemResponse(asking(), problem);
    assert.deepEqual(JSON.parse(textOf(response.body)), {
      type: "https://a.example/full",
      title: "Full",
      status: 409,
      room: 0,
    });
    assert.equal(response.fields.get("cache-control"), "max-age=1");
    assert.equal(response.fields.get("vary"), "Origin, Accept");
    assert.equal(response.fields.get("allow"), "GET");
    assert.equal(problem.message, "Full");
  });

  test("leaves the problem's own fields as they were", () => {
    const fields = new Fields({ Allow: "GET" });
    problemResponse(asking(), new Problem(405, { fields }));
    assert.equal(fields.size, 1);
  });

  test("has a title for a status that nobody registered", () => {
    assert.equal(textOf(problemResponse(asking("text/plain"), new Problem(499)).body), "499 Problem\n");
  });

  test("keeps the cause", () => {
    const cause = new Error("below");
    assert.equal(new Problem(500, { cause }).cause, cause);
  });
});

test("escapeHtml() makes a text harmless in content and in quotes", () => {
  assert.equal(
    escapeHtml(`<a href="x" b='y'>&amp;</a>`),
    "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
  );
});

describe("appendVary()", () => {
  for (const [before, name, after] of [
    [undefined, "Accept", "Accept"],
    ["Origin", "Accept", "Origin, Accept"],
    ["accept", "Accept", "accept"],
    ["Origin , ACCEPT", "Accept", "Origin , ACCEPT"],
    ["Accept-Encoding", "Accept", "Accept-Encoding, Accept"],
  ] as const) {
    test(`adds ${name} to ${before ?? "nothing"}`, () => {
      const fields = new Fields({ Vary: before });
      appendVary(fields, name);
      assert.equal(fields.get("vary"), after);
      assert.equal(fields.size, 1);
    });
  }
});
