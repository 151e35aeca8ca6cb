import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { testTree } from "../tree.contract.ts";
import type { OpenFile, Tree, TreePath } from "../tree.ts";
import { self, temporaryName } from "./temporary.ts";
import { type FolderTreeOptions, openFolderTree } from "./tree.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** All that is below a folder, links not followed. */
async function names(root: string, above = ""): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await fs.readdir(join(root, above), { withFileTypes: true })) {
    const name = join(above, entry.name);
    found.push(name, ...(entry.isDirectory() ? await names(root, name) : []));
  }
  return found.sort();
}

testTree("a folder", async () => {
  const root = await fs.mkdtemp(join(tmpdir(), "sockeye-tree-"));
  return {
    tree: await openFolderTree(root),
    names: () => names(root),
    remove: () => fs.rm(root, { recursive: true }),
  };
});

interface Ground {
  /** The folder of the tree; `outside` lies beside it. */
  readonly root: string;
  readonly outside: string;
  open(options?: FolderTreeOptions): Promise<Tree>;
}

function onFolder(title: string, body: (ground: Ground, context: TestContext) => Promise<void>): void {
  test(title, async (context) => {
    const base = await fs.mkdtemp(join(tmpdir(), "sockeye-tree-"));
    const root = join(base, "root");
    const outside = join(base, "outside");
    await fs.mkdir(root);
    await fs.mkdir(outside);
    const trees: Tree[] = [];
    async function open(options?: FolderTreeOptions): Promise<Tree> {
      const tree = await openFolderTree(root, options);
      trees.push(tree);
      return tree;
    }
    try {
      await body({ root, outside, open }, context);
    } finally {
      for (const tree of trees) await tree.close();
      await fs.rm(base, { recursive: true });
    }
  });
}

async function textOf(tree: Tree, path: TreePath): Promise<string | undefined> {
  const file = await tree.open(path);
  try {
    return file && Buffer.from(await file.bytes()).toString();
  } finally {
    await file?.close();
  }
}

onFolder("a folder that is not there, or is a file, cannot be opened", async ({ root }) => {
  await fs.writeFile(join(root, "file"), "x");
  await assert.rejects(openFolderTree(join(root, "none")), { code: "NOT_FOUND" });
  await assert.rejects(openFolderTree(join(root, "file")), { code: "NOT_A_FOLDER" });
});

onFolder("a read-only tree reads, and writes nothing", async ({ root, open }) => {
  await fs.writeFile(join(root, "a"), "x");
  await fs.writeFile(join(root, temporaryName({ ...self(), start: "0" }, 1)), "x");
  const tree = await open({ readOnly: true });
  assert.equal(await textOf(tree, ["a"]), "x");
  const error = { code: "READ_ONLY" };
  await assert.rejects(tree.replace(["a"], bytes("y")), error);
  await assert.rejects(tree.append(["a"], bytes("y")), error);
  await assert.rejects(tree.extend(["a"], 1, bytes("y")), error);
  await assert.rejects(tree.remove(["a"]), error);
  assert.equal((await names(root)).length, 2);
});

onFolder("links that lead out are closed to every method", async ({ root, outside, open }) => {
  await fs.writeFile(join(outside, "secret"), "secret");
  await fs.symlink(outside, join(root, "folder"));
  await fs.symlink("../outside/secret", join(root, "file"));
  await fs.symlink(`${root}/../outside/new`, join(root, "dangling"));
  const tree = await open();
  for (const path of [["file"], ["folder", "secret"]]) {
    const error = { code: "OUTSIDE" };
    await assert.rejects(tree.stat(path), error);
    await assert.rejects(tree.open(path), error);
    await assert.rejects(tree.replace(path, bytes("x")), error);
    await assert.rejects(tree.append(path, bytes("x")), error);
    await assert.rejects(tree.extend(path, 0, bytes("x")), error);
    await assert.rejects(tree.remove(path), error);
  }
  await assert.rejects(tree.list(["folder"]), { code: "OUTSIDE" });
  await assert.rejects(tree.replace(["folder", "new"], bytes("x")), { code: "OUTSIDE" });
  await assert.rejects(tree.replace(["folder", "far", "new"], bytes("x")), { code: "OUTSIDE" });
  await assert.rejects(tree.replace(["dangling"], bytes("x")), { code: "NOT_FOUND" });
  await assert.rejects(tree.replace(["dangling", "far", "new"], bytes("x")), { code: "NOT_FOUND" });
  assert.equal(await tree.stat(["dangling"]), undefined);
  assert.equal(await tree.remove(["dangling"]), false);
  assert.deepEqual(await tree.list([]), []);
  assert.deepEqual(await names(outside), ["secret"]);
  assert.equal(await fs.readFile(join(outside, "secret"), "utf8"), "secret");
});

