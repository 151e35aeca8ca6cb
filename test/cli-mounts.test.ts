// All kinds of mount in one server, as it is started from the command line and asked with Sockeye's own client.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { type Ended, sockeye } from "./fixtures/client-command.ts";
import { type Running, run, serve as serveCommand, stop } from "./fixtures/command.ts";
import { RawClient } from "./fixtures/raw-client.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();

/** A server that ends with its test, however that ends. */
async function serve(t: TestContext, args: readonly string[]): ReturnType<typeof serveCommand> {
  const server = await serveCommand(args);
  t.after(() => server.child.kill("SIGKILL"));
  return server;
}

const at = (...names: string[]): string => join(folder.path, ...names);

const SCHEMA = {
  type: "object",
  properties: { type: { type: "string" }, age: { type: "string" }, leg: { type: "string" } },
  required: ["type", "age", "leg"],
};

before(async () => {
  await mkdir(at("site"));
  await mkdir(at("pages"));
  await writeFile(at("site", "hello.txt"), "hello\n");
  await writeFile(at("pages", "test.html"), "<body>\n  <p>old</p>\n</body>\n");
  await writeFile(at("schema.json"), JSON.stringify(SCHEMA));
});

/** Every kind, on stores in a folder of their own. */
function allKinds(stores: string): string[] {
  return [
    `/=files:${at("site")}`,
    `/pages=pages:${at("pages")}`,
    `/kv=kv:${join(stores, "values")}`,
    `/form=form:${join(stores, "values")}`,
    `/animals=records:${join(stores, "animals")},schema=${at("schema.json")}`,
  ].flatMap((mount) => ["--mount", mount]);
}

/** Runs `sockeye WORDS` and gives what it prints; `body` is its standard input. */
async function ask(words: readonly string[], body?: string): Promise<string> {
  const ended = await sockeye(
    ["--check-status", ...words],
    body === undefined ? {} : { stdin: Buffer.from(body) },
  );
  assert.equal(ended.code, 0, `sockeye ${words.join(" ")}: ${ended.stderr}${ended.stdout.toString()}`);
  return ended.stdout.toString();
}

async function status(words: readonly string[], body?: string): Promise<number> {
  const { stdout }: Ended = await sockeye(
    ["--print=h", ...words],
    body === undefined ? {} : { stdin: Buffer.from(body) },
  );
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(stdout.toString())?.[1]);
}

const KEY = encodeURIComponent("강/이름");

async function writeToAll({ port }: { readonly port: number }): Promise<void> {
  await ask(["PUT", `:${port}/introduce-myself.txt`], "Hello my name is Kim");
  await ask(["PATCH", `:${port}/pages/test.html`, "Content-Type:text/plain"], "This is test");
  await ask(["PUT", `:${port}/kv/${KEY}`, "Content-Type:text/plain"], "한강");
  await ask(["POST", `:${port}/form/create`, "Content-Type:text/plain"], "ID: 20182793&Grade: A");
  await ask(["PUT", `:${port}/animals/Pingping`, "type=snail", "age=1", "leg=0"]);
}

async function readFromAll({ port }: { readonly port: number }): Promise<void> {
  assert.equal(await ask([`:${port}/introduce-myself.txt`]), "Hello my name is Kim");
  assert.match(await ask([`:${port}/pages/test.html`]), /<body>\n {2}<h2>This is test<\/h2>\n {2}<p>old/);
  assert.equal(await ask([`:${port}/kv/${KEY}`]), "한강");
  assert.equal(await ask([`:${port}/kv/ID`]), "20182793");
  assert.match(
    await ask([`:${port}/form`]),
    /^The data in DB is as follows\.\r?\n강\/이름:한강\r?\nID:20182793\r?\nGrade:A/,
  );
  assert.deepEqual(JSON.parse(await ask([`:${port}/animals/Pingping`])), {
    Pingping: { type: "snail", age: "1", leg: "0" },
  });
}

