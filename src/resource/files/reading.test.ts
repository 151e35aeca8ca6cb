// GET and HEAD of files: conditions, ranges, codings, and what is kept in memory.

import assert from "node:assert/strict";
import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import {
  type Answer,
  type RequestFields,
  type ServedFolder,
  serveFolder,
} from "../../../test/served-folder.ts";
import type { Body } from "../../message/body.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { parseTarget } from "../../protocol/target.ts";
import { openFolderTree } from "../../store/folder/tree.ts";
import type { Info, OpenFile, Tree } from "../../store/tree.ts";
import { type FilesOptions, filesHandler } from "./files.ts";

const DIGITS = "0123456789";
const TEXT = "Sockeye swims upstream. 연어는 거슬러 오른다.\n".repeat(100);
const LARGE = Buffer.alloc(700_000, "line of a large text\n");

/** Each case with the file in memory, and with the same file on the disk alone. */
const KEEPINGS: readonly { readonly kept: string; readonly options: FilesOptions }[] = [
  { kept: "kept in memory", options: {} },
  { kept: "read from the disk", options: { cacheFileBytes: 0 } },
];

interface RangeCase {
  readonly range: string;
  readonly status: number;
  readonly body?: string;
  readonly contentRange?: string;
  readonly fields?: (etag: string, modified: string) => RequestFields;
}

const ranges: readonly RangeCase[] = [
  { range: "bytes=0-1", status: 206, body: "01", contentRange: "bytes 0-1/10" },
  { range: "BYTES=9-", status: 206, body: "9", contentRange: "bytes 9-9/10" },
  { range: "bytes=-3", status: 206, body: "789", contentRange: "bytes 7-9/10" },
  { range: "bytes=5-99999999999999999999", status: 206, body: "56789", contentRange: "bytes 5-9/10" },
  { range: "bytes=0-3,2-5", status: 206, body: "012345", contentRange: "bytes 0-5/10" },
  { range: "bytes=-0", status: 416, contentRange: "bytes */10" },
  { range: "bytes=10-", status: 416, contentRange: "bytes */10" },
  { range: "bytes=5-4", status: 200, body: DIGITS },
  { range: "lines=0-1", status: 200, body: DIGITS },
  {
    range: "bytes=0-1",
    status: 206,
    body: "01",
    contentRange: "bytes 0-1/10",
    fields: (etag) => ({ "If-Range": etag }),
  },
  { range: "bytes=0-1", status: 200, body: DIGITS, fields: () => ({ "If-Range": '"x"' }) },
  { range: "bytes=0-1", status: 200, body: DIGITS, fields: (etag) => ({ "If-Range": `W/${etag}` }) },
  {
    range: "bytes=0-1",
    status: 206,
    body: "01",
    contentRange: "bytes 0-1/10",
    fields: (_, modified) => ({ "If-Range": modified }),
  },
  { range: "bytes=0-1", status: 304, body: "", fields: (etag) => ({ "If-None-Match": etag }) },
  { range: "bytes=0-1", status: 412, fields: () => ({ "If-Match": '"x"' }) },
];

