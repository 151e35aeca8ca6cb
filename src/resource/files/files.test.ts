// The files resource as a client sees it: exercise 1, methods, names, conditions on writes. Reading has its own tests.

import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type RequestFields, serveFolder } from "../../../test/served-folder.ts";
import { type FilesOptions, filesHandler } from "./files.ts";

const MEOW = "<!doctype html><title>meow</title><p>야옹</p>\n";

test("exercise 1 runs step by step, and a HEAD has the header section of its GET", async (t) => {
  const served = await serveFolder(t, { "meow.html": MEOW });
  const { ask } = served;

  const get = await ask("GET", "/meow.html");
  assert.equal(get.status, 200);
  assert.equal(get.text, MEOW);
  assert.equal(get.fields.get("content-type"), "text/html; charset=utf-8");
  assert.equal(get.fields.get("content-length"), String(Buffer.byteLength(MEOW)));
  assert.match(get.fields.get("date") ?? "", /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/);

  assert.equal((await ask("GET", "/mmmmmeow.html")).status, 404);

  const name = "Hello my name is Pingping";
  const put = await ask("PUT", "/introduce-myself.txt", {}, name);
  assert.equal(put.status, 201);
  assert.equal(put.fields.get("location"), "/introduce-myself.txt");
  assert.equal(await served.read("introduce-myself.txt"), name);

  const bow = "Cat is meow meow, Dog is bow bow";
  const created = await ask("POST", "/bowbow.txt", {}, bow);
  assert.equal(created.status, 201);
  assert.equal(created.fields.get("location"), "/bowbow.txt");

  const appended = await ask("POST", "/bowbow.txt", {}, bow);
  assert.equal(appended.status, 200);
  assert.equal(appended.fields.get("location"), "/bowbow.txt");
  assert.equal(appended.text, bow);
  assert.equal(await served.read("bowbow.txt"), bow + bow);

  const options = await ask("OPTIONS", "/bowbow.txt");
  assert.equal(options.status, 200);
  assert.equal(options.fields.get("allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  assert.equal(options.fields.get("content-length"), "0");

  const removed = await ask("DELETE", "/introduce-myself.txt");
  assert.equal(removed.status, 200);
  assert.equal(removed.text, "Deleted /introduce-myself.txt\n");
  assert.equal((await ask("DELETE", "/introduce-myself.txt")).status, 404);

  const head = await ask("HEAD", "/meow.html");
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
  assert.equal(dateless(head.head), dateless(get.head));
  assert.deepEqual(served.faults, []);
});

test("POST makes a file grow each time, PUT does not, and each answer has the new entity tag", async (t) => {
  const { ask, read } = await serveFolder(t);
  const tags = new Set<string | undefined>();
  for (const expected of ["ab", "abab", "ababab"]) {
    tags.add((await ask("POST", "/grow.txt", {}, "ab")).fields.get("etag"));
    assert.equal(await read("grow.txt"), expected);
  }
  const statuses = [];
  for (let round = 0; round < 3; round += 1) {
    const put = await ask("PUT", "/grow.txt", {}, "once");
    statuses.push(put.status);
    tags.add(put.fields.get("etag"));
    const get = await ask("GET", "/grow.txt");
    assert.equal(get.text, "once");
    assert.equal(get.fields.get("etag"), put.fields.get("etag"));
    assert.equal(get.fields.get("last-modified"), put.fields.get("last-modified"));
  }
  assert.deepEqual(statuses, [204, 204, 204]);
  assert.equal(tags.size, 6);
  assert.ok(!tags.has(undefined));
});

test("POST repeats what was added with the type it was sent with, unless it is too much", async (t) => {
  const { ask, read } = await serveFolder(t, { "log.json": "[]" }, { echoBytes: 10 });
  const cases = [
    { body: "0123456789", type: "application/json", answer: "0123456789", answerType: "application/json" },
    {
      body: "0123456789a",
      type: "application/json",
      answer: "Appended 11 bytes\n",
      answerType: "text/plain; charset=utf-8",
    },
    { body: "", type: undefined, answer: "", answerType: "text/plain; charset=utf-8" },
    { body: "x", type: "no type", answer: "x", answerType: "text/plain; charset=utf-8" },
  ];
  for (const { body, type, answer, answerType } of cases) {
    const posted = await ask("POST", "/log.json", type === undefined ? {} : { "Content-Type": type }, body);
    assert.equal(posted.status, 200);
    assert.equal(posted.text, answer);
    assert.equal(posted.fields.get("content-type"), answerType);
  }
  assert.equal(await read("log.json"), `[]${cases.map(({ body }) => body).join("")}`);
});

interface Row {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly fields?: RequestFields;
  readonly body?: string;
  readonly status: number;
  readonly allow?: string;
  readonly detail?: RegExp;
}

const FILE = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const FOLDER = "GET, HEAD, DELETE, OPTIONS";
const PARTIAL = { "Content-Type": "application/partial-upload" };

const rows: readonly Row[] = [
  {
    name: "a missing folder on the way is made",
    method: "PUT",
    target: "/new/deep/x.txt",
    body: "x",
    status: 201,
  },
  { name: "an empty body is an empty file", method: "PUT", target: "/empty.txt", body: "", status: 201 },
  { name: "a Korean name", method: "PUT", target: "/%EC%95%88%EB%85%95.txt", body: "x", status: 201 },
  { name: "PUT to a folder", method: "PUT", target: "/dir", body: "x", status: 405, allow: FOLDER },
  {
    name: "PUT to a folder with a condition",
    method: "PUT",
    target: "/dir",
    fields: { "If-None-Match": "*" },
    body: "x",
    status: 405,
    allow: FOLDER,
  },
  { name: "PUT to a name with a slash", method: "PUT", target: "/x/", body: "x", status: 405, allow: FOLDER },
  { name: "PUT to the root", method: "PUT", target: "/", body: "x", status: 405, allow: FOLDER },
  { name: "POST to a folder", method: "POST", target: "/dir/", body: "x", status: 405, allow: FOLDER },
  {
    name: "PATCH to a folder",
    method: "PATCH",
    target: "/dir",
    fields: { ...PARTIAL, "Upload-Offset": "0" },
    body: "x",
    status: 405,
    allow: FOLDER,
  },
  { name: "PUT below a file", method: "PUT", target: "/a.txt/b.txt", body: "x", status: 409 },
  {
    name: "PUT with Content-Range",
    method: "PUT",
    target: "/a.txt",
    fields: { "Content-Range": "bytes 0-0/3" },
    body: "x",
    status: 400,
  },
  {
    name: "PUT of a coded body",
    method: "PUT",
    target: "/a.txt",
    fields: { "Content-Encoding": "gzip" },
    body: "x",
    status: 415,
    detail: /uncoded/,
  },
  {
    name: "PUT of a body in the coding identity",
    method: "PUT",
    target: "/b.txt",
    fields: { "Content-Encoding": "Identity" },
    body: "x",
    status: 201,
  },
  {
    name: "POST of a coded body",
    method: "POST",
    target: "/a.txt",
    fields: { "Content-Encoding": "br" },
    body: "x",
    status: 415,
  },
  { name: "DELETE of a folder with something in it", method: "DELETE", target: "/dir/", status: 409 },
  { name: "DELETE of an empty folder", method: "DELETE", target: "/hollow/", status: 200 },
  { name: "DELETE of the root", method: "DELETE", target: "/", status: 405, allow: FOLDER },
  { name: "DELETE of a file by a name with a slash", method: "DELETE", target: "/a.txt/", status: 404 },
  {
    name: "DELETE of what is missing, whatever its condition",
    method: "DELETE",
    target: "/none",
    fields: { "If-Match": '"x"' },
    status: 404,
  },
  { name: "TRACE", method: "TRACE", target: "/a.txt", status: 405, allow: FILE },
  { name: "PROPFIND", method: "PROPFIND", target: "/dir", status: 405, allow: FOLDER },
  { name: "OPTIONS of a folder", method: "OPTIONS", target: "/dir", status: 200, allow: FOLDER },
  { name: "OPTIONS of what is missing", method: "OPTIONS", target: "/none", status: 200, allow: FILE },
  {
    name: "a name of 256 bytes",
    method: "PUT",
    target: `/${"x".repeat(256)}`,
    body: "x",
    status: 400,
    detail: /255/,
  },
  { name: "reading a name of 256 bytes", method: "GET", target: `/${"x".repeat(256)}`, status: 404 },
  {
    name: "a name that the store keeps for itself",
    method: "PUT",
    target: "/.sockeye-x.tmp",
    body: "x",
    status: 403,
  },
  {
    name: "writing a hidden name",
    method: "PUT",
    target: "/.env",
    body: "x",
    status: 403,
    detail: /--dotfiles/,
  },
  { name: "writing in a hidden folder", method: "PUT", target: "/.git/config", body: "x", status: 403 },
  { name: "deleting a hidden name", method: "DELETE", target: "/.env", status: 403 },
  { name: "reading a hidden name", method: "GET", target: "/.env", status: 404 },
  { name: "two dots", method: "GET", target: "/../a.txt", status: 400, detail: /resolved/ },
  { name: "two encoded dots", method: "GET", target: "/%2e%2e/a.txt", status: 400 },
  { name: "an encoded slash", method: "GET", target: "/dir%2Fx.txt", status: 400 },
  { name: "an encoded backslash", method: "GET", target: "/dir%5Cx.txt", status: 400 },
  { name: "an encoded NUL", method: "GET", target: "/a.txt%00.png", status: 400 },
  { name: "an encoding that is not UTF-8", method: "GET", target: "/%C0%AE", status: 400 },
  { name: "a half escape", method: "PUT", target: "/%4", body: "x", status: 400 },
  { name: "two slashes", method: "GET", target: "//evil.example/", status: 400 },
  { name: "decoding twice", method: "GET", target: "/%252e%252e/a.txt", status: 404 },
  { name: "a link that leads out, read", method: "GET", target: "/out/secret.txt", status: 403 },
  { name: "a link that leads out, listed", method: "GET", target: "/out/", status: 403 },
  { name: "a link that leads out, written", method: "PUT", target: "/out/x.txt", body: "x", status: 403 },
  { name: "a link to a file outside", method: "GET", target: "/leak.txt", status: 403 },
  { name: "a link to a file outside, replaced", method: "PUT", target: "/leak.txt", body: "x", status: 403 },
  { name: "a link within the folder", method: "GET", target: "/inner.txt", status: 200 },
  { name: "a file with a slash at its end", method: "GET", target: "/a.txt/", status: 404 },
  {
    name: "PATCH of another type",
    method: "PATCH",
    target: "/a.txt",
    fields: { "Content-Type": "text/plain", "Upload-Offset": "3" },
    body: "x",
    status: 415,
  },
  {
    name: "PATCH of no type",
    method: "PATCH",
    target: "/a.txt",
    fields: { "Upload-Offset": "3" },
    body: "x",
    status: 415,
  },
  {
    name: "PATCH without an offset",
    method: "PATCH",
    target: "/a.txt",
    fields: PARTIAL,
    body: "x",
    status: 400,
    detail: /HEAD/,
  },
  {
    name: "PATCH with a negative offset",
    method: "PATCH",
    target: "/a.txt",
    fields: { ...PARTIAL, "Upload-Offset": "-3" },
    body: "x",
    status: 400,
  },
  {
    name: "PATCH with two offsets",
    method: "PATCH",
    target: "/a.txt",
    fields: { ...PARTIAL, "Upload-Offset": ["3", "3"] },
    body: "x",
    status: 400,
  },
  {
    name: "PATCH with a text for an offset",
    method: "PATCH",
    target: "/a.txt",
    fields: { ...PARTIAL, "Upload-Offset": '"3"' },
    body: "x",
    status: 400,
  },
];

for (const { name, method, target, fields, body, status, allow, detail } of rows) {
  test(`${method} ${target.slice(0, 40)} is answered ${status}: ${name}`, async (t) => {
    const served = await serveFolder(t, { "a.txt": "abc", "dir/x.txt": "x", ".env": "SECRET=1" });
    const outside = await serveFolder(t, { "secret.txt": "secret", "hollow.txt": "" });
    await served.tree.replace(["hollow", "x"], Buffer.from("x"));
    await served.tree.remove(["hollow", "x"]);
    await symlink(outside.folder, join(served.folder, "out"));
    await symlink(join(outside.folder, "secret.txt"), join(served.folder, "leak.txt"));
    await symlink("a.txt", join(served.folder, "inner.txt"));

    const answer = await served.ask(method, target, fields, body);
    assert.equal(answer.status, status, answer.text);
    if (allow !== undefined) assert.equal(answer.fields.get("allow"), allow);
    if (detail !== undefined) assert.match(answer.text, detail);
    if (status >= 400) {
      assert.equal(answer.fields.get("content-type"), "application/problem+json");
      assert.equal(await served.read("a.txt"), "abc");
      assert.equal(await served.read(".env"), "SECRET=1");
      assert.equal(await outside.read("secret.txt"), "secret");
    }
    if (status === 415 && method === "PATCH") {
      assert.equal(answer.fields.get("accept-patch"), "application/partial-upload");
    }
    assert.deepEqual(served.faults, []);
  });
}

test("what is hidden looks the same as what is missing", async (t) => {
  const { ask } = await serveFolder(t, { ".hidden": "x" });
  const hidden = await ask("GET", "/.hidden");
  const missing = await ask("GET", "/.absent");
  assert.equal(hidden.text.replaceAll("hidden", "absent"), missing.text);
  assert.equal(hidden.status, missing.status);
});

test("with dotfiles they are read, written and listed", async (t) => {
  const { ask, read } = await serveFolder(t, { ".env": "A=1" }, { dotfiles: true });
  assert.equal((await ask("GET", "/.env")).text, "A=1");
  assert.equal((await ask("PUT", "/.env", {}, "A=2")).status, 204);
  assert.equal(await read(".env"), "A=2");
  assert.match((await ask("GET", "/", { Accept: "application/json" })).text, /"\.env"/);
});

test("with followLinks the tree's links lead out", async (t) => {
  const outside = await serveFolder(t, { "secret.txt": "open" });
  const served = await serveFolder(t, {}, { followLinks: true });
  await symlink(outside.folder, join(served.folder, "out"));
  assert.equal((await served.ask("GET", "/out/secret.txt")).text, "open");
});

const windowsNames = ["/con", "/a/NUL.txt", "/a%3Ab", "/dot.", "/space%20", "/HTPASS~1"];
for (const target of windowsNames) {
  test(`PUT ${target} is refused where Windows' names are reserved, and taken elsewhere`, async (t) => {
    const windows = await serveFolder(t, {}, { platform: "win32" });
    const refused = await windows.ask("PUT", target, {}, "x");
    assert.equal(refused.status, 400);
    assert.match(refused.text, /Windows/);
    const linux = await serveFolder(t, {}, { platform: "linux" });
    assert.equal((await linux.ask("PUT", target, {}, "x")).status, 201);
  });
}

for (const method of ["PUT", "POST", "PATCH", "DELETE", "TRACE"]) {
  test(`read-only: ${method} is answered 405, and nothing changes`, async (t) => {
    const { ask, read } = await serveFolder(t, { "a.txt": "abc" }, { readOnly: true });
    const fields = { ...PARTIAL, "Upload-Offset": "3" };
    const answer = await ask(
      method,
      "/a.txt",
      method === "PATCH" ? fields : {},
      method === "TRACE" ? undefined : "x",
    );
    assert.equal(answer.status, 405);
    assert.equal(answer.fields.get("allow"), "GET, HEAD, OPTIONS");
    assert.equal(await read("a.txt"), "abc");
  });
}

test("read-only: neither GET nor OPTIONS speaks of uploads", async (t) => {
  const { ask } = await serveFolder(t, { "a.txt": "abc" }, { readOnly: true });
  const options = await ask("OPTIONS", "/a.txt");
  assert.equal(options.fields.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal(options.fields.get("accept-patch"), undefined);
  assert.equal((await ask("GET", "/a.txt")).fields.get("upload-offset"), undefined);
});

const bases: readonly { readonly base: string; readonly target: string; readonly location: string }[] = [
  { base: "/files", target: "/files/a%20b/%ED%95%9C.txt", location: "/files/a%20b/%ED%95%9C.txt" },
  { base: "/files/", target: "/files/x.txt", location: "/files/x.txt" },
  { base: "/a/b%20c", target: "/a/b%20c/x.txt", location: "/a/b%20c/x.txt" },
  { base: "/", target: "/%61%62%63.txt", location: "/abc.txt" },
];
for (const { base, target, location } of bases) {
  test(`mounted under ${base}, PUT ${target} creates ${location}`, async (t) => {
    const { ask } = await serveFolder(t, {}, { base });
    const put = await ask("PUT", target, {}, "text");
    assert.equal(put.status, 201);
    assert.equal(put.fields.get("location"), location);
    assert.equal((await ask("GET", location)).text, "text");
    assert.equal((await ask("GET", target)).text, "text");
    assert.equal((await ask("GET", `${location}?v=2`)).text, "text");
  });
}

test("what is outside of the mount's path is not there", async (t) => {
  const { ask } = await serveFolder(t, { "x.txt": "x" }, { base: "/files" });
  for (const target of ["/x.txt", "/filesx.txt", "/files%2Fx.txt", "/"]) {
    assert.equal((await ask("GET", target)).status, 404, target);
  }
  assert.equal((await ask("PUT", "/files", {}, "x")).status, 405);
});

test("a base that is no path is refused at once", async (t) => {
  const { tree } = await serveFolder(t);
  for (const base of ["files", "", "/a?b", "/a//b", "//a", "/안녕"]) {
    assert.throws(() => filesHandler(tree, { base } satisfies FilesOptions), TypeError, base);
  }
});

interface Conditional {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly fields: (etag: string, modified: string) => RequestFields;
  readonly status: number;
}

const LONG_AGO = "Tue, 01 Jan 2008 00:00:00 GMT";
const conditionals: readonly Conditional[] = [
  {
    name: "the present tag",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": etag }),
    status: 204,
  },
  {
    name: "the present tag in a list",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": ['"x"', etag] }),
    status: 204,
  },
  {
    name: "the present tag of a coded form",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": etag.replace(/"$/, '.br"') }),
    status: 204,
  },
  {
    name: "the present tag of a neighbour's form",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": etag.replace(/"$/, '.gzip.1-2-3"') }),
    status: 204,
  },
  {
    name: "a tag that only begins like the present one",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": etag.replace(/"$/, '.x"') }),
    status: 412,
  },
  {
    name: "the present tag made weak",
    method: "PUT",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": `W/${etag}` }),
    status: 412,
  },
  {
    name: "another tag",
    method: "PUT",
    target: "/a.txt",
    fields: () => ({ "If-Match": '"x"' }),
    status: 412,
  },
  {
    name: "another tag",
    method: "POST",
    target: "/a.txt",
    fields: () => ({ "If-Match": '"x"' }),
    status: 412,
  },
  {
    name: "another tag",
    method: "DELETE",
    target: "/a.txt",
    fields: () => ({ "If-Match": '"x"' }),
    status: 412,
  },
  {
    name: "the present tag",
    method: "DELETE",
    target: "/a.txt",
    fields: (etag) => ({ "If-Match": etag }),
    status: 200,
  },
  {
    name: "any tag of a file that is missing",
    method: "PUT",
    target: "/none.txt",
    fields: () => ({ "If-Match": "*" }),
    status: 412,
  },
  {
    name: "create only, and it exists",
    method: "PUT",
    target: "/a.txt",
    fields: () => ({ "If-None-Match": "*" }),
    status: 412,
  },
  {
    name: "create only, and it is missing",
    method: "PUT",
    target: "/none.txt",
    fields: () => ({ "If-None-Match": "*" }),
    status: 201,
  },
  {
    name: "changed since long ago",
    method: "PUT",
    target: "/a.txt",
    fields: () => ({ "If-Unmodified-Since": LONG_AGO }),
    status: 412,
  },
  {
    name: "not changed since its time",
    method: "PUT",
    target: "/a.txt",
    fields: (_, modified) => ({ "If-Unmodified-Since": modified }),
    status: 204,
  },
  {
    name: "a date that is none",
    method: "PUT",
    target: "/a.txt",
    fields: () => ({ "If-Unmodified-Since": "yesterday" }),
    status: 204,
  },
  {
    name: "another tag, at the right offset",
    method: "PATCH",
    target: "/a.txt",
    fields: () => ({ ...PARTIAL, "Upload-Offset": "3", "If-Match": '"x"' }),
    status: 412,
  },
  {
    name: "another tag, at a wrong offset",
    method: "PATCH",
    target: "/a.txt",
    fields: () => ({ ...PARTIAL, "Upload-Offset": "2", "If-Match": '"x"' }),
    status: 409,
  },
  {
    name: "a tag, on a folder",
    method: "DELETE",
    target: "/hollow/",
    fields: () => ({ "If-Match": '"x"' }),
    status: 412,
  },
];