onFolder(
  "of several trees of one process that overlap, one conditional write wins",
  async ({ root, open }) => {
    await fs.mkdir(join(root, "sub"));
    const trees: readonly (readonly [Tree, TreePath])[] = [
      [await open(), ["sub", "file"]],
      [await open(), ["sub", "file"]],
      [await openFolderTree(join(root, "sub")), ["file"]],
    ];
    for (let round = 0; round < 20; round += 1) {
      const before = trees.map(([tree]) => tree.generation);
      const writes = trees.flatMap(([tree, path]) =>
        ["a", "b", "c"].map((text) =>
          tree.replace(path, bytes(text), (current) => {
            if (current !== undefined) throw new RangeError("somebody was faster");
          }),
        ),
      );
      const results = await Promise.allSettled(writes);
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
      for (const [index, [tree]] of trees.entries()) {
        assert.ok(tree.generation > (before[index] as number), "all of them know of the change");
      }
      await trees[0]?.[0].remove(["sub", "file"]);
    }
    await trees[2]?.[0].close();
  },
);

onFolder(
  "folders made for an upload that a kill cut off go with it, and no others",
  async ({ root, open }) => {
    const dead = { ...self(), start: "0" };
    for (const [folder, made] of [
      ["a/b", 2],
      ["a/c/d", 2],
      ["mine/e", 1],
      ["mine/f", 0],
      ["used/g", 2],
    ] as const) {
      await fs.mkdir(join(root, folder), { recursive: true });
      await fs.writeFile(join(root, folder, temporaryName(dead, 1, made)), "x");
    }
    await fs.writeFile(join(root, "used", "file"), "x");
    const tree = await open();
    assert.deepEqual(await names(root), ["mine", "mine/f", "used", "used/file"]);

    // What is under way says how many folders it has made.
    let during: readonly string[] = [];
    async function* content(): AsyncGenerator<Uint8Array, void, void> {
      during = await names(root);
      yield bytes("x");
    }
    await tree.replace(["mine", "h", "i", "file"], content());
    assert.match(during.find((name) => name.endsWith(".tmp")) ?? "", /^mine\/h\/i\/.*-2\.tmp$/);
  },
);

onFolder("many slow readers of a large file share a bounded memory", async ({ root, open }) => {
  await fs.writeFile(join(root, "large"), Buffer.alloc(2 * 1024 * 1024));
  const tree = await open();
  const readers: AsyncIterator<Uint8Array>[] = [];
  const file = async (): Promise<number> => {
    const opened = (await tree.open(["large"])) as OpenFile;
    const reader = opened.read()[Symbol.asyncIterator]();
    readers.push(reader);
    const first = await reader.next();
    return first.done ? 0 : first.value.length;
  };
  const largest = await file();
  for (let more = 0; more < 300; more += 1) await file();
  const smallest = await file();
  assert.ok(smallest <= largest / 8, `${smallest} bytes for the last one, ${largest} for the first`);
  // What they had is free again for the next one.
  for (const reader of readers) await reader.return?.();
  assert.equal(await file(), largest);
  await readers.at(-1)?.return?.();
});

onFolder("a folder whose name begins like the root's is outside", async ({ root, open }) => {
  await fs.mkdir(`${root}-other`);
  await fs.symlink(`${root}-other`, join(root, "link"));
  await assert.rejects((await open()).list(["link"]), { code: "OUTSIDE" });
});

onFolder("with followLinks, links that lead out are followed", async ({ root, outside, open }) => {
  await fs.writeFile(join(outside, "file"), "old");
  await fs.symlink(outside, join(root, "folder"));
  await fs.symlink("../outside/file", join(root, "file"));
  const tree = await open({ followLinks: true });
  assert.equal((await tree.list([])).length, 2);
  await tree.replace(["file"], bytes("new"));
  assert.equal(await textOf(tree, ["folder", "file"]), "new");
  assert.equal((await fs.lstat(join(root, "file"))).isSymbolicLink(), true);
});

