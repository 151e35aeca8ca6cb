// The pages resource as a client sees it: exercise 2, who may do what to what, and writers at the same time. Where a
// piece goes in a page has its own tests, and reading is tested with files.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type Answer,
  type RequestFields,
  type ServedFolder,
  serveFolder,
} from "../../../test/served-folder.ts";
import { openFolderTree } from "../../store/folder/tree.ts";
import type { Tree } from "../../store/tree.ts";
import { type PagesOptions, pagesHandler } from "./pages.ts";

const TEST = "<!doctype html>\n<title>test</title>\n<body>\n  <p>야옹</p>\n</body>\n";
const HTML = { "Content-Type": "text/html" };
const TEXT = { "Content-Type": "text/plain" };

function servePages(
  t: TestContext,
  files: { readonly [name: string]: string | Uint8Array } = { "test.html": TEST },
  options: PagesOptions = {},
  wrap: (tree: Tree) => Tree = (tree) => tree,
): Promise<ServedFolder> {
  return serveFolder(t, files, {}, (tree) => pagesHandler(wrap(tree), options));
}

test("exercise 2 runs step by step", async (t) => {
  const { ask, read, faults } = await servePages(t);

  const get = await ask("GET", "/test.html");
  assert.equal(get.status, 200);
  assert.equal(get.text, TEST);
  assert.equal((await ask("GET", "/missing.html")).status, 404);

  const head = await ask("HEAD", "/test.html");
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
  assert.equal(dateless(head.head), dateless(get.head));

  const put = await ask("PUT", "/test.html", {}, "This is test");
  const changed =
    "<!doctype html>\n<title>test</title>\n<body>\n  <h2>This is test</h2>\n  <p>야옹</p>\n</body>\n";
  assert.equal(put.status, 200);
  assert.equal(put.text, changed);
  assert.equal(put.fields.get("content-type"), "text/html; charset=utf-8");
  assert.equal(await read("test.html"), changed);
  assert.equal((await ask("PUT", "/missing.html", {}, "This is test")).status, 404);

  const post = await ask("POST", "/index.html", {}, "<h1> This is HTML </h1>");
  assert.equal(post.status, 201);
  assert.equal(post.fields.get("location"), "/index.html");
  assert.equal(post.fields.get("content-type"), "text/html; charset=utf-8");
  assert.equal(post.text, "<h1> This is HTML </h1>");
  assert.equal(await read("index.html"), "<h1> This is HTML </h1>");

  const again = await ask("POST", "/index.html", {}, "<h1> This is another </h1>");
  assert.equal(again.status, 409);
  assert.equal(await read("index.html"), "<h1> This is HTML </h1>");

  assert.equal((await ask("PUT", "/test.html", {}, "")).status, 400);
  assert.equal(await read("test.html"), changed);
  assert.deepEqual(faults, []);
});

test("PUT is not idempotent here: each one inserts again, before the one before", async (t) => {
  const { ask, read } = await servePages(t, { "a.html": "<body>\r\n</body>" });
  for (const text of ["1", "2", "2"]) assert.equal((await ask("PUT", "/a.html", {}, text)).status, 200);
  assert.equal(await read("a.html"), "<body>\r\n<h2>2</h2>\r\n<h2>2</h2>\r\n<h2>1</h2>\r\n</body>");
});

test("PATCH does what PUT does, and gives the new validators, which a PUT that stores something else must not", async (t) => {
  const { ask } = await servePages(t, { "a.html": TEST, "b.html": TEST });
  const put = await ask("PUT", "/a.html", TEXT, "Hi");
  const patch = await ask("PATCH", "/b.html", TEXT, "Hi");
  assert.equal(patch.status, 200);
  assert.equal(patch.text, put.text);
  const get = await ask("GET", "/b.html");
  assert.equal(get.text, patch.text);
  for (const name of ["etag", "last-modified", "content-type"]) {
    assert.ok(get.fields.has(name));
    assert.equal(patch.fields.get(name), get.fields.get(name));
  }
  assert.equal(patch.fields.get("content-location"), "/b.html");
  assert.equal(put.fields.get("content-location"), "/a.html");
  assert.equal(put.fields.has("etag"), false);
  assert.equal(put.fields.has("last-modified"), false);
});