for (const { name, method, target, fields, status } of conditionals) {
  test(`${method} ${target} under a condition (${name}) is answered ${status}`, async (t) => {
    const { ask, read, tree } = await serveFolder(t, { "a.txt": "abc" });
    await tree.replace(["hollow", "x"], Buffer.from("x"));
    await tree.remove(["hollow", "x"]);
    const { fields: present } = await ask("GET", "/a.txt");
    const condition = fields(present.get("etag") ?? "", present.get("last-modified") ?? "");
    const answer = await ask(method, target, condition, method === "DELETE" ? undefined : "new");
    assert.equal(answer.status, status, answer.text);
    if (status >= 400) assert.equal(await read("a.txt"), "abc");
  });
}

test("a condition that fails is answered before the body is sent, under Expect: 100-continue", async (t) => {
  const { connect, read } = await serveFolder(t, { "a.txt": "abc" });
  const socket = await connect();
  socket.write(
    'PUT /a.txt HTTP/1.1\r\nHost: localhost\r\nIf-Match: "x"\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n',
  );
  const first = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  socket.destroy();
  assert.match(first.toString("latin1"), /^HTTP\/1\.1 412 /);
  assert.equal(await read("a.txt"), "abc");
});

test("of 200 parallel PUTs on one tag exactly one wins, in every round", async (t) => {
  const { ask, read } = await serveFolder(t, { "race.txt": "0" });
  for (let round = 1; round <= 3; round += 1) {
    const etag = (await ask("GET", "/race.txt")).fields.get("etag") ?? "";
    const bodies = Array.from({ length: 200 }, (_, index) => `${round}:${index}`);
    const answers = await Promise.all(
      bodies.map((body) => ask("PUT", "/race.txt", { "If-Match": etag }, body)),
    );
    const winners = bodies.filter((_, index) => answers[index]?.status === 204);
    assert.equal(winners.length, 1);
    assert.equal(answers.filter(({ status }) => status === 412).length, 199);
    assert.equal(await read("race.txt"), winners[0]);
  }
});