for (const { kept, options } of KEEPINGS) {
  for (const { range, status, body, contentRange, fields } of ranges) {
    const [condition = ""] = Object.keys(fields?.("", "") ?? {});
    test(`of a file ${kept}, ${range} ${condition} is answered ${status}`, async (t) => {
      const served = await serveFolder(t, { "d.txt": DIGITS }, options);
      // Old enough for its date to be a strong validator.
      await utimes(join(served.folder, "d.txt"), 1_700_000_000, 1_700_000_000);
      const whole = await served.ask("GET", "/d.txt");
      const more = fields?.(whole.fields.get("etag") ?? "", whole.fields.get("last-modified") ?? "");
      const answer = await served.ask("GET", "/d.txt", { Range: range, ...more });
      assert.equal(answer.status, status);
      if (body !== undefined) assert.equal(answer.text, body);
      assert.equal(answer.fields.get("content-range"), contentRange);
      if (status === 206) {
        for (const name of ["etag", "last-modified", "content-type", "cache-control"]) {
          assert.equal(answer.fields.get(name), whole.fields.get(name));
        }
      }
      const head = await served.ask("HEAD", "/d.txt", { Range: range });
      assert.equal(head.status, 200);
      assert.equal(head.fields.get("content-length"), "10");
      assert.deepEqual(served.faults, []);
    });
  }

  test(`of a file ${kept}, several ranges come as multipart/byteranges`, async (t) => {
    const { ask } = await serveFolder(t, { "d.txt": DIGITS }, options);
    const answer = await ask("GET", "/d.txt", { Range: "bytes=0-1, ,7-" });
    assert.equal(answer.status, 206);
    assert.equal(answer.fields.get("content-range"), undefined);
    const type = answer.fields.get("content-type") ?? "";
    const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(type)?.[1];
    const part = (range: string, content: string): string =>
      `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ${range}/10\r\n\r\n${content}\r\n`;
    assert.equal(answer.text, `${part("0-1", "01")}${part("7-9", "789")}--${boundary}--\r\n`);
  });

  test(`of a file ${kept}, HEAD has the header section of GET in every coding`, async (t) => {
    const { ask } = await serveFolder(
      t,
      { "t.txt": TEXT, "n.txt": TEXT, "n.txt.gz": gzipSync(TEXT) },
      options,
    );
    const dateless = (text: string): string => text.replace(/^Date: .*\r\n/m, "");
    for (const target of ["/t.txt", "/n.txt"]) {
      for (const coding of ["", "br", "gzip"]) {
        const fields = { "Accept-Encoding": coding };
        const get = await ask("GET", target, fields);
        assert.equal(get.status, 200);
        assert.equal(get.fields.get("content-encoding") ?? "", coding);
        assert.equal(dateless((await ask("HEAD", target, fields)).head), dateless(get.head));
      }
    }
  });
}

const readConditions: readonly {
  readonly name: string;
  readonly fields: (etag: string, modified: string) => RequestFields;
  readonly status: number;
}[] = [
  { name: "the present tag", fields: (etag) => ({ "If-None-Match": etag }), status: 304 },
  {
    name: "the present tag made weak, in a list",
    fields: (etag) => ({ "If-None-Match": ['"x"', `W/${etag}`] }),
    status: 304,
  },
  { name: "any tag", fields: () => ({ "If-None-Match": "*" }), status: 304 },
  { name: "another tag", fields: () => ({ "If-None-Match": '"x"' }), status: 200 },
  {
    name: "another tag, which makes the date count for nothing",
    fields: (_, modified) => ({ "If-None-Match": '"x"', "If-Modified-Since": modified }),
    status: 200,
  },
  { name: "its own date", fields: (_, modified) => ({ "If-Modified-Since": modified }), status: 304 },
  {
    name: "an earlier date",
    fields: () => ({ "If-Modified-Since": "Tuesday, 01-Jan-08 00:00:00 GMT" }),
    status: 200,
  },
  { name: "a date that is none", fields: () => ({ "If-Modified-Since": "today" }), status: 200 },
  { name: "If-Match with another tag", fields: () => ({ "If-Match": '"x"' }), status: 412 },
  {
    name: "If-Match first, then If-None-Match",
    fields: (etag) => ({ "If-Match": etag, "If-None-Match": etag }),
    status: 304,
  },
  {
    name: "If-Unmodified-Since an earlier date",
    fields: () => ({ "If-Unmodified-Since": "Tue Jan  1 00:00:00 2008" }),
    status: 412,
  },
];
for (const { name, fields, status } of readConditions) {
  test(`GET and HEAD under a condition (${name}) are answered ${status}`, async (t) => {
    const { ask } = await serveFolder(t, { "t.txt": TEXT });
    const whole = await ask("GET", "/t.txt");
    const condition = fields(whole.fields.get("etag") ?? "", whole.fields.get("last-modified") ?? "");
    const lengths = new Set<string | undefined>();
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(method, "/t.txt", condition);
      assert.equal(answer.status, status);
      lengths.add(answer.fields.get("content-length"));
      assert.equal(lengths.size, 1, "HEAD tells the length of GET's answer");
      if (status !== 304) continue;
      assert.equal(answer.body.length, 0);
      assert.equal(answer.fields.get("content-type"), undefined);
      for (const same of ["etag", "last-modified", "cache-control", "vary"]) {
        assert.equal(answer.fields.get(same), whole.fields.get(same), same);
      }
    }
  });
}