test("POST gives the validators of the new page, and says that its content is the page", async (t) => {
  const { ask } = await servePages(t, {}, { base: "/pages/" });
  const post = await ask("POST", "/pages/%EC%83%88/%EC%95%88%EB%85%95.html", HTML, "<p>안녕");
  assert.equal(post.status, 201);
  assert.equal(post.fields.get("location"), "/pages/%EC%83%88/%EC%95%88%EB%85%95.html");
  assert.equal(post.fields.get("content-location"), post.fields.get("location"));
  const get = await ask("GET", "/pages/%EC%83%88/%EC%95%88%EB%85%95.html");
  assert.equal(get.text, "<p>안녕");
  assert.equal(get.fields.get("etag"), post.fields.get("etag"));
  assert.equal(get.fields.get("last-modified"), post.fields.get("last-modified"));
  assert.equal(get.fields.has("upload-offset"), false);
  assert.match((await ask("GET", "/pages/%EC%83%88/", { Accept: "text/plain" })).text, /안녕\.html/);
});

test("every change shows at once, however long files are kept in memory", async (t) => {
  const { ask } = await servePages(t, { "a.html": TEST }, { cacheSeconds: 3600 });
  assert.equal((await ask("GET", "/a.html")).text, TEST);
  assert.equal((await ask("GET", "/b.html")).status, 404);
  for (const method of ["PUT", "PATCH"]) {
    const { text } = await ask(method, "/a.html", {}, "Hi");
    assert.equal((await ask("GET", "/a.html")).text, text);
  }
  await ask("POST", "/b.html", {}, "<p>b");
  assert.equal((await ask("GET", "/b.html")).text, "<p>b");
  await ask("DELETE", "/a.html");
  assert.equal((await ask("GET", "/a.html")).status, 404);
});

interface Row {
  readonly name: string;
  readonly request: string;
  readonly fields?: RequestFields;
  readonly body?: string | Uint8Array;
  readonly status: number;
  readonly answer?: { readonly [field: string]: string };
  readonly detail?: RegExp;
}

const FOLDER = "GET, HEAD, DELETE, OPTIONS";
const OTHER = "GET, HEAD, DELETE, OPTIONS";
const PAGE = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
const MISSING = "GET, HEAD, POST, OPTIONS";
const ROOT = "GET, HEAD, OPTIONS";
const INSERTS = "text/plain, text/html";
const STORES = "text/html, application/xhtml+xml, text/plain";
const type = (value: string): RequestFields => ({ "Content-Type": value });

