// A process that is killed in the middle of many writes to a table: what it acknowledged is there, no transaction is
// half there, and what the table keeps beside its rows agrees with them.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openLmdbTable } from "../src/store/lmdb/table.ts";
import type { Range, RowInfo, Table } from "../src/store/table.ts";

const ROUNDS = 20;
const WRITERS = 32;
const NAMES = ["a", "b", "c"];
const writer = fileURLToPath(new URL("fixtures/table-writer.ts", import.meta.url));

/** What a key begins with in its value; undefined when it is not there. */
type Texts = Map<string, string | undefined>;

/** Lets the writer run, kills it at a random moment after its first words, and gives the last number of each of its writers. */
async function runAndKill(folder: string, run: number): Promise<ReadonlyMap<number, number>> {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), writer, folder, `${run}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  // Not a wait for anything: the moment of the kill is what is random here.
  const timer = setTimeout(() => child.kill("SIGKILL"), randomInt(0, 150));
  const [, signal] = await closed;
  clearTimeout(timer);
  assert.equal(signal, "SIGKILL");
  const last = new Map<number, number>();
  for (const line of output.split("\n").slice(0, -1)) {
    const [, who, n] = line.split(" ");
    if (n !== undefined) last.set(Number(who), Number(n));
  }
  return last;
}

/** Does to the texts what a writer's step of this number does. */
function step(texts: Texts, run: number, who: number, n: number): void {
  const text = `${run} ${n} `;
  if (who % 2 === 1) {
    for (const name of NAMES) texts.set(`triple/${who}/${name}`, n % 6 === 5 ? undefined : text);
  } else {
    // By now the time of those is over.
    const gone = n % 4 === 3 || n % 11 === 3;
    texts.set(`single/${who}/${n % 7}`, gone ? undefined : text);
  }
}

function keysOf(who: number): readonly string[] {
  if (who % 2 === 1) return NAMES.map((name) => `triple/${who}/${name}`);
  return Array.from({ length: 7 }, (_, n) => `single/${who}/${n}`);
}

async function textsOf(table: Table, who: number): Promise<Texts> {
  const keys = keysOf(who);
  const rows = await table.getMany(keys);
  return new Map(
    keys.map((key, at) => {
      const value = rows[at]?.value;
      if (value === undefined) return [key, undefined];
      const whole = Buffer.from(value).toString("latin1");
      const text = /^\d+ \d+ /.exec(whole)?.[0] ?? "";
      // The writer fills the value with that text, over and over.
      assert.ok(
        text !== "" && whole === Buffer.alloc(whole.length, text).toString("latin1"),
        `${key} is not whole`,
      );
      return [key, text];
    }),
  );
}

/** Finds out whether all that was acknowledged is there, and at most the one step more that was under way. */
async function checkWriter(
  table: Table,
  run: number,
  who: number,
  last: number,
  before: Texts,
): Promise<Texts> {
  const expected: Texts = new Map(keysOf(who).map((key) => [key, before.get(key)]));
  for (let n = 0; n <= last; n += 1) step(expected, run, who, n);
  const found = await textsOf(table, who);
  const oneMore: Texts = new Map(expected);
  step(oneMore, run, who, last + 1);
  const isOneMore = [...oneMore].every(([key, text]) => found.get(key) === text);
  if (!isOneMore)
    assert.deepEqual(found, expected, `writer ${who}, which acknowledged ${last} in run ${run}`);
  return found;
}

async function allInfos(table: Table, order: "key" | "created"): Promise<readonly RowInfo[]> {
  const infos: RowInfo[] = [];
  for (let after: Range["after"]; ; ) {
    const page = await table.list({ order, after });
    infos.push(...page.rows);
    if (page.next === undefined) return infos;
    after = page.next;
  }
}

/** Rows as the changes tell of them, and up to which. */
interface Replay {
  readonly rows: Map<string, RowInfo>;
  point: string | undefined;
}

function isMortal({ expires }: RowInfo): boolean {
  return expires !== undefined;
}

/** Where a point stands among the others. */
function placeOf(point: string): number {
  return Number.parseInt(point, 36);
}

/** Follows the changes to the present, or until all rows whose time is over are swept. */
async function follow(table: Table, replay: Replay, swept: boolean): Promise<void> {
  const { point } = await table.list({ limit: 1 });
  replay.point ??= `0-${point.split("-")[1]}`;
  if (placeOf(replay.point) >= placeOf(point) && !swept) return;
  const watch = await table.watch({ after: replay.point, signal: AbortSignal.timeout(20_000) });
  for await (const changes of watch) {
    for (const change of changes) {
      if (change.kind === "remove") {
        assert.ok(replay.rows.delete(change.key), `${change.key} was removed and had not been there`);
      } else {
        assert.equal(change.created, !replay.rows.has(change.key));
        replay.rows.set(change.key, change.info);
      }
    }
    const done = swept ? ![...replay.rows.values()].some(isMortal) : placeOf(watch.point) >= placeOf(point);
    if (done) break;
  }
  replay.point = watch.point;
}

async function checkIndexes(table: Table, replay: Replay, now: number): Promise<void> {
  const byKey = await allInfos(table, "key");
  const byCreation = await allInfos(table, "created");
  assert.deepEqual(new Set(byCreation), new Set(byKey));
  await follow(table, replay, false);
  const alive = [...replay.rows.values()].filter(({ expires }) => expires === undefined || expires > now);
  assert.deepEqual(new Set(alive), new Set(byKey));
}

test(`a process killed ${ROUNDS} times in the middle of writes to a table loses nothing that it acknowledged`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-table-kill-"));
  // Neither a table nor the limit to its watch keeps a process alive.
  const alive = setInterval(() => {}, 60_000);
  try {
    let texts: Texts = new Map();
    const replay: Replay = { rows: new Map(), point: undefined };
    let acknowledgements = 0;
    for (let run = 0; run < ROUNDS; run += 1) {
      const last = await runAndKill(folder, run);
      // So late that the time of every row which has one is over.
      const now = Date.now() + 60_000;
      const table = await openLmdbTable(folder, { now: () => now });
      try {
        const found: Texts = new Map();
        for (let who = 0; who < WRITERS; who += 1) {
          acknowledgements += (last.get(who) ?? -1) + 1;
          for (const entry of await checkWriter(table, run, who, last.get(who) ?? -1, texts))
            found.set(...entry);
        }
        texts = found;
        await checkIndexes(table, replay, now);
        if (run === ROUNDS - 1) {
          await table.transact([
            { kind: "put", key: "end", row: { value: new Uint8Array(1), mediaType: "", expires: now } },
          ]);
          await follow(table, replay, true);
          assert.ok(![...replay.rows.values()].some(isMortal), "rows stay unswept");
          await checkIndexes(table, replay, now);
        }
      } finally {
        await table.close();
      }
      assert.deepEqual((await readdir(folder)).sort(), ["data.mdb", "lock.mdb"]);
    }
    assert.ok(acknowledgements > 0, "nothing was ever acknowledged, so nothing was shown");
  } finally {
    clearInterval(alive);
    await rm(folder, { recursive: true });
  }
});