function decoded({ fields, body }: Answer): string {
  switch (fields.get("content-encoding")) {
    case undefined:
      return body.toString();
    case "br":
      return brotliDecompressSync(body).toString();
    case "gzip":
      return gunzipSync(body).toString();
    default:
      throw new Error(`Cannot decode ${fields.get("content-encoding")}`);
  }
}

const codings: readonly {
  readonly accept: string | undefined;
  readonly coding: string | undefined;
  readonly range?: string;
}[] = [
  { accept: undefined, coding: undefined },
  { accept: "", coding: undefined },
  { accept: "gzip, deflate", coding: "gzip" },
  { accept: "gzip, deflate, br", coding: "br" },
  { accept: "gzip;q=1, br;q=0.5", coding: "gzip" },
  { accept: "br;q=0, gzip;q=0, identity", coding: undefined },
  { accept: "identity;q=1, gzip;q=0.5", coding: undefined },
  { accept: "gzip", coding: undefined, range: "bytes=0-" },
  { accept: "br", coding: undefined, range: "lines=1" },
];
for (const { accept, coding, range } of codings) {
  for (const [name, text] of [
    ["small.html", TEXT],
    ["large.txt", LARGE.toString()],
  ] as const) {
    test(`${name} is sent in ${coding ?? "no coding"} for Accept-Encoding "${accept}" ${range ?? ""}`, async (t) => {
      const { ask } = await serveFolder(t, { [name]: text });
      const fields: Record<string, string> = {};
      if (accept !== undefined) fields["Accept-Encoding"] = accept;
      if (range !== undefined) fields.Range = range;
      const plain = await ask("GET", `/${name}`);
      const answer = await ask("GET", `/${name}`, fields);
      assert.equal(answer.fields.get("content-encoding"), coding);
      assert.equal(answer.fields.get("vary"), "Accept-Encoding");
      assert.equal(decoded(answer), text);
      const tag = plain.fields.get("etag") ?? "";
      assert.equal(answer.fields.get("etag"), coding === undefined ? tag : tag.replace(/"$/, `.${coding}"`));
      if (range !== undefined) return;
      const again = await ask("GET", `/${name}`, {
        ...fields,
        "If-None-Match": answer.fields.get("etag") ?? "",
      });
      assert.equal(again.status, 304);
      assert.equal(again.fields.get("vary"), "Accept-Encoding");
      assert.equal(again.fields.get("etag"), answer.fields.get("etag"));
    });
  }
}

test("who accepts no coding and not the file as it is gets 406", async (t) => {
  const { ask } = await serveFolder(t, { "t.txt": TEXT, "p.png": "png" });
  const fields = { "Accept-Encoding": "identity;q=0, *;q=0" };
  assert.equal((await ask("GET", "/t.txt", fields)).status, 406);
  assert.equal((await ask("GET", "/p.png", fields)).status, 200);
});

const uncoded: readonly {
  readonly name: string;
  readonly content: string | Buffer;
  readonly vary: boolean;
}[] = [
  { name: "tiny.txt", content: "x".repeat(1024), vary: true },
  { name: "p.png", content: "x".repeat(5000), vary: false },
  { name: "a.zip", content: "x".repeat(5000), vary: false },
];
for (const { name, content, vary } of uncoded) {
  test(`${name} is never compressed, and ${vary ? "still varies" : "varies by nothing"}`, async (t) => {
    const { ask } = await serveFolder(t, { [name]: content });
    const { fields } = await ask("GET", `/${name}`, { "Accept-Encoding": "gzip, br" });
    assert.equal(fields.get("content-encoding"), undefined);
    assert.equal(fields.get("vary"), vary ? "Accept-Encoding" : undefined);
  });
}

test("with compress off, text is sent as it is, and neighbours still in their coding", async (t) => {
  const files = { "t.txt": TEXT, "n.txt": TEXT, "n.txt.gz": gzipSync(TEXT) };
  const { ask } = await serveFolder(t, files, { compress: false });
  const fields = { "Accept-Encoding": "br, gzip" };
  assert.equal((await ask("GET", "/t.txt", fields)).fields.get("content-encoding"), undefined);
  assert.equal((await ask("GET", "/n.txt", fields)).fields.get("content-encoding"), "gzip");
});

for (const [kept, cacheFileBytes] of [
  ["kept in memory", 262_144],
  ["read from the disk", 0],
] as const) {
  test(`a precompressed neighbour ${kept} is sent in its coding, with a tag of both versions`, async (t) => {
    // What the neighbours hold differs from the file, so that it can be seen which one was sent.
    const files = {
      "n.txt": TEXT,
      "n.txt.br": brotliCompressSync("by br"),
      "n.txt.gz": gzipSync("by gz"),
      "n.txt.zst": "by zst",
    };
    const { ask } = await serveFolder(t, files, { cacheFileBytes, cacheSeconds: 0 });
    const plain = (await ask("GET", "/n.txt")).fields.get("etag") ?? "";
    const tags = new Set([plain]);
    for (const coding of ["br", "gzip"]) {
      const answer = await ask("GET", "/n.txt", { "Accept-Encoding": coding });
      assert.equal(decoded(answer), coding === "br" ? "by br" : "by gz");
      const tag = answer.fields.get("etag") ?? "";
      assert.ok(tag.startsWith(plain.replace(/"$/, `.${coding}.`)), tag);
      tags.add(tag);
      // With it, a client may say which version it writes over.
      assert.equal((await ask("POST", "/n.txt", { "If-Match": '"other"' }, "")).status, 412);
    }
    const zstd = await ask("GET", "/n.txt", { "Accept-Encoding": "zstd" });
    assert.equal(zstd.fields.get("content-encoding"), "zstd");
    assert.equal(zstd.text, "by zst");
    assert.equal(tags.size, 3);
  });
}

test("a neighbour older than its file is ignored, and one that comes later is found", async (t) => {
  const served = await serveFolder(t, { "n.txt": TEXT, "n.txt.gz": gzipSync("stale") }, { cacheSeconds: 0 });
  const { ask, folder } = served;
  await utimes(join(folder, "n.txt.gz"), 1_600_000_000, 1_600_000_000);
  const gzip = { "Accept-Encoding": "gzip" };
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), TEXT);
  await served.write("n.txt.gz", gzipSync("young"));
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), "young");
  await rm(join(folder, "n.txt.gz"));
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), TEXT);
});

test("a neighbour that is written through the server is sent at once", async (t) => {
  const { ask } = await serveFolder(t, { "n.txt": TEXT }, { cacheSeconds: 3600 });
  const gzip = { "Accept-Encoding": "gzip" };
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), TEXT);
  await ask("PUT", "/n.txt.gz", {}, gzipSync("first"));
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), "first");
  await ask("PUT", "/n.txt.gz", {}, gzipSync("second"));
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), "second");
  await ask("DELETE", "/n.txt.gz");
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), TEXT);
  await ask("PUT", "/n.txt.gz", {}, gzipSync("third"));
  // Writing the file itself outdates its neighbour.
  await ask("PUT", "/n.txt", {}, `${TEXT}!`);
  assert.equal(decoded(await ask("GET", "/n.txt", gzip)), `${TEXT}!`);
});

test("the server's own writes show at once, however long files are kept", async (t) => {
  const { ask } = await serveFolder(t, { "a.txt": "0", "dir/index.html": "0" }, { cacheSeconds: 3600 });
  for (let round = 0; round < 20; round += 1) {
    for (const [target, read] of [
      ["/a.txt", "/a.txt"],
      ["/dir/index.html", "/dir/"],
    ] as const) {
      await ask("GET", read);
      const put = await ask("PUT", target, {}, `round ${round}`);
      const get = await ask("GET", read);
      assert.equal(get.text, `round ${round}`);
      assert.equal(get.fields.get("etag"), put.fields.get("etag"));
    }
  }
  await ask("DELETE", "/a.txt");
  assert.equal((await ask("GET", "/a.txt")).status, 404);
});

test("another program's writes show at the next look, even within one tick of its clock", async (t) => {
  const served = await serveFolder(t, { "a.txt": "0000" }, { cacheSeconds: 0 });
  const file = join(served.folder, "a.txt");
  for (let round = 1; round <= 30; round += 1) {
    const content = String(round).padStart(4, "0");
    await writeFile(file, content);
    assert.equal((await served.ask("GET", "/a.txt")).text, content);
  }
  await writeFile(`${file}.new`, "another file");
  await rename(`${file}.new`, file);
  assert.equal((await served.ask("GET", "/a.txt")).text, "another file");
  await rm(file);
  assert.equal((await served.ask("GET", "/a.txt")).status, 404);
});

test("a file replaced by a folder, and a folder by a file, are found out", async (t) => {
  const served = await serveFolder(t, { x: "file" }, { cacheSeconds: 0 });
  assert.equal((await served.ask("GET", "/x")).text, "file");
  await rm(join(served.folder, "x"));
  await served.write("x/index.html", "index");
  assert.equal((await served.ask("GET", "/x")).status, 301);
  assert.equal((await served.ask("GET", "/x/")).text, "index");
  await rm(join(served.folder, "x"), { recursive: true });
  await served.write("x", "file again");
  assert.equal((await served.ask("GET", "/x")).text, "file again");
  assert.equal((await served.ask("GET", "/x/")).status, 404);
});

const redirects = [
  { base: "/", target: "/dir", location: "/dir/" },
  { base: "/", target: "/dir?a=b&c", location: "/dir/?a=b&c" },
  { base: "/", target: "/%ED%8F%B4%EB%8D%94?", location: "/%ED%8F%B4%EB%8D%94/?" },
  { base: "/files", target: "/files?x", location: "/files/?x" },
  { base: "/files", target: "/files/dir", location: "/files/dir/" },
];
for (const { base, target, location } of redirects) {
  test(`GET ${target} under ${base} leads to ${location}`, async (t) => {
    const { ask } = await serveFolder(t, { "dir/x": "", "폴더/x": "" }, { base });
    for (const method of ["GET", "HEAD"]) {
      const answer = await ask(method, target);
      assert.equal(answer.status, 301);
      assert.equal(answer.fields.get("location"), location);
    }
  });
}

test("a Korean name is served with its type", async (t) => {
  const { ask } = await serveFolder(t, { "노트/안녕 하세요.txt": "안녕" });
  const target = `/${encodeURIComponent("노트")}/${encodeURIComponent("안녕 하세요.txt")}`;
  const answer = await ask("GET", target);
  assert.equal(answer.text, "안녕");
  assert.equal(answer.fields.get("content-type"), "text/plain; charset=utf-8");
  assert.equal((await ask("GET", target.toLowerCase())).text, "안녕");
});

test("an empty file has an empty body, and no range of it can be sent", async (t) => {
  for (const options of [{}, { cacheFileBytes: -1 }]) {
    const { ask } = await serveFolder(t, { "e.txt": "" }, options);
    const whole = await ask("GET", "/e.txt");
    assert.equal(whole.status, 200);
    assert.equal(whole.fields.get("content-length"), "0");
    assert.equal((await ask("GET", "/e.txt", { Range: "bytes=0-" })).status, 416);
  }
});

test("a large file comes whole, in ranges and in several ranges, and is closed each time", async (t) => {
  const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
  const watched = await watch(t, { "b.bin": content });
  const { ask } = watched.served;
  assert.ok((await ask("GET", "/b.bin")).body.equals(content));
  const middle = await ask("GET", "/b.bin", { Range: "bytes=1000000-2500000" });
  assert.ok(middle.body.equals(content.subarray(1_000_000, 2_500_001)));
  const parts = await ask("GET", "/b.bin", { Range: "bytes=0-1099999,2000000-2000001" });
  assert.ok(parts.body.includes(content.subarray(0, 1_100_000)));
  assert.equal((await ask("GET", "/b.bin", { Range: "bytes=3000000-" })).status, 416);
  assert.equal((await ask("HEAD", "/b.bin")).fields.get("content-length"), "3000000");
  assert.ok(watched.opened > 0);
  await watched.allClosed();
});

test("a client that leaves in the middle of a large file has it closed", async (t) => {
  const watched = await watch(t, {
    "b.bin": Buffer.alloc(30_000_000),
    "t.txt": Buffer.alloc(30_000_000, "text "),
  });
  for (const [target, accept] of [
    ["/b.bin", "identity"],
    ["/t.txt", "gzip"],
  ]) {
    const socket = await watched.served.connect();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${accept}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
  }
  await watched.allClosed();
});

interface Watched {
  readonly served: ServedFolder;
  readonly opened: number;
  /** Settles when every file that was opened has been closed. */
  allClosed(): Promise<void>;
}

/** A served folder that counts its open files, by the tree it is served from. */
async function watch(t: TestContext, files: { readonly [name: string]: Uint8Array }): Promise<Watched> {
  const served = await serveFolder(t, files);
  const { tree } = served;
  let opened = 0;
  let open = 0;
  let told: (() => void) | undefined;
  const original = tree.open.bind(tree);
  tree.open = async (path): Promise<OpenFile | undefined> => {
    const file = await original(path);
    if (file === undefined) return undefined;
    opened += 1;
    open += 1;
    const close = file.close.bind(file);
    let closed = false;
    file.close = async () => {
      await close();
      if (!closed) open -= 1;
      closed = true;
      if (open === 0) told?.();
    };
    return file;
  };
  return {
    served,
    get opened() {
      return opened;
    },
    allClosed: () =>
      new Promise((resolve) => {
        told = resolve;
        if (open === 0) resolve();
      }),
  };
}

/** A request without a connection: for what can be seen of a handler only from within. */
function requestOf(method: string, target: string, fields: RequestFields = {}): Request {
  return {
    method,
    rawTarget: target,
    target: parseTarget(method, target),
    authority: "localhost",
    version: "1.1",
    fields: new Fields(fields),
    body: undefined as unknown as Body,
    trailers: new Fields(),
    remote: { address: "", port: 0 },
    local: { address: "", port: 0 },
    signal: new AbortController().signal,
    stopping: new AbortController().signal,
    interim: () => undefined,
  };
}

/** Opens a tree on a folder, and notes what is asked of it. */
async function openCounted(
  t: TestContext,
  folder: string,
): Promise<{ readonly tree: Tree; readonly calls: string[] }> {
  const tree = await openFolderTree(folder);
  t.after(() => tree.close());
  const calls: string[] = [];
  const [stat, open] = [tree.stat.bind(tree), tree.open.bind(tree)];
  tree.stat = (path): Promise<Info | undefined> => {
    calls.push(`stat ${path.join("/")}`);
    return stat(path);
  };
  tree.open = (path): Promise<OpenFile | undefined> => {
    calls.push(`open ${path.join("/")}`);
    return open(path);
  };
  return { tree, calls };
}

test("a kept file is answered at once, by the same answer, with no look at the disk", async (t) => {
  const { folder } = await serveFolder(t, { "a.bin": "content", "t.txt": TEXT });
  const { tree, calls } = await openCounted(t, folder);
  const handler = filesHandler(tree, { cacheSeconds: 3600 });
  const first = await handler(requestOf("GET", "/a.bin"));
  await handler(requestOf("GET", "/t.txt", { "Accept-Encoding": "gzip" }));
  calls.length = 0;
  for (const target of ["/a.bin", "/a.bin?v=1", "/%61.bin"]) {
    const answer = await handler(requestOf("GET", target));
    assert.equal(answer, first);
  }
  for (const request of [
    requestOf("GET", "/a.bin?v=2"),
    requestOf("HEAD", "/a.bin"),
    requestOf("GET", "/a.bin", { Range: "bytes=1-2" }),
    requestOf("GET", "/a.bin", { "If-None-Match": "*" }),
    requestOf("GET", "/t.txt", { "Accept-Encoding": "gzip" }),
    requestOf("GET", "/t.txt"),
  ]) {
    assert.ok(handler(request) instanceof Response);
  }
  assert.deepEqual(calls, []);
});

test("requests that come together share one look and one read", async (t) => {
  const { folder } = await serveFolder(t, { "a.bin": "content" });
  const { tree, calls } = await openCounted(t, folder);
  const handler = filesHandler(tree);
  const answers = await Promise.all(Array.from({ length: 50 }, () => handler(requestOf("GET", "/a.bin"))));
  assert.equal(new Set(answers).size, 1);
  assert.deepEqual(calls, ["stat a.bin", "open a.bin"]);
});

test("a check that is due costs one look when nothing has changed", async (t) => {
  const { folder } = await serveFolder(t, { "a.bin": "content" });
  await utimes(join(folder, "a.bin"), 1_700_000_000, 1_700_000_000);
  const { tree, calls } = await openCounted(t, folder);
  const handler = filesHandler(tree, { cacheSeconds: 0 });
  const first = await handler(requestOf("GET", "/a.bin"));
  calls.length = 0;
  assert.equal(await handler(requestOf("GET", "/a.bin")), first);
  assert.deepEqual(calls, ["stat a.bin"]);
});