const rows: readonly Row[] = [
  {
    name: "what curl -d sends",
    request: "PUT /a.html",
    fields: type("application/x-www-form-urlencoded"),
    body: "a=1&b",
    status: 200,
    detail: /<h2>a=1&amp;b<\/h2>/,
  },
  {
    name: "markup",
    request: "PUT /a.html",
    fields: HTML,
    body: "<i>x</i>",
    status: 200,
    detail: /\n {2}<i>x<\/i>\n/,
  },
  {
    name: "markup after a byte order mark",
    request: "PATCH /a.html",
    fields: HTML,
    body: "\ufeff<i>x</i>",
    status: 200,
    detail: /\n {2}<i>x<\/i>\n/,
  },
  {
    name: "text in UTF-8 that says so",
    request: "PUT /a.html",
    fields: type("text/plain;charset=UTF8"),
    body: "안녕",
    status: 200,
    detail: /<h2>안녕<\/h2>/,
  },
  {
    name: "text in ASCII that says so",
    request: "PUT /a.html",
    fields: type("text/plain; charset=us-ascii"),
    body: "x",
    status: 200,
  },
  { name: "a page in capitals", request: "PUT /old.HTM", body: "x", status: 200 },
  {
    name: "a page in XHTML",
    request: "PATCH /x.xhtml",
    body: "x",
    status: 200,
    answer: { "content-type": "application/xhtml+xml; charset=utf-8" },
  },
  { name: "an empty body", request: "PUT /a.html", body: "", status: 400 },
  { name: "no body", request: "PATCH /a.html", status: 400 },
  { name: "a blank body", request: "PUT /a.html", fields: HTML, body: " \n", status: 400 },
  { name: "an empty page", request: "POST /new.html", body: "", status: 400 },
  {
    name: "bytes that are not UTF-8",
    request: "PUT /a.html",
    body: Buffer.from("\xe9", "latin1"),
    status: 400,
    detail: /UTF-8/,
  },
  {
    name: "a page that is not UTF-8",
    request: "POST /new.html",
    body: Buffer.from("\xe9", "latin1"),
    status: 400,
  },
  {
    name: "ASCII that is not",
    request: "PUT /a.html",
    fields: type("text/plain; charset=us-ascii"),
    body: "é",
    status: 400,
  },
  { name: "a NUL", request: "PUT /a.html", body: "a\0", status: 400, detail: /NUL/ },
  {
    name: "markup that swallows the page",
    request: "PUT /a.html",
    fields: HTML,
    body: "<!-- x",
    status: 400,
  },
  {
    name: "a part",
    request: "PUT /a.html",
    fields: { "Content-Range": "bytes 0-0/3" },
    body: "x",
    status: 400,
  },
  {
    name: "another charset",
    request: "PUT /a.html",
    fields: type("text/plain; charset=euc-kr"),
    body: "x",
    status: 415,
  },
  {
    name: "another charset",
    request: "POST /new.html",
    fields: type("text/html; charset=euc-kr"),
    body: "x",
    status: 415,
  },
  {
    name: "another type",
    request: "PUT /a.html",
    fields: type("application/json"),
    body: "{}",
    status: 415,
    answer: { accept: INSERTS },
  },
  {
    name: "another type",
    request: "PATCH /a.html",
    fields: type("application/json"),
    body: "{}",
    status: 415,
    answer: { "accept-patch": INSERTS },
  },
  {
    name: "another type",
    request: "POST /new.html",
    fields: type("application/json"),
    body: "{}",
    status: 415,
    answer: { "accept-post": STORES },
  },
  {
    name: "a type that is none",
    request: "PATCH /a.html",
    fields: type("html"),
    body: "x",
    status: 415,
    answer: { "accept-patch": INSERTS },
  },
  {
    name: "a coded body",
    request: "PUT /a.html",
    fields: { "Content-Encoding": "gzip" },
    body: "x",
    status: 415,
  },
  {
    name: "a coded body",
    request: "POST /new.html",
    fields: { "Content-Encoding": "gzip" },
    body: "x",
    status: 415,
  },
  { name: "a page in EUC-KR", request: "PUT /euc.html", body: "x", status: 415 },
  { name: "a page in Latin-1", request: "PATCH /latin.html", body: "x", status: 415 },
  { name: "a frameset", request: "PUT /frames.html", body: "x", status: 409 },
  { name: "a missing page", request: "PUT /none.html", body: "x", status: 404, detail: /POST/ },
  { name: "a missing page", request: "PATCH /none.html", body: "x", status: 404 },
  {
    name: "a missing page with a condition",
    request: "PUT /none.html",
    fields: { "If-Match": "*" },
    body: "x",
    status: 404,
  },
  { name: "a page that is there", request: "POST /a.html", body: "x", status: 409, detail: /PATCH/ },
  {
    name: "a page that is there, whatever the condition",
    request: "POST /a.html",
    fields: { "If-None-Match": "*" },
    body: "x",
    status: 409,
  },
  {
    name: "a file that is no page",
    request: "PUT /style.css",
    body: "x",
    status: 405,
    answer: { allow: OTHER },
    detail: /\.html/,
  },
  {
    name: "a file that is no page",
    request: "PATCH /style.css",
    body: "x",
    status: 405,
    answer: { allow: OTHER },
  },
  {
    name: "a name that is no page's",
    request: "POST /new.txt",
    body: "x",
    status: 405,
    answer: { allow: OTHER },
  },
  {
    name: "a name without an ending",
    request: "POST /html",
    body: "x",
    status: 405,
    answer: { allow: OTHER },
  },
  { name: "a folder", request: "PUT /dir", body: "x", status: 405, answer: { allow: FOLDER } },
  {
    name: "a folder that is called like a page",
    request: "PUT /folder.html",
    body: "x",
    status: 405,
    answer: { allow: FOLDER },
  },
  {
    name: "a folder that is called like a page",
    request: "POST /folder.html",
    body: "x",
    status: 405,
    answer: { allow: FOLDER },
  },
  {
    name: "a name with a slash",
    request: "POST /new.html/",
    body: "x",
    status: 405,
    answer: { allow: FOLDER },
  },
  { name: "the root", request: "PUT /", body: "x", status: 405 },
  { name: "the root", request: "DELETE /", status: 405, answer: { allow: ROOT } },
  { name: "below a page", request: "POST /a.html/b.html", body: "x", status: 409 },
  { name: "a hidden name", request: "PUT /.env.html", body: "x", status: 403 },
  { name: "a hidden name", request: "POST /.git/new.html", body: "x", status: 403 },
  { name: "two dots", request: "POST /../new.html", body: "x", status: 400 },
  { name: "a name that is too long", request: `POST /${"x".repeat(260)}.html`, body: "x", status: 400 },
  { name: "another method", request: "TRACE /a.html", status: 405, answer: { allow: PAGE } },
  { name: "another method", request: "PROPFIND /dir/", status: 405, answer: { allow: FOLDER } },
  { name: "another method", request: "PROPFIND /none.html", status: 405, answer: { allow: MISSING } },
  { name: "a page", request: "DELETE /old.HTM", status: 200 },
  { name: "a file that is no page", request: "DELETE /style.css", status: 200 },
  { name: "what is missing", request: "DELETE /none.html", status: 404 },
  {
    name: "a page",
    request: "OPTIONS /a.html",
    status: 200,
    answer: { allow: PAGE, "accept-patch": INSERTS, "accept-post": "", "accept-ranges": "bytes" },
  },
  {
    name: "a missing page",
    request: "OPTIONS /none.html",
    status: 200,
    answer: { allow: MISSING, "accept-post": STORES, "accept-patch": "" },
  },
  { name: "a hidden page", request: "OPTIONS /.env.html", status: 200, answer: { allow: MISSING } },
  {
    name: "a folder",
    request: "OPTIONS /dir",
    status: 200,
    answer: { allow: FOLDER, "accept-post": "", "accept-patch": "" },
  },
  { name: "a folder with a slash", request: "OPTIONS /dir/", status: 200, answer: { allow: FOLDER } },
  { name: "the root", request: "OPTIONS /", status: 200, answer: { allow: ROOT } },
  {
    name: "a file that is no page",
    request: "OPTIONS /style.css",
    status: 200,
    answer: { allow: OTHER, "accept-patch": "" },
  },
  { name: "a name that is no page's", request: "OPTIONS /none.txt", status: 200, answer: { allow: OTHER } },
];

