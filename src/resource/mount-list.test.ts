import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { serve } from "../../test/fixtures/serving.ts";
import { type Answer, parse } from "../../test/served-folder.ts";
import { mountListHandler } from "./mount-list.ts";
import type { ListedMount } from "./mount-list-page.ts";

const MOUNTS: readonly (ListedMount & { readonly secret: string })[] = [
  { path: "/kv", kind: "kv", methods: ["GET", "PUT"], description: "values, by key", secret: "/home/kim" },
  {
    path: "/animals",
    kind: "records",
    methods: ["GET"],
    description: 'JSON <objects> & "names"',
    secret: "/home/kim",
  },
];

async function ask(t: TestContext, line: string, fields: readonly string[] = []): Promise<Answer> {
  const served = await serve(t, { handler: mountListHandler(MOUNTS) });
  const client = await served.connect();
  client.request(line, ["Connection: close", ...fields]);
  return parse(Buffer.from(await client.rest(), "latin1"), line.split(" ")[0]);
}

test("the list is JSON unless somebody prefers another form, and tells nothing but what is for everybody", async (t) => {
  const answer = await ask(t, "GET /");
  assert.equal(answer.status, 200);
  assert.equal(answer.fields.get("content-type"), "application/json");
  assert.equal(answer.fields.get("vary"), "Accept");
  assert.deepEqual(JSON.parse(answer.text), [
    { path: "/animals", kind: "records", methods: ["GET"], description: 'JSON <objects> & "names"' },
    { path: "/kv", kind: "kv", methods: ["GET", "PUT"], description: "values, by key" },
  ]);
});

test("a browser gets a page with a link to each mount", async (t) => {
  const answer = await ask(t, "GET /", ["Accept: text/html,application/xhtml+xml,*/*;q=0.8"]);
  assert.equal(answer.fields.get("content-type"), "text/html; charset=utf-8");
  assert.match(answer.fields.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'sha256-/);
  assert.match(answer.text, /<a href="\/kv\/"><bdi>\/kv<\/bdi><\/a>/);
  assert.match(answer.text, /JSON &lt;objects&gt; &amp; &quot;names&quot;/);
});

test("a path in Korean is read as such, and linked to as in a URL", async (t) => {
  const path = encodeURI("/동물");
  const served = await serve(t, {
    handler: mountListHandler([{ path, kind: "kv", methods: [], description: "" }]),
  });
  const client = await served.connect();
  client.request("GET /", ["Connection: close", "Accept: text/html"]);
  const { text } = parse(Buffer.from(await client.rest(), "latin1"));
  assert.ok(text.includes(`<a href="${path}/"><bdi>/동물</bdi></a>`), text);
});

test("a terminal gets a line for each mount", async (t) => {
  const answer = await ask(t, "GET /", ["Accept: text/plain"]);
  assert.equal(answer.fields.get("content-type"), "text/plain; charset=utf-8");
  assert.deepEqual(answer.text.split("\n"), [
    '/animals  records  GET      JSON <objects> & "names"',
    "/kv       kv       GET PUT  values, by key",
    "",
  ]);
});

test("HEAD has GET's fields and no body", async (t) => {
  const get = await ask(t, "GET /");
  const head = await ask(t, "HEAD /");
  const undated = ({ head: text }: Answer): string => text.replace(/^Date: .*$/m, "");
  assert.equal(undated(head), undated(get));
  assert.equal(head.text, "");
});

test("whoever has the list already gets 304, for the form that the tag belongs to", async (t) => {
  const etag = (await ask(t, "GET /")).fields.get("etag") ?? "";
  const condition = `If-None-Match: ${etag}`;
  assert.equal((await ask(t, "GET /", [condition])).status, 304);
  assert.equal((await ask(t, "GET /", [condition, "Accept: text/plain"])).status, 200);
});

test("a query changes nothing", async (t) => {
  assert.equal((await ask(t, "GET /?x=1")).status, 200);
});

for (const { line, status, allow } of [
  { line: "OPTIONS /", status: 200, allow: "GET, HEAD, OPTIONS" },
  { line: "PUT /", status: 405, allow: "GET, HEAD, OPTIONS" },
  { line: "DELETE /", status: 405, allow: "GET, HEAD, OPTIONS" },
]) {
  test(`${line} is answered ${status} and tells what is allowed`, async (t) => {
    const answer = await ask(t, line);
    assert.equal(answer.status, status);
    assert.equal(answer.fields.get("allow"), allow);
  });
}

for (const line of ["GET /x", "GET /kv2/a", "PUT /x", "OPTIONS /x"]) {
  test(`${line} is 404 with the mounts that there are`, async (t) => {
    const answer = await ask(t, line);
    assert.equal(answer.status, 404);
    assert.match(JSON.parse(answer.text).detail, /Nothing is mounted at \/.*\. Mounts: \/kv, \/animals$/);
  });
}
