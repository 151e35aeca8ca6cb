// Several keys at once: what a list of steps does, and what is said of a list that is none.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Answer } from "../../../test/served-folder.ts";
import { type ServedKv, serveKv } from "../../../test/served-kv.ts";
import type { KvOptions } from "./kv.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

function transact({ ask }: Pick<ServedKv, "ask">, steps: unknown): Promise<Answer> {
  return ask("POST", "/kv/?transaction", JSON_TYPE, JSON.stringify(steps));
}

test("All steps are made, one after the other", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  await ask("PUT", "/kv/old", {}, "x");
  const answer = await transact(served, [
    { op: "put", key: "글", value: "안녕" },
    { op: "check", key: "글", ifMatch: "*" },
    { op: "put", key: "json", value: { a: [1, null] } },
    { op: "put", key: "null", value: null },
    { op: "put", key: "bytes", base64: "AP8=", type: "image/png", maxAge: 60 },
    { op: "put", key: "raw", base64: "" },
    { op: "put", key: "page", value: "<p>", type: "text/html" },
    { op: "delete", key: "old" },
    { op: "delete", key: "none" },
    { op: "check", key: "old", ifNoneMatch: "*" },
  ]);
  assert.equal(answer.status, 200);
  assert.equal(answer.fields.get("content-type"), "application/json");
  const { steps } = JSON.parse(answer.text);
  const text = await ask("GET", "/kv/%EA%B8%80");
  assert.equal(text.text, "안녕");
  assert.equal(text.fields.get("content-type"), "text/plain; charset=utf-8");
  assert.deepEqual(steps[0], { key: "글", etag: text.fields.get("etag") });
  assert.deepEqual(steps[1], steps[0]);
  assert.deepEqual(steps.slice(7), [
    { key: "old", deleted: true },
    { key: "none", deleted: false },
    { key: "old", etag: null },
  ]);
  for (const [key, type, value] of [
    ["json", "application/json", '{"a":[1,null]}'],
    ["null", "application/json", "null"],
    ["raw", "application/octet-stream", ""],
    ["page", "text/html", "<p>"],
  ] as const) {
    const got = await ask("GET", `/kv/${key}`);
    assert.equal(got.fields.get("content-type"), type);
    assert.equal(got.text, value);
  }
  const bytes = await ask("GET", "/kv/bytes");
  assert.deepEqual([...bytes.body], [0, 255]);
  assert.equal(bytes.fields.get("cache-control"), "max-age=60");
});

test("No step and no list of them changes anything", async (t) => {
  const served = await serveKv(t);
  assert.deepEqual(JSON.parse((await transact(served, [])).text), { steps: [] });
});

describe("A step that finds something else", () => {
  for (const [name, step, etag, detail] of [
    [
      "a version that was replaced",
      { op: "put", key: "there", value: "x", ifMatch: '"0-0"' },
      "TAG",
      /step 1 expects "there" in the version "0-0", and its version is "/,
    ],
    [
      "a key that is there",
      { op: "put", key: "there", value: "x", ifNoneMatch: "*" },
      "TAG",
      /expects that there is no "there"/,
    ],
    ["a key that is not there", { op: "delete", key: "none", ifMatch: "*" }, null, /and there is none/],
    ["a key that is to be missing", { op: "check", key: "there", ifNoneMatch: "*" }, "TAG", /step 1/],
    [
      "what the step before has left",
      { op: "check", key: "new", ifNoneMatch: "*" },
      undefined,
      /Nothing was changed/,
    ],
  ] as const) {
    test(`undoes all of them: ${name}`, async (t) => {
      const served = await serveKv(t);
      const { ask, table } = served;
      const tag = (await ask("PUT", "/kv/there", {}, "x")).fields.get("etag");
      const before = await table.list();
      const answer = await transact(served, [
        { op: "put", key: "new", value: "x" },
        step,
        { op: "delete", key: "there" },
      ]);
      assert.equal(answer.status, 409);
      assert.equal(answer.fields.get("content-type"), "application/problem+json");
      const problem = JSON.parse(answer.text);
      assert.equal(problem.step, 1);
      assert.equal(problem.key, step.key);
      if (etag !== undefined) assert.equal(problem.etag, etag === "TAG" ? tag : etag);
      assert.match(problem.detail, detail);
      assert.deepEqual(await table.list(), before);
    });
  }
});

interface Malformed {
  readonly step: unknown;
  readonly detail: RegExp;
  readonly status?: number;
}

const PUT = { op: "put", key: "a", value: "x" };