const FILES: { readonly [name: string]: string | Uint8Array } = {
  "a.html": TEST,
  "old.HTM": TEST,
  "x.xhtml": "<html><head/><body><p/></body></html>",
  "style.css": "p {}",
  "dir/x.html": TEST,
  "folder.html/x": "x",
  ".env.html": TEST,
  "euc.html": Buffer.from("3c6d65746120636861727365743d6575632d6b723e3c703ebec8b3e7", "hex"),
  "latin.html": "<meta charset=iso-8859-1><body>",
  "frames.html": "<frameset></frameset>",
};

for (const { name, request, fields, body, status, answer: expected = {}, detail } of rows) {
  const [method = "", target = ""] = request.split(" ");
  test(`${method} ${target.slice(0, 40)} is answered ${status}: ${name}`, async (t) => {
    const served = await servePages(t, FILES);
    const before = await snapshot(served.folder);
    const answer = await served.ask(method, target, fields, body);
    assert.equal(answer.status, status, answer.text);
    for (const [field, value] of Object.entries(expected)) {
      assert.equal(answer.fields.get(field) ?? "", value, field);
    }
    if (detail !== undefined) assert.match(answer.text, detail);
    if (status >= 400) {
      assert.equal(answer.fields.get("content-type"), "application/problem+json");
      assert.deepEqual(await snapshot(served.folder), before);
    }
    assert.deepEqual(served.faults, []);
  });
}