for (const [name, end] of [
  ["stopped in good order", stop],
  [
    "killed",
    async ({ child, finished }: Running): Promise<void> => {
      child.kill("SIGKILL");
      await finished;
    },
  ],
] as const) {
  test(`what was written through any kind is there again after the server was ${name}`, async (t) => {
    const stores = at(`stores ${name}`);
    await writeFile(at("pages", "test.html"), "<body>\n  <p>old</p>\n</body>\n");
    const first = await serve(t, allKinds(stores));
    await writeToAll(first);
    await readFromAll(first);
    await end(first);
    const second = await serve(t, allKinds(stores));
    await readFromAll(second);
    assert.equal((await stop(second)).code, 0);
  });
}

test("a key-value mount and a form on one store show the same data at the same time, also by two names", async (t) => {
  await mkdir(at("twice"));
  await symlink(at("twice"), at("link"));
  const server = await serve(t, ["-m", `/kv=kv:${at("twice")}`, "-m", `/form=form:${at("link")}`]);
  await ask(["PUT", `:${server.port}/kv/name`, "Content-Type:text/plain"], "Kim");
  assert.match(await ask([`:${server.port}/form`]), /\nname:Kim/);
  await ask(["PUT", `:${server.port}/form/update`, "Content-Type:text/plain"], "name: Lee");
  assert.equal(await ask([`:${server.port}/kv/name`]), "Lee");
  await stop(server);
});

test("two mounts of records on two stores know nothing of each other", async (t) => {
  const server = await serve(t, ["-m", `/a=records:${at("one")}`, "-m", `/b=records:${at("two")}`]);
  await ask(["PUT", `:${server.port}/a/x`, "of=a"]);
  await ask(["PUT", `:${server.port}/b/y`, "of=b"]);
  assert.deepEqual(JSON.parse(await ask([`:${server.port}/a/`])), { x: { of: "a" } });
  assert.deepEqual(JSON.parse(await ask([`:${server.port}/b/`])), { y: { of: "b" } });
  await stop(server);
});

test("two servers on one store see each other's writes, and the one that goes on has them all", async (t) => {
  const mount = ["-m", `/kv=kv:${at("shared")}`];
  const [one, other] = await Promise.all([serve(t, mount), serve(t, mount)]);
  await ask(["PUT", `:${one.port}/kv/a`], "from one");
  assert.equal(await ask([`:${other.port}/kv/a`]), "from one");
  await ask(["PUT", `:${other.port}/kv/b`], "from the other");
  assert.equal(await status(["PUT", `:${one.port}/kv/b`, "If-None-Match:*"], "too late"), 412);
  await stop(one);
  assert.equal(await ask([`:${other.port}/kv/b`]), "from the other");
  await ask(["PUT", `:${other.port}/kv/c`], "alone");
  await stop(other);
});

test("a store in memory is shared by its name, told in the greeting, and gone with the server", async (t) => {
  const mounts = ["/kv=kv::memory:", "/form=form::memory:", "/a=kv::memory:a", "/b=kv::memory:b"];
  const args = mounts.flatMap((mount) => ["-m", mount]);
  const first = await serve(t, args);
  await first.printed(/What is kept in :memory: is gone when the server stops\./);
  assert.match(first.output(), /\/kv +kv +:memory: +\(read and write, in memory\)/);
  await ask(["PUT", `:${first.port}/kv/x`], "1");
  assert.match(await ask([`:${first.port}/form`]), /\nx:1/);
  await ask(["PUT", `:${first.port}/a/x`], "1");
  assert.equal(await status([`:${first.port}/b/x`]), 404);
  await stop(first);
  const second = await serve(t, args);
  assert.equal(await status([`:${second.port}/kv/x`]), 404);
  await stop(second);
  assert.ok(!(await readdir(".")).some((name) => name.startsWith(":memory:")));
});