onFolder(
  "links within the tree are followed, and a write goes to what they lead to",
  async ({ root, open }) => {
    const tree = await open();
    await tree.replace(["real", "file"], bytes("old"));
    await fs.symlink("real", join(root, "folder"));
    await fs.symlink("real/file", join(root, "file"));
    await fs.symlink("loop", join(root, "loop"));
    assert.equal(await textOf(tree, ["folder", "file"]), "old");
    await tree.replace(["file"], bytes("new"));
    await tree.append(["folder", "file"], bytes("er"));
    await tree.extend(["file"], 5, bytes("!"));
    assert.equal(await fs.readFile(join(root, "real", "file"), "utf8"), "newer!");
    assert.deepEqual(await tree.stat(["file"]), await tree.stat(["real", "file"]));
    assert.deepEqual(
      (await tree.list([])).map(({ name, info }) => `${name}:${info.kind}`),
      ["file:file", "folder:folder", "real:folder"],
    );
    assert.equal(await tree.stat(["loop"]), undefined);
    await assert.rejects(tree.replace(["loop"], bytes("x")), { code: "NOT_FOUND" });
    assert.equal(await tree.remove(["file"]), true);
    assert.equal(await tree.remove(["folder"]), true);
    assert.deepEqual(await names(root), ["loop", "real", "real/file"]);
  },
);

onFolder("a FIFO is never opened", async ({ root, open }, context) => {
  if (spawnSync("mkfifo", [join(root, "fifo")]).status !== 0) return context.skip("mkfifo does not run here");
  const tree = await open();
  const error = { code: "NOT_A_FILE" };
  await assert.rejects(tree.stat(["fifo"]), error);
  await assert.rejects(tree.open(["fifo"]), error);
  await assert.rejects(tree.replace(["fifo"], bytes("x")), error);
  await assert.rejects(tree.append(["fifo"], bytes("x")), error);
  await assert.rejects(tree.extend(["fifo"], 0, bytes("x")), error);
  await assert.rejects(tree.remove(["fifo"]), error);
  assert.deepEqual(await tree.list([]), []);
});

onFolder("a name that is not UTF-8 is not listed", async ({ root, open }, context) => {
  try {
    await fs.writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff])]), "x");
  } catch {
    return context.skip("this file system refuses such a name");
  }
  assert.deepEqual(await (await open()).list([]), []);
});

onFolder("a replaced file keeps its permissions, whatever the umask", async ({ root, open }) => {
  const tree = await open();
  await tree.replace(["a"], bytes("old"));
  for (const mode of [0o600, 0o777, 0o640]) {
    await fs.chmod(join(root, "a"), mode);
    await tree.replace(["a"], bytes("new"));
    await tree.append(["a"], bytes("er"));
    assert.equal((await fs.stat(join(root, "a"))).mode & 0o777, mode);
  }
});

onFolder("a file dated in the future still gets a later time", async ({ root, open }) => {
  const tree = await open();
  const { info } = await tree.replace(["a"], bytes("1"));
  const future = new Date("2099-01-01T00:00:00Z");
  await fs.utimes(join(root, "a"), future, future);
  const versions = new Set([info.version]);
  for (const write of [
    () => tree.replace(["a"], bytes("2")),
    () => tree.append(["a"], bytes("")),
    () => tree.replace(["a"], bytes("3")),
  ]) {
    const written = await write();
    assert.ok(written.info.modified >= future.getTime());
    versions.add(written.info.version);
  }
  assert.equal(versions.size, 4);
  await tree.remove(["a"]);
  assert.ok((await tree.replace(["a"], bytes("4"))).info.modified < future.getTime());
});

onFolder("two trees on one folder tell the same versions", async ({ open }) => {
  const [one, two] = [await open(), await open()];
  const { info } = await one.replace(["a"], bytes("x"));
  assert.deepEqual(await two.stat(["a"]), info);
});

onFolder("appends through two trees at once may lose one another, but stay whole", async ({ open, root }) => {
  const trees = [await open(), await open()];
  await Promise.all(Array.from({ length: 20 }, (_, n) => trees[n % 2]?.append(["a"], bytes(`${n}\n`))));
  const lines = (await fs.readFile(join(root, "a"), "utf8")).trim().split("\n");
  assert.ok(lines.every((line) => /^1?\d$/.test(line)));
  assert.equal(new Set(lines).size, lines.length);
});

onFolder("a file that another program cuts short ends in TRUNCATED", async ({ root, open }) => {
  const tree = await open();
  await tree.replace(["a"], Buffer.alloc(100));
  const file = await tree.open(["a"]);
  assert.ok(file);
  await fs.truncate(join(root, "a"), 50);
  let length = 0;
  await assert.rejects(
    async () => {
      for await (const chunk of file.read()) length += chunk.length;
    },
    { code: "TRUNCATED", message: "Cannot read a: another program has cut the file short" },
  );
  assert.equal(length, 50);
  await file.close();
});

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  assert.ok(child.pid);
  return child.pid;
}