/** Everything that is in a folder, byte for byte. */
async function snapshot(folder: string): Promise<{ readonly [name: string]: string }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "latin1")] as const)),
  );
}

test("a mount that is read-only takes no writes and says so", async (t) => {
  const { ask, read } = await servePages(t, undefined, { readOnly: true });
  for (const method of ["PUT", "PATCH", "POST", "DELETE"]) {
    const answer = await ask(method, "/test.html", {}, "x");
    assert.equal(answer.status, 405);
    assert.equal(answer.fields.get("allow"), "GET, HEAD, OPTIONS");
  }
  const options = await ask("OPTIONS", "/test.html");
  assert.equal(options.fields.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal(options.fields.has("accept-patch"), false);
  assert.equal((await ask("GET", "/test.html")).text, TEST);
  assert.equal(await read("test.html"), TEST);
});

test("maxPage bounds the body, the page, and what the page would become", async (t) => {
  const page = `<body>\n${"x".repeat(93)}`;
  const { ask, read } = await servePages(t, { "a.html": page, "large.html": `${page}x` }, { maxPage: 100 });
  const long = "y".repeat(101);
  assert.equal((await ask("PUT", "/a.html", {}, long)).status, 413);
  assert.equal((await ask("POST", "/new.html", {}, long)).status, 413);
  assert.equal((await ask("PATCH", "/large.html", {}, "y")).status, 413);
  assert.equal((await ask("PATCH", "/a.html", {}, "y")).status, 413);
  assert.equal(await read("a.html"), page);
  assert.equal(await read("large.html"), `${page}x`);
  assert.equal((await ask("POST", "/new.html", {}, "y".repeat(100))).status, 201);
});

test("maxPage is 1 MiB, and 0 is no limit", async (t) => {
  const large = `<body>\n${"x".repeat(1024 * 1024)}`;
  const limited = await servePages(t, { "a.html": large });
  assert.equal((await limited.ask("PUT", "/a.html", {}, "y")).status, 413);
  assert.equal((await limited.ask("POST", "/b.html", {}, large)).status, 413);
  const unlimited = await servePages(t, { "a.html": large }, { maxPage: 0 });
  assert.equal((await unlimited.ask("PUT", "/a.html", {}, "y")).status, 200);
});

const PAST = "Thu, 01 Jan 1970 00:00:00 GMT";
const FUTURE = "Fri, 01 Jan 2100 00:00:00 GMT";

test("conditions decide whether a page is changed", async (t) => {
  const { ask, read } = await servePages(t, { "a.html": TEST });
  const current = async (): Promise<string> => (await ask("HEAD", "/a.html")).fields.get("etag") ?? "";
  const coded = async (): Promise<string> => (await current()).replace(/"$/, '.br"');
  for (const method of ["PUT", "PATCH"]) {
    const cases: readonly (readonly [fields: RequestFields, status: number])[] = [
      [{ "If-Match": '"other"' }, 412],
      [{ "If-Match": await current() }, 200],
      [{ "If-Match": await current() }, 412],
      [{ "If-Match": await coded() }, 412],
      [{ "If-Match": "*" }, 200],
      [{ "If-None-Match": "*" }, 412],
      [{ "If-None-Match": '"other"' }, 200],
      [{ "If-Unmodified-Since": PAST }, 412],
      [{ "If-Unmodified-Since": FUTURE }, 200],
    ];
    for (const [fields, status] of cases) {
      const before = await read("a.html");
      const answer = await ask(method, "/a.html", fields, "x");
      assert.equal(answer.status, status, `${method} ${JSON.stringify(fields)}`);
      if (status === 412) assert.equal(await read("a.html"), before);
      else assert.equal(await read("a.html"), answer.text);
    }
    assert.equal((await ask(method, "/a.html", { "If-Match": await coded() }, "x")).status, 200);
  }
  assert.equal((await ask("DELETE", "/a.html", { "If-Match": '"other"' })).status, 412);
  assert.equal((await ask("POST", "/b.html", { "If-Match": "*" }, "x")).status, 412);
  assert.equal((await ask("GET", "/b.html")).status, 404);
  assert.equal((await ask("POST", "/b.html", { "If-None-Match": "*" }, "x")).status, 201);
  assert.equal((await ask("DELETE", "/a.html", { "If-Match": await current() })).status, 200);
});

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** The numbers in the headings of a page. */
const headings = (page: string): readonly number[] =>
  [...page.matchAll(/^ {2}<h2>(\d+)<\/h2>$/gm)].map(([, number]) => Number(number)).sort((a, b) => a - b);

test("of forty that insert into one page at once, none is lost", async (t) => {
  const { ask, read, faults } = await servePages(t);
  const answers = await Promise.all(
    numbers(40).map((n) => ask(n % 2 === 0 ? "PUT" : "PATCH", "/test.html", {}, String(n))),
  );
  const page = await read("test.html");
  assert.deepEqual(headings(page), numbers(40));
  assert.equal(page.replace(/^ {2}<h2>\d+<\/h2>\n/gm, ""), TEST);
  answers.forEach((answer, n) => {
    assert.equal(answer.status, 200);
    assert.ok(headings(answer.text).includes(n));
  });
  assert.deepEqual(faults, []);
});

test("nor is one of those that insert through two mounts of one folder", async (t) => {
  const one = await servePages(t);
  const tree = await openFolderTree(one.folder);
  t.after(() => tree.close());
  const two = await serveFolder(t, {}, {}, () => pagesHandler(tree));
  const answers = await Promise.all(
    numbers(12).map((n) => (n % 2 === 0 ? one : two).ask("PATCH", "/test.html", {}, String(n))),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.deepEqual(headings(await one.read("test.html")), numbers(12));
});

test("of twenty that create one page at once, one does, and its page stays", async (t) => {
  const { ask, read } = await servePages(t);
  const answers = await Promise.all(numbers(20).map((n) => ask("POST", "/new.html", {}, `<p>${n}`)));
  const created = answers.filter(({ status }) => status === 201);
  assert.equal(created.length, 1);
  assert.equal(answers.filter(({ status }) => status === 409).length, 19);
  assert.equal(await read("new.html"), created[0]?.text);
});

test("of several that change the same version, one does, and the others are told", async (t) => {
  const { ask, read } = await servePages(t);
  const etag = (await ask("HEAD", "/test.html")).fields.get("etag") ?? "";
  const answers = await Promise.all(
    numbers(8).map((n) => ask("PATCH", "/test.html", { "If-Match": etag }, String(n))),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status === 412).length, 7);
  assert.equal(headings(await read("test.html")).length, 1);
});

/** A tree in which somebody else writes right before every one of the first so many changes. */
function meddled(tree: Tree, times: number, meddle: (tree: Tree, time: number) => Promise<unknown>): Tree {
  let time = 0;
  return new Proxy(tree, {
    get(target, name) {
      if (name === "replace") {
        return async (...written: Parameters<Tree["replace"]>) => {
          time += 1;
          if (time <= times) await meddle(target, time);
          return target.replace(...written);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const rewrite = (tree: Tree, time: number): Promise<unknown> =>
  tree.replace(["test.html"], Buffer.from(`<body>\n  <p>${time}</p>\n`));

const meddling: readonly {
  readonly name: string;
  readonly times: number;
  readonly meddle: (tree: Tree, time: number) => Promise<unknown>;
  readonly fields?: RequestFields;
  readonly status: number;
  readonly page?: string;
}[] = [
  {
    name: "changes the page three times, goes into what is there in the end",
    times: 3,
    meddle: rewrite,
    status: 200,
    page: "<body>\n  <h2>x</h2>\n  <p>3</p>\n",
  },
  {
    name: "changes the page, fails when its condition does not hold any more",
    times: 1,
    meddle: rewrite,
    fields: { "If-Match": "(current)" },
    status: 412,
    page: "<body>\n  <p>1</p>\n",
  },
  {
    name: "removes the page, does not bring it back",
    times: 1,
    meddle: (tree) => tree.remove(["test.html"]),
    status: 404,
  },
  { name: "never stops changing the page, gives up", times: 1000, meddle: rewrite, status: 503 },
];

for (const { name, times, meddle, fields, status, page } of meddling) {
  test(`a PATCH, while somebody else ${name}`, async (t) => {
    const { ask, folder } = await servePages(t, undefined, {}, (tree) => meddled(tree, times, meddle));
    const etag = (await ask("HEAD", "/test.html")).fields.get("etag") ?? "";
    const answer: Answer = await ask("PATCH", "/test.html", fields && { "If-Match": etag }, "x");
    assert.equal(answer.status, status);
    assert.equal(answer.fields.has("retry-after"), status === 503);
    const found = await readFile(join(folder, "test.html"), "utf8").catch(() => undefined);
    if (status !== 503) assert.equal(found, page);
  });
}

test("a PUT is refused before a client sends its body, where that is known before", async (t) => {
  const { connect, ask } = await servePages(t);
  const cases: readonly (readonly [target: string, fields: string, status: number])[] = [
    ["/none.html", "", 404],
    ["/test.html", 'If-Match: "other"\r\n', 412],
    ["/test.html", "Content-Type: image/png\r\n", 415],
  ];
  for (const [target, fields, status] of cases) {
    const socket = await connect();
    socket.write(
      `PUT ${target} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n${fields}\r\n`,
    );
    const [first] = (await new Promise<Buffer>((resolve) => socket.once("data", resolve)))
      .toString()
      .split("\r\n");
    assert.match(first ?? "", new RegExp(`^HTTP/1\\.1 ${status} `));
    socket.destroy();
  }
  assert.equal((await ask("GET", "/test.html")).text, TEST);
});

test("a precompressed neighbour that is deleted is not sent any more", async (t) => {
  const page = "<body>\n".padEnd(2000, "x");
  const { ask, folder } = await servePages(t, { "a.html": page }, { cacheSeconds: 3600, compress: false });
  await writeFile(join(folder, "a.html.gz"), "not really gzip");
  const coded = { "Accept-Encoding": "gzip" };
  assert.equal((await ask("GET", "/a.html", coded)).fields.get("content-encoding"), "gzip");
  assert.equal((await ask("DELETE", "/a.html.gz")).status, 200);
  assert.equal((await ask("GET", "/a.html", coded)).fields.has("content-encoding"), false);
});