describe("a server without anything at /", () => {
  test("lists its mounts there, and greets with the URL of each", async (t) => {
    const server = await serve(t, [
      ...["-m", `/docs=files:${at("site")},read-only`, "-m", "/강=kv::memory:"],
    ]);
    const url = `http://127.0.0.1:${server.port}`;
    await server.printed(/Ctrl-C stops it/);
    for (const line of [`  ${url}/\n`, `  ${url}/docs/\n`, `  ${url}/${encodeURIComponent("강")}/\n`]) {
      assert.ok(server.output().includes(line), `${line} in ${server.output()}`);
    }
    assert.match(server.output(), /\/docs {2}files {2}.*site {2}\(read only\)\n/);
    const list = JSON.parse(await ask([url])) as { path: string; kind: string; methods: string[] }[];
    assert.deepEqual(
      list.map(({ path, kind }) => [path, kind]),
      [
        [encodeURI("/강"), "kv"],
        ["/docs", "files"],
      ],
    );
    assert.deepEqual(list[1]?.methods, ["GET", "HEAD", "OPTIONS"]);
    assert.match(await ask([url, "Accept:text/plain"]), /^\/강 +kv +GET HEAD/);
    assert.match(await ask(["OPTIONS", `:${server.port}*`, "--print=h"]), /^Allow: .*PUT.*DELETE/m);
    assert.match(await ask(["OPTIONS", url, "--print=h"]), /^Allow: GET, HEAD, OPTIONS$/m);
    assert.equal(await status([`${url}/nothing`]), 404);
    assert.equal(await status(["PUT", `${url}/강/키`], "한글"), 201);
    await stop(server);
  });
});