onFolder("opening sweeps what dead processes left, and only that", async ({ root, outside, open }) => {
  const me = self();
  const dead = { ...me, pid: await deadProcess() };
  const old = new Date(Date.now() - 25 * 3600_000);
  const litter = [temporaryName(dead, 1), `deep/er/${temporaryName({ ...me, start: "0" }, 2)}`];
  const foreign = temporaryName({ ...me, host: "00000000" }, 3);
  const abandoned = temporaryName({ ...me, host: "00000000" }, 4);
  const kept = [temporaryName(me, 5), foreign, ".sockeye-notes.txt", "file.tmp"];
  await fs.mkdir(join(root, "deep", "er"), { recursive: true });
  for (const name of [...litter, ...kept, abandoned]) await fs.writeFile(join(root, name), "x");
  await fs.utimes(join(root, abandoned), old, old);
  await fs.writeFile(join(outside, temporaryName(dead, 1)), "x");
  await fs.symlink(outside, join(root, "link"));
  const tree = await open();
  assert.deepEqual(await names(root), ["deep", "deep/er", "link", ...kept].sort());
  assert.equal((await names(outside)).length, 1);
  assert.equal(me.pid, process.pid);
  assert.ok(hostname().length > 0 && !foreign.includes(hostname()));
  assert.deepEqual(
    (await tree.list([])).map(({ name }) => name),
    [".sockeye-notes.txt", "deep", "file.tmp"],
  );
});

onFolder("temporary files cannot be seen, read, written or removed", async ({ root, open }) => {
  const name = temporaryName(self(), 1_000_000);
  await fs.writeFile(join(root, name), "x");
  const tree = await open();
  for (const path of [[name], [name.toUpperCase()], [".sockeye-anything.tmp"]]) {
    assert.equal(await tree.stat(path), undefined);
    assert.equal(await tree.open(path), undefined);
    assert.equal(await tree.remove(path), false);
    await assert.rejects(tree.replace(path, bytes("x")), { code: "RESERVED_NAME" });
    await assert.rejects(tree.append([...path, "x"], bytes("x")), { code: "RESERVED_NAME" });
    await assert.rejects(tree.extend(path, 0, bytes("x")), { code: "RESERVED_NAME" });
  }
  assert.deepEqual(await tree.list([]), []);
  assert.deepEqual(await names(root), [name]);
});

onFolder("a folder that holds nothing but litter can be removed", async ({ root, open }) => {
  const tree = await open();
  await fs.mkdir(join(root, "a"));
  await fs.writeFile(join(root, "a", temporaryName({ ...self(), start: "0" }, 1)), "x");
  assert.equal(await tree.remove(["a"]), true);
});

onFolder("close() ends a sweep that still runs", async ({ root, open }) => {
  for (let n = 0; n < 200; n += 1) await fs.mkdir(join(root, `${n}`));
  const tree = await open({ sweepWait: 0 });
  await tree.close();
  await fs.rm(root, { recursive: true });
  await fs.mkdir(root);
});

onFolder("a root that is removed is not made again", async ({ root, open }) => {
  const tree = await open({ followLinks: true });
  await fs.rmdir(root);
  await assert.rejects(tree.replace(["a", "b"], bytes("x")), { code: "NOT_FOUND" });
  await assert.rejects(fs.stat(root), { code: "ENOENT" });
});

onFolder("a full disk ends in NO_SPACE and leaves the old file", async ({ root, open }, context) => {
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", root], { encoding: "utf8" });
  if (mounted.status !== 0) return context.skip("mounting a small disk is not permitted here");
  try {
    const tree = await open();
    const { info } = await tree.replace(["a"], bytes("old"));
    const error = { code: "NO_SPACE", message: /^Cannot (write|append to) a: the disk is full$/ };
    await assert.rejects(tree.replace(["a"], Buffer.alloc(2_000_000)), error);
    await assert.rejects(tree.append(["a"], Buffer.alloc(2_000_000)), error);
    await assert.rejects(tree.replace(["new", "b"], Buffer.alloc(2_000_000)), { code: "NO_SPACE" });
    assert.deepEqual(await tree.stat(["a"]), info);
    assert.deepEqual(await names(root), ["a"]);
    await assert.rejects(tree.extend(["up"], 0, Buffer.alloc(2_000_000)), { code: "NO_SPACE" });
    const kept = await tree.stat(["up"]);
    assert.ok(kept?.kind === "file" && kept.size > 0);
    assert.equal(await tree.remove(["up"]), true);
    await tree.append(["a"], bytes("er"));
    assert.equal(await textOf(tree, ["a"]), "older");
  } finally {
    assert.equal(spawnSync("umount", [root]).status, 0);
  }
});