test("of 50 parallel creations exactly one creates", async (t) => {
  const { ask } = await serveFolder(t);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => ask("PUT", "/new.txt", { "If-None-Match": "*" }, String(index))),
  );
  const created = answers.filter(({ status }) => status === 201);
  assert.equal(created.length, 1);
  assert.equal((await ask("GET", "/new.txt")).fields.get("etag"), created[0]?.fields.get("etag"));
});

test("parallel appends never mix and none is lost", async (t) => {
  const { ask, read } = await serveFolder(t);
  const lines = Array.from({ length: 40 }, (_, index) => `${String(index).padStart(2, "0").repeat(500)}\n`);
  const answers = await Promise.all(lines.map((line) => ask("POST", "/log.txt", {}, line)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(39).fill(200), 201]);
  assert.deepEqual((await read("log.txt")).match(/.*\n/g)?.sort(), lines);
});

test("a client that vanishes in the middle of a PUT or a POST leaves the file as it was", async (t) => {
  const { ask, connect, read, tree } = await serveFolder(t, { "a.txt": "old" });
  for (const method of ["PUT", "POST"]) {
    const socket = await connect();
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.write(`${method} /a.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`);
    socket.end();
    socket.resume();
    await gone;
    assert.equal(await read("a.txt"), "old");
  }
  assert.equal((await ask("GET", "/a.txt")).text, "old");
  assert.deepEqual(
    (await tree.list([])).map(({ name }) => name),
    ["a.txt"],
  );
});

test("without uploads there is no PATCH, and nothing tells where to go on", async (t) => {
  const { ask } = await serveFolder(t, { "a.txt": "abc" }, { uploads: false });
  const allowed = "GET, HEAD, POST, PUT, DELETE, OPTIONS";
  const patch = await ask("PATCH", "/a.txt", { ...PARTIAL, "Upload-Offset": "3" }, "d");
  assert.equal(patch.status, 405);
  assert.equal(patch.fields.get("allow"), allowed);
  const options = await ask("OPTIONS", "/a.txt");
  assert.equal(options.fields.get("allow"), allowed);
  assert.equal(options.fields.has("accept-patch"), false);
  const get = await ask("GET", "/a.txt");
  assert.equal(get.text, "abc");
  assert.equal(get.fields.has("upload-offset"), false);
});