describe("END", () => {
  const end = async (port: number): Promise<number> => {
    const client = await RawClient.open(port);
    client.send(`END /form HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    const answer = await client.answer("END");
    client.destroy();
    return answer.status;
  };

  test("stops the server in good order with --allow-end", async (t) => {
    const server = await serve(t, ["-m", "/form=form::memory:", "--allow-end"]);
    assert.equal(await end(server.port), 200);
    const { code, stdout } = await server.finished;
    assert.equal(code, 0);
    assert.match(stdout, /A client sent END: stopping\./);
  });

  test("is a method like any unknown one without it", async (t) => {
    const server = await serve(t, ["-m", "/form=form::memory:"]);
    assert.equal(await end(server.port), 405);
    assert.equal(await status([`:${server.port}/form`]), 200);
    await stop(server);
  });
});

test("a form answers for its hosts itself; other mounts do not", async (t) => {
  const server = await serve(t, [
    "-m",
    "/form=form::memory:",
    "-m",
    "/kv=kv::memory:",
    "--allow-host",
    "db.example",
  ]);
  const ask = async (path: string, host: string): Promise<string> => {
    const client = await RawClient.open(server.port);
    client.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const answer = await client.answer();
    client.destroy();
    return `${answer.status} ${answer.body}`;
  };
  assert.match(await ask("/form", "127.0.0.1"), /^200 No data in DB/);
  assert.match(await ask("/form", "db.example"), /^200 No data in DB/);
  assert.match(await ask("/form", "evil.example"), /^400 Not allowed host: evil\.example/);
  assert.match(await ask("/kv/", "evil.example"), /^421 /);
  await stop(server);
});

describe("what a mount is told", () => {
  test("is about that mount alone", async (t) => {
    const server = await serve(t, [
      ...["-m", `/kv=kv:${at("limits")},max-value=10B`, "-m", `/ro=kv:${at("limits")},read-only`],
      ...["-m", "/r=records::memory:,max-body=64,max-depth=2"],
    ]);
    assert.equal(await status(["PUT", `:${server.port}/kv/a`], "0123456789"), 201);
    assert.equal(await status(["PUT", `:${server.port}/kv/b`], "0123456789+"), 413);
    assert.equal(await status(["PUT", `:${server.port}/ro/a`], "x"), 405);
    assert.equal(await ask([`:${server.port}/ro/a`]), "0123456789");
    assert.equal(await status(["PUT", `:${server.port}/r/a`, "a:={}"]), 201);
    assert.equal(await status(["PUT", `:${server.port}/r/a`, 'a:={"b":{}}']), 400);
    assert.equal(await status(["PUT", `:${server.port}/r/a`, `a=${"x".repeat(64)}`]), 413);
    await stop(server);
  });

  test("--read-only is about all of them", async (t) => {
    const server = await serve(t, ["--read-only", ...["-m", "/kv=kv::memory:", "-m", "/r=records::memory:"]]);
    assert.equal(await status(["PUT", `:${server.port}/kv/a`], "x"), 405);
    assert.equal(await status(["PUT", `:${server.port}/r/a`, "x=1"]), 405);
    assert.doesNotMatch(await ask(["OPTIONS", `:${server.port}*`, "--print=h"]), /PUT|POST|DELETE/);
    await stop(server);
  });
});

describe("a server that cannot be", () => {
  before(async () => {
    await writeFile(at("broken.json"), '{\n  "type": "object",\n  "required": [type]\n}\n');
    await writeFile(at("list.json"), "[1]");
    await writeFile(at("wrong.json"), '{"type": "animal"}');
    await mkdir(at("no store"));
    await writeFile(
      at("no store", "data.mdb"),
      "this is not a database, whatever its name says\n".repeat(500),
    );
    await writeFile(at("a file"), "");
  });

  const records = (schema: string): string => `/a=records::memory:,schema=${at(schema)}`;
  const cases: readonly { readonly mount: () => string; readonly code: number; readonly says: RegExp }[] = [
    {
      mount: () => "/a=kv:x,schema=y",
      code: 2,
      says: /Cannot mount kv at \/a: it has no option "schema"\. Options of kv: read-only, max-value=BYTES/,
    },
    {
      mount: () => "/a=kv:x,max-value=big",
      code: 2,
      says: /max-value takes a number of bytes, such as 16MiB/,
    },
    {
      mount: () => records("nowhere.json"),
      code: 2,
      says: /Cannot read .*nowhere\.json: there is no such file/,
    },
    {
      mount: () => records("broken.json"),
      code: 2,
      says: /Cannot use the schema .*broken\.json: it is no JSON at line 3, column 16: /,
    },
    { mount: () => records("list.json"), code: 2, says: /Cannot use the schema .*list\.json: .*object/ },
    { mount: () => records("wrong.json"), code: 2, says: /Cannot use the schema .*wrong\.json: .*type/ },
    {
      mount: () => `/a=kv:${at("never,raed-only")}`,
      code: 2,
      says: /no option "raed-only"\. Options of kv:/,
    },
    {
      mount: () => `/a=files:${at("site,raed-only")}`,
      code: 1,
      says: /no option "raed-only"\. Options of files:/,
    },
    {
      mount: () => "/a=kv:mysql://kim:secret@db/x",
      code: 2,
      says: /Cannot open a store at mysql:\/\/…: a store is/,
    },
    {
      mount: () => `/a=kv:${at("no store")}`,
      code: 1,
      says: /Cannot open the store .*no store: its data\.mdb is not one of LMDB's files/,
    },
    {
      mount: () => `/a=kv:${at("a file")}`,
      code: 1,
      says: /Cannot open the store .*a file: it is a file; a store is a folder/,
    },
  ];
  for (const { mount, code, says } of cases) {
    test(`says why: ${says.source}`, async () => {
      const ended = await run(["serve", "--port", "0", "-m", mount()]);
      assert.match(ended.stderr, says);
      assert.doesNotMatch(ended.stderr, /secret|\n {4}at /);
      assert.equal(ended.code, code);
      assert.equal(ended.stdout, "");
    });
  }

  test("leaves no store behind that only a slip of the pen named", async () => {
    assert.ok(!(await readdir(folder.path)).some((name) => name.includes("raed-only")));
    assert.match(await readFile(at("no store", "data.mdb"), "utf8"), /^this is not a database/);
  });
});

test("sockeye help mounts tells every kind with its options, and serve --help where to find it", async () => {
  const { code, stdout } = await run(["help", "mounts"]);
  assert.equal(code, 0);
  for (const kind of ["files:DIR", "pages:DIR", "kv:STORE", "form:STORE", "records:STORE"]) {
    assert.match(stdout, new RegExp(`^${kind}  `, "m"));
  }
  assert.match(stdout, /^ {2}schema=FILE +JSON Schema/m);
  assert.match((await run(["serve", "--help"])).stdout, /more: sockeye help mounts/);
});
