// What `npm start` runs behind the build, in a folder of its own.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sockeye } from "./fixtures/client-command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = temporaryFolder();

before(async () => {
  await mkdir(join(folder.path, "cwd"));
  for (const name of ["demo", "scripts"]) {
    await cp(join(root, name), join(folder.path, name), { recursive: true });
  }
  await symlink(join(root, "dist"), join(folder.path, "dist"), "junction");
});

interface Demo {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startDemo(t: TestContext): Promise<Demo> {
  const script = join(folder.path, "scripts", "start.mjs");
  const child = spawn(process.execPath, [script, "--port", "0"], {
    cwd: join(folder.path, "cwd"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  let text = "";
  for await (const piece of child.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += piece;
    const url = /(http:\/\/[^\s/]+)\/\n[\s\S]*Ctrl-C stops it/.exec(text)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url };
  }
  throw new Error(`Cannot start the demo: it ended after ${JSON.stringify(text)}`);
}

async function stopDemo({ child }: Demo): Promise<void> {
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  if (process.platform !== "win32") assert.equal(code, 0);
}

async function get(url: string): Promise<string> {
  const { code, stdout, stderr } = await sockeye(["--check-status", "--follow", url]);
  assert.equal(code, 0, `${url}: ${stderr}${stdout.toString()}`);
  return stdout.toString();
}

test("the demo serves all that its page links to, and keeps what was written and deleted", async (t) => {
  const first = await startDemo(t);
  const page = await readFile(join(root, "demo", "index.html"), "utf8");
  const links = [...page.matchAll(/<a href="([^"]+)"/g)].map(
    ([, href = ""]) => new URL(href, `${first.url}/`),
  );
  assert.ok(links.length > 10);
  for (const { href } of links) await get(href);
  const animals = JSON.parse(await get(`${first.url}/animals/`)) as { readonly [name: string]: unknown };
  assert.deepEqual(animals.Pingping, { type: "snail", age: "1", leg: "0" });
  assert.equal((await sockeye(["--check-status", "DELETE", `${first.url}/animals/Meow`])).code, 0);
  assert.equal((await sockeye(["--check-status", "PUT", `${first.url}/kv/x`, "y=1"])).code, 0);
  await stopDemo(first);

  const second = await startDemo(t);
  const { Meow: _gone, ...left } = animals;
  assert.deepEqual(JSON.parse(await get(`${second.url}/animals/`)), left);
  assert.match(await get(`${second.url}/form`), /\nx:\{"y": ?"1"\}/);
  await stopDemo(second);
});

test("the schema of the demo names, for a person, the fields to ask for in their order", async () => {
  const { type, ...schema } = JSON.parse(await readFile(join(root, "demo/animals.schema.json"), "utf8"));
  assert.equal(type, "object");
  assert.deepEqual(Object.keys(schema.properties), ["type", "age", "leg"]);
  assert.deepEqual(schema.required, ["type", "age", "leg"]);
  for (const property of Object.values(schema.properties) as { title?: string; description?: string }[]) {
    assert.ok(property.title && property.description);
  }
});
