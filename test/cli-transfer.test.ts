// `sockeye import` and `sockeye export`, as a user meets them.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { type Ended, noTerminal, sockeye, sockeyeOnTerminal } from "./fixtures/client-command.ts";
import { serve as serveCommand, stop } from "./fixtures/command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();

/** A server that ends with its test, however that ends. */
async function serve(t: TestContext, args: readonly string[]): ReturnType<typeof serveCommand> {
  const server = await serveCommand(args);
  t.after(() => server.child.kill("SIGKILL"));
  return server;
}

const at = (name: string): string => join(folder.path, name);

const ZOO = {
  Pingping: { type: "snail", age: "1" },
  나비: { type: "고양이", age: "2" },
};
const TEXT = `{
"Pingping": {"type":"snail","age":"1"},
"나비": {"type":"고양이","age":"2"}
}
`;

before(async () => {
  await writeFile(at("zoo.json"), JSON.stringify(ZOO));
  await writeFile(at("more.json"), '{"Bowbow": {"type": "dog"}, "Pingping": {"type": "slug"}}');
  await writeFile(at("schema.json"), '{"properties": {"age": {"type": "string"}}, "required": ["age"]}');
});

const command = (...args: readonly string[]): Promise<Ended> => sockeye(args, { cwd: folder.path });

async function exported(store: string): Promise<unknown> {
  const { code, stdout, stderr } = await command("export", store);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout.toString());
}

test("what was imported is exported again, in its order, to a file and to standard output", async () => {
  const imported = await command("import", "zoo.json", "round");
  assert.equal(imported.code, 0, imported.stderr);
  assert.equal(imported.stdout.toString(), "");
  assert.match(imported.stderr, /^Imported 2 records into round, in \S+ \S+\n$/);
  const toOutput = await command("export", "round");
  assert.equal(toOutput.stdout.toString(), TEXT);
  assert.match(toOutput.stderr, /^Exported round: \d+ B in \S+ \S+\n$/);
  assert.equal((await command("export", "round", "-")).stdout.toString(), TEXT);
  const toFile = await command("export", "round", "out.json");
  assert.equal(toFile.code, 0, toFile.stderr);
  assert.equal(toFile.stdout.toString(), "");
  assert.match(toFile.stderr, /^Exported round to out\.json: \d+ B in /);
  assert.equal(await readFile(at("out.json"), "utf8"), TEXT);
  assert.ok(!(await readdir(folder.path)).some((name) => name.includes("sockeye-part")));
});

test("standard input is imported, and stays a file of its own to standard output", async () => {
  const { code, stderr } = await sockeye(["import", "-", at("piped")], { stdin: Buffer.from(TEXT) });
  assert.equal(code, 0, stderr);
  assert.deepEqual(await exported("piped"), ZOO);
});

for (const { flags, code, says, is } of [
  {
    flags: [],
    code: 1,
    says: /^sockeye: Cannot import more\.json, line 1: there is a record "Pingping" already\. .* --replace lets .* --keep leaves/,
    is: { ...ZOO, Bowbow: { type: "dog" } },
  },
  {
    flags: ["--keep"],
    code: 0,
    says: /^Imported 1 record into \S+, left 1 record as it was, in /,
    is: { ...ZOO, Bowbow: { type: "dog" } },
  },
  {
    flags: ["--replace"],
    code: 0,
    says: /^Imported 2 records into /,
    is: { ...ZOO, Bowbow: { type: "dog" }, Pingping: { type: "slug" } },
  },
]) {
  const name = flags[0] ?? "neither --keep nor --replace";
  test(`with ${name}, a record that is there already is treated so`, async () => {
    const store = `existing${flags.join("")}`;
    await command("import", "zoo.json", store);
    const ended = await command("import", "more.json", store, ...flags);
    assert.match(ended.stderr, says);
    assert.equal(ended.code, code);
    assert.deepEqual(await exported(store), is);
  });
}

test("a record that breaks the schema ends the import, and says where", async () => {
  const good = await command("import", "zoo.json", "strict", "--schema", "schema.json");
  assert.equal(good.code, 0, good.stderr);
  await writeFile(at("bad.json"), '{\n"A": {"age": "1"},\n"B": {"age": 2}\n}');
  const { code, stderr } = await command("import", "bad.json", "strict", "--schema", "schema.json");
  assert.match(stderr, /^sockeye: Cannot import bad\.json, line 3: "B" .*\/age must be a text/);
  assert.equal(code, 1);
});

