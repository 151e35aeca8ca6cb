// Folders: which form of a listing is sent, in which order, and what is safe to show.

import assert from "node:assert/strict";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { type ServedFolder, serveFolder } from "../../../test/served-folder.ts";
import { size } from "../listing-page.ts";
import type { FilesOptions } from "./files.ts";

const NASTY = `<img src=x onerror=alert(1)>&"'.txt`;

async function serve(t: TestContext, options: FilesOptions = {}): Promise<ServedFolder> {
  const files = {
    "b10.txt": "x".repeat(2000),
    "b9.txt": "x",
    "안녕하세요.txt": "안녕",
    "mailto:x": "",
    "line\nfeed.txt": "",
    [NASTY]: "",
    ".hidden": "",
    "zoo/cat.txt": "meow",
    "새 폴더/x": "",
  };
  const served = await serveFolder(t, files, options);
  const names = ["zoo", "새 폴더", ...Object.keys(files).filter((name) => !name.includes("/"))];
  for (const [index, name] of names.entries()) {
    await utimes(join(served.folder, name), 1_700_000_000 + index, 1_700_000_000 + index);
  }
  return served;
}

const forms = [
  { accept: undefined, type: "text/html; charset=utf-8" },
  { accept: "*/*", type: "text/html; charset=utf-8" },
  { accept: "text/html,application/xhtml+xml,*/*;q=0.8", type: "text/html; charset=utf-8" },
  { accept: "application/json", type: "application/json" },
  { accept: "text/plain", type: "text/plain; charset=utf-8" },
  { accept: "text/plain;q=0.5, application/json", type: "application/json" },
  { accept: "image/png", type: "text/html; charset=utf-8" },
];
for (const { accept, type } of forms) {
  test(`a listing for Accept: ${accept} is ${type}, with its own tag, and holds under conditions`, async (t) => {
    const { ask } = await serve(t);
    const fields: Record<string, string> = accept === undefined ? {} : { Accept: accept };
    const get = await ask("GET", "/", fields);
    assert.equal(get.status, 200);
    assert.equal(get.fields.get("content-type"), type);
    assert.equal(get.fields.get("vary"), "Accept, Accept-Encoding");
    assert.equal(get.fields.get("x-content-type-options"), "nosniff");
    const etag = get.fields.get("etag") ?? "";
    assert.match(etag, /^"[\w-]{22}"$/);
    const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
    assert.equal(dateless((await ask("HEAD", "/", fields)).head), dateless(get.head));
    const again = await ask("GET", "/", { ...fields, "If-None-Match": etag });
    assert.equal(again.status, 304);
    assert.equal(again.fields.get("vary"), "Accept, Accept-Encoding");
    assert.equal((await ask("GET", "/", { ...fields, "If-Match": '"x"' })).status, 412);
    await ask("PUT", "/another.txt", {}, "x");
    assert.equal((await ask("GET", "/", { ...fields, "If-None-Match": etag })).status, 200);
  });
}

async function names(served: ServedFolder, query: string): Promise<string[]> {
  const answer = await served.ask("GET", `/${query}`, { Accept: "application/json" });
  return (JSON.parse(answer.text) as { name: string }[]).map(({ name }) => name);
}

const orders = [
  { query: "", first: ["zoo", "새 폴더"], last: "안녕하세요.txt" },
  { query: "?sort=name&order=desc", first: ["새 폴더", "zoo"], last: NASTY },
  { query: "?sort=size&order=desc", first: ["zoo", "새 폴더", "b10.txt"], last: "mailto:x" },
  { query: "?sort=time&order=asc", first: ["zoo", "새 폴더", "b10.txt", "b9.txt"], last: NASTY },
  { query: "?sort=time&order=desc", first: ["새 폴더", "zoo", NASTY], last: "b10.txt" },
  { query: "?sort=colour&order=up", first: ["zoo", "새 폴더"], last: "안녕하세요.txt" },
];
for (const { query, first, last } of orders) {
  test(`a listing with "${query}" begins with ${first.join(", ")}`, async (t) => {
    const served = await serve(t);
    const listed = await names(served, query);
    assert.deepEqual(listed.slice(0, first.length), first);
    assert.equal(listed.at(-1), last);
    assert.equal(listed.length, 8);
    const text = (await served.ask("GET", `/${query}`, { Accept: "text/plain" })).text.trimEnd().split("\n");
    assert.equal(text.length, listed.length);
    assert.ok(text[0]?.endsWith(`${first[0]}/`));
  });
}

test("numbers in names are counted, not spelled", async (t) => {
  const listed = await names(await serve(t), "");
  assert.ok(listed.indexOf("b9.txt") < listed.indexOf("b10.txt"));
});

test("JSON tells name, kind, size and time", async (t) => {
  const { ask } = await serve(t);
  const entries = JSON.parse((await ask("GET", "/", { Accept: "application/json" })).text);
  assert.deepEqual(entries[0], { name: "zoo", kind: "folder", modified: "2023-11-14T22:13:20.000Z" });
  const korean = entries.at(-1);
  assert.deepEqual(korean, {
    name: "안녕하세요.txt",
    kind: "file",
    size: 6,
    modified: "2023-11-14T22:13:24.000Z",
  });
});