const malformed: readonly Malformed[] = [
  { step: 1, detail: /no object/ },
  { step: null, detail: /no object/ },
  { step: [], detail: /no object/ },
  { step: {}, detail: /its op is none of/ },
  { step: { op: "move", key: "a" }, detail: /its op is none of/ },
  { step: { op: "constructor", key: "a" }, detail: /its op is none of/ },
  { step: { op: "put", value: "x" }, detail: /key is no text/ },
  { step: { ...PUT, key: "" }, detail: /empty key/ },
  { step: { ...PUT, key: "x".repeat(1025) }, detail: /1025 bytes/ },
  { step: { ...PUT, key: "\ud800" }, detail: /surrogate/ },
  { step: { ...PUT, value: "\udc00" }, detail: /surrogate/ },
  { step: { op: "put", key: "a" }, detail: /a value, or bytes in base64/ },
  { step: { ...PUT, base64: "AA==" }, detail: /not both/ },
  { step: { op: "put", key: "a", base64: "A" }, detail: /base64/ },
  { step: { op: "put", key: "a", base64: "AA" }, detail: /base64/ },
  { step: { op: "put", key: "a", base64: 1 }, detail: /base64/ },
  { step: { ...PUT, type: "text" }, detail: /media type/ },
  { step: { ...PUT, type: 1 }, detail: /media type/ },
  { step: { ...PUT, maxAge: 0 }, detail: /maxAge/ },
  { step: { ...PUT, maxAge: "60" }, detail: /maxAge/ },
  { step: { ...PUT, maxAge: 315_360_001 }, detail: /maxAge/ },
  { step: { ...PUT, ifmatch: "*" }, detail: /no member "ifmatch"/ },
  { step: { ...PUT, ifMatch: "5-k3" }, detail: /quotes/ },
  { step: { ...PUT, ifMatch: 'W/"5"' }, detail: /quotes/ },
  { step: { ...PUT, ifMatch: '"1", "2"' }, detail: /one entity tag/ },
  { step: { ...PUT, ifMatch: "" }, detail: /one entity tag/ },
  { step: { ...PUT, ifNoneMatch: '"1"' }, detail: /can only be/ },
  { step: { ...PUT, ifMatch: "*", ifNoneMatch: "*" }, detail: /both/ },
  { step: { op: "delete", key: "a", ifNoneMatch: "*" }, detail: /no member "ifNoneMatch"/ },
  { step: { op: "check", key: "a" }, detail: /what it expects/ },
  { step: { ...PUT, value: "x".repeat(101) }, detail: /more than 100 bytes/, status: 413 },
];

describe("A step that is malformed is named:", () => {
  for (const { step, detail, status = 400 } of malformed) {
    test(JSON.stringify(step).slice(0, 90), async (t) => {
      const served = await serveKv(t, { maxValue: 100 });
      const answer = await transact(served, [PUT, step]);
      assert.equal(answer.status, status);
      const problem = JSON.parse(answer.text);
      assert.equal(problem.step, 1);
      assert.match(problem.detail, detail);
      assert.deepEqual((await served.table.list()).rows, []);
    });
  }
});

interface Refused {
  readonly name: string;
  readonly target?: string;
  readonly fields?: { readonly [name: string]: string };
  readonly body: string;
  readonly options?: KvOptions;
  readonly status: number;
  readonly detail: RegExp;
}

const refused: readonly Refused[] = [
  { name: "an object", body: "{}", status: 400, detail: /a list of at most 1000 steps/ },
  {
    name: "too long a list",
    body: JSON.stringify(new Array(1001).fill(PUT)),
    status: 400,
    detail: /at most 1000/,
  },
  { name: "no JSON", body: "[{]", status: 400, detail: /line 1, column/ },
  { name: "deep JSON", body: "[".repeat(100_000), status: 400, detail: /nested/ },
  {
    name: "another media type",
    fields: { "Content-Type": "text/plain" },
    body: "[]",
    status: 415,
    detail: /application\/json/,
  },
  {
    name: "a coded body",
    fields: { ...JSON_TYPE, "Content-Encoding": "gzip" },
    body: "[]",
    status: 415,
    detail: /coding/,
  },
  {
    name: "a condition of the request",
    fields: { ...JSON_TYPE, "If-Match": "*" },
    body: "[]",
    status: 400,
    detail: /each step has its own/,
  },
  {
    name: "an unknown parameter",
    target: "/kv/?transaction&dry",
    body: "[]",
    status: 400,
    detail: /"dry"/,
  },
  {
    name: "a body that is too large",
    body: `[${" ".repeat(1_100_000)}]`,
    options: { maxValue: 10 },
    status: 413,
    detail: /JSON of more than/,
  },
];

describe("A transaction is refused:", () => {
  for (const {
    name,
    target = "/kv/?transaction",
    fields = JSON_TYPE,
    body,
    options,
    status,
    detail,
  } of refused) {
    test(name, async (t) => {
      const { ask } = await serveKv(t, options);
      const answer = await ask("POST", target, fields, body);
      assert.equal(answer.status, status);
      assert.match(JSON.parse(answer.text).detail, detail);
      if (/another/.test(name)) assert.equal(answer.fields.get("accept-post"), "application/json");
    });
  }
});

test("Transfers between two accounts at the same time lose and make nothing", async (t) => {
  const served = await serveKv(t);
  const { ask } = served;
  await transact(served, [
    { op: "put", key: "a", value: 100 },
    { op: "put", key: "b", value: 100 },
  ]);
  const transfer = async (from: string, to: string): Promise<void> => {
    for (;;) {
      const source = await ask("GET", `/kv/${from}`);
      const target = await ask("GET", `/kv/${to}`);
      const { status } = await transact(served, [
        { op: "put", key: from, value: Number(source.text) - 1, ifMatch: source.fields.get("etag") },
        { op: "put", key: to, value: Number(target.text) + 1, ifMatch: target.fields.get("etag") },
      ]);
      if (status === 200) return;
      assert.equal(status, 409);
    }
  };
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? transfer("b", "a") : transfer("a", "b"))),
  );
  assert.equal((await ask("GET", "/kv/a")).text, "96");
  assert.equal((await ask("GET", "/kv/b")).text, "104");
});