test("Ctrl-C ends an import with 130, and it says how many records are in the store", async () => {
  const text = Array.from({ length: 30_000 }, (_, index) => `"달팽이 ${index}": {"type": "snail"},\n`).join(
    "",
  );
  const { code, stderr } = await sockeye(["import", "-", at("broken-off")], {
    stdin: "silent",
    // When it has been taken, but for what a pipe holds, the import is under way.
    onStart: (child) => void child.stdin?.write(`{${text}`, () => child.kill("SIGINT")),
  });
  assert.equal(code, 130, stderr);
  const said = /^sockeye: Interrupted: ([\d,]+) records of standard input are in \S+broken-off\n$/.exec(
    stderr,
  );
  const there = Object.keys((await exported(at("broken-off"))) as object);
  assert.equal(said?.[1], there.length.toLocaleString("en"), stderr);
  assert.equal(there.at(-1), `달팽이 ${there.length - 1}`);
});

test("import works while a server has the store open, which shows the records at once", async (t) => {
  const server = await serve(t, ["-m", `/zoo=records:${at("open")}`]);
  assert.equal((await command("import", "zoo.json", "open")).code, 0);
  const { stdout } = await sockeye([`:${server.port}/zoo/`]);
  assert.deepEqual(JSON.parse(stdout.toString()), ZOO);
  assert.deepEqual(await exported("open"), ZOO);
  await stop(server);
});

test("a file that is there is replaced with --force only", async () => {
  await command("import", "zoo.json", "force");
  await writeFile(at("mine.json"), "mine");
  const refused = await command("export", "force", "mine.json");
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /Cannot export force to mine\.json: there is such a file\. --force replaces it/,
  );
  assert.equal(await readFile(at("mine.json"), "utf8"), "mine");
  assert.equal((await command("export", "force", "mine.json", "--force")).code, 0);
  assert.equal(await readFile(at("mine.json"), "utf8"), TEXT);
});

before(async () => {
  await writeFile(at("broken.json"), '{\n"A": {"age": 1},\n"B": {"age": }\n}');
  await mkdir(at("folder"));
});
for (const { args, code, says } of [
  {
    args: ["import", "zoo.json", ":memory:"],
    code: 2,
    says: /:memory: is in the memory of a running server/,
  },
  { args: ["export", ":memory:zoo"], code: 2, says: /:memory:zoo is in the memory of a running server/ },
  { args: ["export", "nowhere"], code: 1, says: /Cannot open the store nowhere: there is no such store/ },
  { args: ["export", "folder"], code: 1, says: /Cannot open the store folder: there is no such store/ },
  {
    args: ["import", "nothing.json", "x"],
    code: 2,
    says: /Cannot read nothing\.json: there is no such file/,
  },
  { args: ["import", "zoo.json"], code: 2, says: /missing required argument 'store'/ },
  { args: ["import", "broken.json", "y"], code: 1, says: /Cannot import broken\.json, line 3, column 14: / },
  { args: ["import", "zoo.json", "z", "--keep", "--replace"], code: 2, says: /cannot be used with/ },
  { args: ["import", "zoo.json", "z", "--schema", "no.json"], code: 2, says: /Cannot read no\.json/ },
  {
    args: ["import", "zoo.json", "z", "--schema", "broken.json"],
    code: 2,
    says: /schema broken\.json: it is no JSON at line 3/,
  },
  {
    args: ["import", "zoo.json", "zoo.json"],
    code: 1,
    says: /Cannot open the store .*zoo\.json: it is a file/,
  },
]) {
  test(`sockeye ${args.join(" ")} ends with ${code} and says why`, async () => {
    const ended = await command(...args);
    assert.match(ended.stderr, says);
    assert.doesNotMatch(ended.stderr, /\n {4}at /);
    assert.equal(ended.stdout.toString(), "");
    assert.equal(ended.code, code);
  });
}

test("a refused command leaves no store behind", async () => {
  const names = await readdir(folder.path);
  for (const name of ["nowhere", "x", "z"]) assert.ok(!names.includes(name), name);
  assert.deepEqual(await readdir(at("folder")), []);
});

test("on a terminal, the summary stands alone on its line", { skip: noTerminal }, async () => {
  const { code, stdout } = await sockeyeOnTerminal(["import", "zoo.json", "seen"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.match(stdout.toString(), /(?:^|\x1b\[K)Imported 2 records into seen, in [^\r\n]*\r\n$/);
});