test("text has a line for each name, and a name cannot make another", async (t) => {
  const { ask } = await serve(t);
  const { text } = await ask("GET", "/?sort=time", { Accept: "text/plain" });
  assert.deepEqual(text.split("\n").slice(0, 3), [
    "   -  2023-11-14T22:13:20Z  zoo/",
    "   -  2023-11-14T22:13:21Z  새 폴더/",
    "2000  2023-11-14T22:13:22Z  b10.txt",
  ]);
  assert.match(text, /line\\x0afeed\.txt\n/);
});

test("text shows what would turn its direction", async (t) => {
  const { ask } = await serveFolder(t, { "turned\u202etxt.exe": "" });
  const { text } = await ask("GET", "/", { Accept: "text/plain" });
  assert.match(text, /turned\\u202etxt\.exe\n$/);
});

test("the page links every name, escapes what it shows, and allows no script", async (t) => {
  const { ask } = await serve(t);
  const page = await ask("GET", "/");
  assert.match(page.text, /href="\.\/%EC%95%88%EB%85%95%ED%95%98%EC%84%B8%EC%9A%94\.txt"/);
  assert.match(page.text, /<bdi>안녕하세요\.txt<\/bdi>/);
  assert.match(page.text, /href="\.\/zoo\/"/);
  assert.match(page.text, /href="\.\/mailto:x"/);
  assert.ok(!page.text.includes("<img"));
  assert.ok(!page.text.includes("<script"));
  assert.ok(!page.text.includes(".hidden"));
  assert.match(page.fields.get("content-security-policy") ?? "", /^default-src 'none'; style-src 'sha256-/);
  for (const [, href = ""] of page.text.matchAll(/<th scope="row"><a href="([^"]+)"/g)) {
    const target = new URL(href.replaceAll("&amp;", "&").replaceAll("&#39;", "'"), "http://localhost/")
      .pathname;
    // A line feed is nothing that can be asked for.
    assert.equal((await ask("GET", target)).status, target.includes("%0A") ? 400 : 200, target);
  }
});

test("the page says which column is sorted, and a click turns it round", async (t) => {
  const { ask } = await serve(t);
  const byName = (await ask("GET", "/")).text;
  assert.match(byName, /aria-sort="ascending"><a href="\?sort=name&amp;order=desc"/);
  assert.match(byName, /<a href="\?sort=size&amp;order=desc">Size<\/a>/);
  const bySize = (await ask("GET", "/?sort=size&order=desc")).text;
  assert.match(bySize, /aria-sort="descending"><a href="\?sort=size&amp;order=asc"/);
  assert.equal(bySize.match(/aria-sort=/g)?.length, 1);
});

test("below the mount's path the page leads back up, and has the title it was given", async (t) => {
  const { ask } = await serve(t, { base: "/files", title: "연어" });
  const root = (await ask("GET", "/files/")).text;
  assert.match(root, /<title>연어\/<\/title>/);
  assert.ok(!root.includes('href="../"'));
  const inner = (await ask("GET", "/files/%EC%83%88%20%ED%8F%B4%EB%8D%94/")).text;
  assert.match(inner, /<title>연어\/새 폴더\/<\/title>/);
  assert.match(inner, /<h1><a href="\/files\/"><bdi>연어<\/bdi><\/a>/);
  assert.match(inner, /href="\.\.\/"/);
});

test("a listing is compressed for who accepts it, with a tag of its own", async (t) => {
  const { ask } = await serve(t);
  const plain = await ask("GET", "/");
  const coded = await ask("GET", "/", { "Accept-Encoding": "br" });
  assert.equal(coded.fields.get("content-encoding"), "br");
  assert.equal(brotliDecompressSync(coded.body).toString(), plain.text);
  assert.equal(coded.fields.get("etag"), plain.fields.get("etag")?.replace(/"$/, '.br"'));
});

test("an index.html stands for its folder, and a missing folder is missing", async (t) => {
  const { ask } = await serveFolder(t, { "dir/index.html": "<p>index" });
  const index = await ask("GET", "/dir/?sort=name", { Accept: "application/json" });
  assert.equal(index.text, "<p>index");
  assert.equal(index.fields.get("content-type"), "text/html; charset=utf-8");
  assert.equal(index.fields.get("upload-offset"), undefined);
  assert.equal((await ask("GET", "/dir/index.html")).fields.get("upload-offset"), "8");
  assert.equal((await ask("GET", "/none/")).status, 404);
  assert.equal((await ask("HEAD", "/none/")).status, 404);
});

const sizes = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "0.98 KiB"],
  [1024, "1.00 KiB"],
  [10_239, "10.0 KiB"],
  [102_400, "100 KiB"],
  [1_048_575, "1.00 MiB"],
  [5_368_709_120, "5.00 GiB"],
] as const;
for (const [bytes, text] of sizes) {
  test(`${bytes} bytes are shown as ${text}`, () => {
    assert.equal(size(bytes), text);
  });
}
