// What every Tree must do, whatever holds its files: a backend's test calls this with a way to make an empty one.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { Content, Info, OpenFile, Tree, TreePath } from "./tree.ts";

/** An empty tree to try things on; `names` tells all that is really there, what the tree hides included. */
export interface Bench {
  readonly tree: Tree;
  names(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function* chunks(...parts: readonly (string | Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part as string);
    await new Promise(setImmediate);
  }
}

async function textOf(tree: Tree, path: TreePath): Promise<string | undefined> {
  const file = await tree.open(path);
  try {
    return file && Buffer.from(await file.bytes()).toString();
  } finally {
    await file?.close();
  }
}

async function rangeOf(file: OpenFile, first?: number, last?: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  // Copied, as the memory of a chunk is used again.
  for await (const chunk of file.read(first, last)) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

function versionOf(info: Info | undefined): string | undefined {
  return info?.kind === "file" ? info.version : undefined;
}

const changed = new Error("changed in the meantime");

function only(version: string | undefined): (current: Info | undefined) => void {
  return (current) => {
    if (versionOf(current) !== version) throw changed;
  };
}

export function testTree(name: string, make: () => Promise<Bench>): void {
  function on(title: string, body: (tree: Tree, bench: Bench) => Promise<void>): void {
    test(`${name}: ${title}`, async () => {
      const bench = await make();
      try {
        await body(bench.tree, bench);
      } finally {
        await bench.tree.close();
        await bench.remove();
      }
    });
  }

  on("nothing is there at first", async (tree) => {
    assert.equal(await tree.stat(["a"]), undefined);
    assert.equal(await tree.open(["a"]), undefined);
    assert.equal(await tree.stat(["a", "b"]), undefined);
    assert.equal((await tree.stat([]))?.kind, "folder");
    assert.deepEqual(await tree.list([]), []);
    await assert.rejects(tree.list(["a"]), { code: "NOT_FOUND" });
    assert.equal(await tree.remove(["a"]), false);
  });

  on("replace() creates a file, then replaces it whole", async (tree) => {
    const first = await tree.replace(["a.txt"], bytes("one, long"));
    assert.equal(first.created, true);
    assert.equal(first.info.size, 9);
    assert.deepEqual(await tree.stat(["a.txt"]), first.info);
    const second = await tree.replace(["a.txt"], chunks("t", "wo"));
    assert.equal(second.created, false);
    assert.notEqual(second.info.version, first.info.version);
    assert.ok(Math.abs(second.info.modified - Date.now()) < 60_000);
    assert.equal(await textOf(tree, ["a.txt"]), "two");
    assert.match(second.info.version, /^[0-9a-z-]+$/);
  });

  on("an empty file is a file", async (tree) => {
    await tree.replace(["a"], bytes(""));
    await tree.replace(["b"], chunks());
    assert.equal(await textOf(tree, ["a"]), "");
    assert.equal(await textOf(tree, ["b"]), "");
  });

  on("a chunk's memory may be used again by its producer", async (tree) => {
    const chunk = new Uint8Array(1000);
    async function* content(): AsyncGenerator<Uint8Array> {
      for (let round = 0; round < 3000; round += 1) yield chunk.fill(round);
    }
    await tree.replace(["a"], content());
    const file = await tree.open(["a"]);
    assert.ok(file);
    const all = await rangeOf(file);
    await file.close();
    assert.equal(all.length, 3_000_000);
    for (let at = 0; at < all.length; at += 500) assert.equal(all[at], Math.floor(at / 1000) % 256);
  });

  on("missing folders are made for a write, and taken back when it fails", async (tree, bench) => {
    await assert.rejects(tree.replace(["a", "b", "c.txt"], chunks("x", changed)), changed);
    await assert.rejects(tree.replace(["a", "b", "c.txt"], bytes("x"), only("no version")), changed);
    assert.deepEqual(await bench.names(), []);
    await tree.replace(["a", "b", "c.txt"], bytes("x"));
    await tree.append(["a", "d", "e.txt"], bytes("x"));
    await tree.extend(["a", "f", "g.txt"], 0, bytes("x"));
    assert.deepEqual(await bench.names(), ["a", "a/b", "a/b/c.txt", "a/d", "a/d/e.txt", "a/f", "a/f/g.txt"]);
  });

  on("40 writes at once make the same missing folders, while half of them fail", async (tree, bench) => {
    const path = (n: number): TreePath => ["x", "y", "z", `${n}.txt`];
    const writes = Array.from({ length: 40 }, (_, n) =>
      tree.replace(path(n), n % 2 ? chunks("half", changed) : bytes("whole")),
    );
    const results = await Promise.allSettled(writes);
    results.forEach((result, n) => {
      assert.equal(result.status, n % 2 ? "rejected" : "fulfilled");
      if (result.status === "rejected") assert.equal(result.reason, changed);
    });
    assert.equal((await tree.list(["x", "y", "z"])).length, 20);
    assert.equal((await bench.names()).length, 23);
  });

  const failing: Readonly<Record<string, (tree: Tree, content: Content) => Promise<unknown>>> = {
    "replace()": (tree, content) => tree.replace(["a"], content),
    "append()": (tree, content) => tree.append(["a"], content),
  };
  for (const [method, write] of Object.entries(failing)) {
    for (const size of [3, 3_000_000]) {
      on(
        `content that breaks off after ${size} bytes leaves ${method} without a trace`,
        async (tree, bench) => {
          const { info } = await tree.replace(["a"], bytes("old"));
          await assert.rejects(write(tree, chunks(randomBytes(size), changed)), changed);
          assert.equal(await textOf(tree, ["a"]), "old");
          assert.deepEqual(await tree.stat(["a"]), info);
          assert.deepEqual(await bench.names(), ["a"]);
        },
      );
    }
  }

  on("a check sees what is there, and refuses by throwing", async (tree, bench) => {
    const seen: (Info | undefined)[] = [];
    const see = (info: Info | undefined): void => {
      seen.push(info);
    };
    const one = await tree.replace(["a"], bytes("1"), see);
    const two = await tree.append(["a"], bytes("2"), see);
    const three = await tree.extend(["a"], 2, bytes("3"), see);
    await tree.remove(["a"], see);
    await tree.remove(["a"], see);
    assert.deepEqual(seen, [undefined, one.info, two.info, three.info, undefined]);

    const { info } = await tree.replace(["a"], bytes("1"));
    const refuse = only("another version");
    await assert.rejects(tree.replace(["a"], bytes("2"), refuse), changed);
    await assert.rejects(tree.append(["a"], bytes("2"), refuse), changed);
    await assert.rejects(tree.extend(["a"], 1, bytes("2"), refuse), changed);
    await assert.rejects(tree.remove(["a"], refuse), changed);
    assert.deepEqual(await tree.stat(["a"]), info);
    assert.deepEqual(await bench.names(), ["a"]);
  });

  on("of 200 replaces at once that expect one version, exactly one wins each round", async (tree, bench) => {
    let version: string | undefined;
    for (let round = 0; round < 4; round += 1) {
      const expected = only(version);
      const results = await Promise.allSettled(
        Array.from({ length: 200 }, (_, n) => tree.replace(["a"], bytes(`${round}/${n}`), expected)),
      );
      const winners = results.flatMap((result, n) =>
        result.status === "fulfilled" ? [{ n, ...result.value }] : [],
      );
      assert.equal(winners.length, 1);
      assert.ok(results.every((result) => result.status === "fulfilled" || result.reason === changed));
      assert.equal(await textOf(tree, ["a"]), `${round}/${winners[0]?.n}`);
      version = winners[0]?.info.version;
      assert.equal(versionOf(await tree.stat(["a"])), version);
    }
    assert.deepEqual(await bench.names(), ["a"]);
  });

  on(
    "no two contents share a version, be they replaced, extended, or removed and made again",
    async (tree) => {
      const versions: string[] = [];
      const keep = (version: string): number => versions.push(version);
      for (let round = 0; round < 100; round += 1) {
        keep((await tree.replace(["a"], bytes("same size"))).info.version);
        if (round % 3 === 0) await tree.remove(["a"]);
        if (round % 5 === 0) keep((await tree.append(["a"], bytes("."))).info.version);
      }
      const rest = Array.from({ length: 100 }, () => tree.replace(["a"], bytes("same size")));
      for (const { info } of await Promise.all(rest)) keep(info.version);
      assert.equal(new Set(versions).size, versions.length);
    },
  );

  on("an open file keeps its content while it is replaced, extended and removed", async (tree) => {
    await tree.replace(["a"], bytes("old content"));
    const file = await tree.open(["a"]);
    assert.ok(file);
    await tree.extend(["a"], 11, bytes(", longer"));
    assert.equal(String(await rangeOf(file)), "old content");
    await tree.replace(["a"], bytes("new"));
    assert.equal(String(await rangeOf(file, 4)), "content");
    await tree.remove(["a"]);
    assert.equal(Buffer.from(await file.bytes()).toString(), "old content");
    assert.equal(file.info.size, 11);
    await file.close();
    await file.close();
    await assert.rejects(file.bytes(), { code: "CLOSED" });
  });

  on("readers never see half of a replace or an append", async (tree) => {
    const block = (n: number): Buffer => Buffer.alloc(300_000, n);
    await tree.replace(["a"], block(0));
    let writing = true;
    let looks = 0;
    async function look(): Promise<void> {
      while (writing) {
        const file = await tree.open(["a"]);
        assert.ok(file);
        const content = await rangeOf(file);
        await file.close();
        assert.equal(content.length % 300_000, 0);
        for (let at = 0; at < content.length; at += 300_000) {
          assert.ok(content.subarray(at, at + 300_000).equals(block(content[at] ?? 0)));
        }
        looks += 1;
      }
    }
    const readers = [look(), look(), look()];
    try {
      for (let n = 1; n <= 30; n += 1) {
        if (n % 4 === 0)
          await tree.replace(["a"], chunks(block(n).subarray(0, 99_999), block(n).subarray(99_999)));
        else await tree.append(["a"], block(n));
      }
    } finally {
      writing = false;
      await Promise.all(readers);
    }
    assert.ok(looks > 0);
  });

  on("appends at once never interleave, and none is lost", async (tree, bench) => {
    const lines = Array.from({ length: 40 }, (_, n) => `${n}:${"x".repeat(n * 50)}.`);
    const results = await Promise.all(
      lines.map((line) => tree.append(["log"], chunks(line.slice(0, 3), line.slice(3), "\n"))),
    );
    assert.equal(results.filter(({ created }) => created).length, 1);
    const text = (await textOf(tree, ["log"])) ?? "";
    assert.deepEqual(text.split("\n").sort(), [...lines, ""].sort());
    assert.deepEqual(await bench.names(), ["log"]);
  });

  on("an append of several megabytes is added whole", async (tree, bench) => {
    const large = randomBytes(3_500_000);
    await tree.append(["a"], chunks(large.subarray(0, 1_200_000), large.subarray(1_200_000)));
    await tree.append(["a"], chunks(large.subarray(0, 700_000), large.subarray(700_000)));
    const file = await tree.open(["a"]);
    assert.ok(file);
    assert.ok((await rangeOf(file)).equals(Buffer.concat([large, large])));
    await file.close();
    assert.deepEqual(await bench.names(), ["a"]);
  });

  on("extend() goes on exactly where the file ends, and tells where that is", async (tree) => {
    await assert.rejects(tree.extend(["a"], 5, bytes("x")), { code: "OFFSET_MISMATCH", offset: 0 });
    assert.equal(await tree.stat(["a"]), undefined);
    const first = await tree.extend(["a"], 0, chunks("Hello", ", "));
    assert.equal(first.created, true);
    assert.equal(first.info.size, 7);
    assert.deepEqual(await tree.stat(["a"]), first.info);
    await assert.rejects(tree.extend(["a"], 0, bytes("x")), { code: "OFFSET_MISMATCH", offset: 7 });
    await assert.rejects(tree.extend(["a"], 8, bytes("x")), { code: "OFFSET_MISMATCH", offset: 7 });
    const second = await tree.extend(["a"], 7, bytes("world"));
    assert.equal(second.created, false);
    assert.notEqual(second.info.version, first.info.version);
    assert.equal(await textOf(tree, ["a"]), "Hello, world");
    const nothing = await tree.extend(["a"], 12, bytes(""));
    assert.deepEqual(nothing, { created: false, info: second.info });
  });

  on("extend() keeps what arrived before the content broke off", async (tree) => {
    await assert.rejects(tree.extend(["a"], 0, chunks("kept", changed)), changed);
    assert.equal(await textOf(tree, ["a"]), "kept");
    await tree.extend(["a"], 4, bytes(" and finished"));
    assert.equal(await textOf(tree, ["a"]), "kept and finished");
  });

  on("of many that extend at the same offset, one writes and all others learn the size", async (tree) => {
    for (let round = 0; round < 5; round += 1) {
      const before = await tree.stat(["a"]);
      const size = before?.kind === "file" ? before.size : 0;
      const parts = Array.from({ length: 20 }, (_, n) => String.fromCharCode(97 + n).repeat(1000));
      const results = await Promise.allSettled(parts.map((part) => tree.extend(["a"], size, chunks(part))));
      const winners = results.flatMap((result, n) => (result.status === "fulfilled" ? [n] : []));
      assert.equal(winners.length, 1);
      for (const result of results) {
        if (result.status === "rejected") assert.equal(result.reason.code, "OFFSET_MISMATCH");
      }
      const text = (await textOf(tree, ["a"])) ?? "";
      assert.equal(text.slice(size), parts[winners[0] ?? -1]);
    }
  });

  on("a slow extend() does not make others wait, and ends when it was overtaken", async (tree) => {
    await tree.replace(["a"], bytes("start "));
    let release = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield bytes("slow");
      await waiting;
      yield bytes("late");
    }
    const extending = tree.extend(["a"], 6, slow());
    const outcome = assert.rejects(extending, { code: "OFFSET_MISMATCH", offset: 15 });
    while ((await textOf(tree, ["a"])) !== "start slow") await new Promise(setImmediate);
    await tree.append(["a"], bytes(" fast"));
    release();
    await outcome;
    assert.equal(await textOf(tree, ["a"]), "start slow fast");
  });

  const MIB = 1024 * 1024;
  const ranges: readonly (readonly [first?: number, last?: number])[] = [
    [],
    [0, 0],
    [5, 9],
    [MIB - 1, MIB],
    [100, 2 * MIB + 50],
    [3 * MIB + 100, 99 * MIB],
    [99 * MIB],
    [7, 6],
  ];
  on("read() gives the bytes of a range", async (tree) => {
    const content = randomBytes(3 * MIB + 123);
    await tree.replace(["a"], content);
    const file = await tree.open(["a"]);
    assert.ok(file);
    for (const [first, last] of ranges) {
      const expected = content.subarray(first ?? 0, (last ?? content.length) + 1);
      assert.ok((await rangeOf(file, first, last)).equals(expected), `${first}-${last}`);
    }
    const both = await Promise.all([rangeOf(file), rangeOf(file, 1)]);
    assert.ok(both[0].equals(content) && both[1].equals(content.subarray(1)));
    await file.close();
  });

  on("leaving a reading loop early closes the file", async (tree) => {
    await tree.replace(["a"], Buffer.alloc(5 * MIB));
    const file = await tree.open(["a"]);
    assert.ok(file);
    for await (const chunk of file.read()) {
      assert.ok(chunk.length > 0);
      break;
    }
    await assert.rejects(file.bytes(), { code: "CLOSED" });
  });

  on("remove() takes files and empty folders, never the root", async (tree, bench) => {
    await tree.replace(["a", "b.txt"], bytes("x"));
    await assert.rejects(tree.remove(["a"]), {
      code: "FOLDER_NOT_EMPTY",
      message: "Cannot remove a: the folder is not empty",
    });
    assert.equal(await tree.remove(["a", "b.txt"]), true);
    assert.equal(await tree.remove(["a", "b.txt"]), false);
    assert.equal(await tree.remove(["a"]), true);
    await assert.rejects(tree.remove([]), { code: "IS_ROOT" });
    assert.deepEqual(await bench.names(), []);
  });

  on("a file is no folder, and a folder no file", async (tree) => {
    await tree.replace(["folder", "file"], bytes("x"));
    assert.equal(await tree.stat(["folder", "file", "below"]), undefined);
    assert.equal(await tree.open(["folder", "file", "below"]), undefined);
    await assert.rejects(tree.open(["folder"]), { code: "IS_FOLDER" });
    await assert.rejects(tree.list(["folder", "file"]), { code: "NOT_A_FOLDER" });
    for (const write of [tree.replace, tree.append]) {
      await assert.rejects(write.call(tree, ["folder"], bytes("x")), { code: "IS_FOLDER" });
      await assert.rejects(write.call(tree, [], bytes("x")), { code: "IS_FOLDER" });
      await assert.rejects(write.call(tree, ["folder", "file", "below"], bytes("x")), {
        code: "NOT_A_FOLDER",
      });
      await assert.rejects(write.call(tree, ["folder", "file", "far", "below"], bytes("x")), {
        code: "NOT_A_FOLDER",
      });
    }
    await assert.rejects(tree.extend(["folder"], 0, bytes("x")), { code: "IS_FOLDER" });
  });

  on("list() sorts by code points and tells each entry's numbers", async (tree) => {
    const names = [".hidden", "B", "a", "a b", "가나다.txt", "\ufb01", "\u{1f600}"];
    for (const each of names.toReversed()) await tree.replace([each], bytes(each));
    await tree.replace(["folder", "x"], bytes("x"));
    const entries = await tree.list([]);
    assert.deepEqual(
      entries.map((entry) => entry.name),
      [".hidden", "B", "a", "a b", "folder", "가나다.txt", "\ufb01", "\u{1f600}"],
    );
    for (const entry of entries) assert.deepEqual(entry.info, await tree.stat([entry.name]));
  });

  on("names are kept as they are: Korean ones, long ones, strange ones", async (tree) => {
    const names = [
      "안녕하세요.html",
      "a\\b",
      "%2e%2e",
      "...",
      " ",
      "-rf",
      "a\nb",
      "가".repeat(85),
      "x".repeat(255),
    ];
    for (const each of names) {
      await tree.replace([each], bytes(each));
      await tree.append([each], bytes("!"));
      assert.equal(await textOf(tree, [each]), `${each}!`);
    }
    assert.deepEqual((await tree.list([])).map((entry) => entry.name).sort(), names.sort());
    await assert.rejects(tree.replace(["가".repeat(86)], bytes("x")), { code: "NAME_TOO_LONG" });
    assert.equal(await tree.stat(["가".repeat(86)]), undefined);
  });

  const invalid: readonly TreePath[] = [
    [""],
    ["."],
    [".."],
    ["a", "..", "b"],
    ["a/b"],
    ["a\0b"],
    ["\ud800"],
    ["a", ""],
  ];
  on("paths that are no names are refused", async (tree, bench) => {
    for (const path of invalid) {
      const error = { code: "INVALID_PATH" };
      await assert.rejects(tree.stat(path), error);
      await assert.rejects(tree.open(path), error);
      await assert.rejects(tree.list(path), error);
      await assert.rejects(tree.replace(path, bytes("x")), error);
      await assert.rejects(tree.append(path, bytes("x")), error);
      await assert.rejects(tree.extend(path, 0, bytes("x")), error);
      await assert.rejects(tree.remove(path), error);
    }
    assert.deepEqual(await bench.names(), []);
  });

  on("the generation grows with every change, and only then", async (tree) => {
    const grown = [tree.generation];
    const changes = [
      (): Promise<unknown> => tree.replace(["a"], bytes("x")),
      (): Promise<unknown> => tree.append(["a"], bytes("x")),
      (): Promise<unknown> => tree.extend(["a"], 2, bytes("x")),
      (): Promise<unknown> => tree.remove(["a"]),
    ];
    for (const change of changes) {
      await change();
      assert.ok(tree.generation > (grown.at(-1) ?? 0));
      grown.push(tree.generation);
    }
    await tree.stat(["a"]);
    await tree.remove(["a"]);
    await assert.rejects(tree.replace(["a"], bytes("x"), only("none")), changed);
    assert.equal(tree.generation, grown.at(-1));
  });

  on("after close() every call fails", async (tree) => {
    await tree.close();
    await assert.rejects(tree.stat(["a"]), { code: "CLOSED" });
    await assert.rejects(tree.replace(["a"], bytes("x")), { code: "CLOSED" });
  });
}
