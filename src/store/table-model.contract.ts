// The part of the Table contract that tries random transactions: a table and a plain map must tell the same.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Change, Expected, Key, NewRow, Outcome, Range, RowInfo, Step, Table } from "./table.ts";
import { allOf, type OnTable } from "./table-bench.contract.ts";

/** A step whose expected version is still to be chosen from those that there have been. */
interface Intent {
  readonly kind: Step["kind"];
  readonly key: Key;
  readonly value: string;
  readonly expected: undefined | "absent" | "present" | "current" | number;
}

interface Known {
  readonly info: RowInfo;
  readonly value: string;
}

/** Keys in the order of creation, each with its row. */
type Model = Map<Key, Known>;

/** Stands for the version of a row that a transaction has put before it failed: nobody is told. */
const MADE_IN_VAIN = "made in vain";

const KEYS: readonly Key[] = [
  "a",
  "a/",
  "a/b",
  "b",
  "\0",
  "가",
  "가나",
  "\ufffd",
  "\u{10000}",
  "\u{10ffff}b",
];

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constantFrom("put" as const, "put" as const, "remove" as const, "check" as const),
  key: fc.constantFrom(...KEYS),
  value: fc.string({ maxLength: 8 }),
  expected: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 4 },
    { arbitrary: fc.constantFrom("absent" as const, "present" as const, "current" as const), weight: 4 },
    { arbitrary: fc.nat(30), weight: 1 },
  ),
});

const transactions = fc.array(fc.array(intent, { maxLength: 6 }), { minLength: 1, maxLength: 25 });

const range: fc.Arbitrary<Range> = fc.record({
  prefix: fc.constantFrom("", "a", "a/", "가", "\ufffd", "none"),
  limit: fc.constantFrom(undefined, 1, 2, 3, 100),
  order: fc.constantFrom("key" as const, "created" as const),
});

/** Chooses the versions that the steps expect, from the rows that are there before the transaction. */
function stepsOf(intents: readonly Intent[], model: Model, versions: readonly string[]): readonly Step[] {
  return intents.map(({ kind, key, value, expected }): Step => {
    const chosen: Expected | undefined =
      expected === "current"
        ? { version: model.get(key)?.info.version ?? "0-none" }
        : typeof expected === "number"
          ? { version: versions.at(-expected) ?? "1-none" }
          : expected;
    if (kind === "check") return { kind, key, expected: chosen ?? "present" };
    if (kind === "remove") return { kind, key, expected: chosen };
    const newRow: NewRow = { value: Buffer.from(value), mediaType: value.slice(0, 2) };
    return { kind, key, row: newRow, expected: chosen };
  });
}

function holds(expected: Expected | undefined, info: RowInfo | undefined): boolean {
  if (expected === undefined) return true;
  if (expected === "absent") return info === undefined;
  if (expected === "present") return info !== undefined;
  return info !== undefined && info.version === expected.version;
}

/** Does to the model what the table says that it did, and finds out whether that was right. */
function follow(model: Model, steps: readonly Step[], outcome: Outcome, versions: string[]): Model {
  const next: Model = new Map(model);
  for (const [index, step] of steps.entries()) {
    const before = next.get(step.key)?.info;
    if (!holds(step.expected, before)) {
      assert.ok(!outcome.done);
      assert.equal(outcome.failed, index);
      if (before?.version === MADE_IN_VAIN) assert.equal(outcome.current?.size, before.size);
      else assert.deepEqual(outcome.current, before);
      return model;
    }
    if (!outcome.done) {
      assert.ok(outcome.failed > index);
      if (step.kind === "put") next.set(step.key, known(step, undefined, next.get(step.key)));
      if (step.kind === "remove") next.delete(step.key);
      continue;
    }
    const result = outcome.results[index];
    assert.deepEqual(result?.before, before);
    if (step.kind === "check") assert.deepEqual(result?.after, before);
    else if (step.kind === "remove") {
      assert.equal(result?.after, undefined);
      next.delete(step.key);
    } else {
      const made = known(step, result?.after, next.get(step.key));
      assert.ok(!versions.includes(made.info.version), "a version came twice");
      versions.push(made.info.version);
      next.set(step.key, made);
    }
  }
  assert.ok(outcome.done);
  assert.equal(outcome.results.length, steps.length);
  return next;
}

function known(step: Step & { kind: "put" }, after: RowInfo | undefined, old: Known | undefined): Known {
  const value = Buffer.from(step.row.value).toString();
  const guess: RowInfo = {
    key: step.key,
    size: step.row.value.length,
    mediaType: step.row.mediaType,
    version: after?.version ?? MADE_IN_VAIN,
    created: old?.info.created ?? after?.created ?? 0,
    changed: after?.changed ?? 0,
    expires: undefined,
  };
  if (after !== undefined) assert.deepEqual(after, guess);
  return { info: guess, value };
}

function expectedRows(model: Model, { prefix = "", order }: Range): readonly Known[] {
  const rows = [...model.values()].filter(({ info }) => info.key.startsWith(prefix));
  if (order === "created") return rows;
  return rows.sort((a, b) => Buffer.compare(Buffer.from(a.info.key), Buffer.from(b.info.key)));
}

async function compare(table: Table, model: Model, ranges: readonly Range[]): Promise<void> {
  const found = await table.getMany(KEYS);
  for (const [at, key] of KEYS.entries()) {
    const { value, ...info } = found[at] ?? { value: undefined };
    assert.equal(value && Buffer.from(value).toString(), model.get(key)?.value);
    assert.deepEqual(value && info, model.get(key)?.info);
    assert.deepEqual(await table.stat(key), model.get(key)?.info);
  }
  for (const each of ranges) {
    const rows = expectedRows(model, each);
    const listed = await allOf((part) => table.list(part), each);
    assert.deepEqual(
      listed,
      rows.map(({ info }) => info),
    );
    const scanned = await allOf((part) => table.scan(part), each);
    assert.deepEqual(
      scanned.map(({ value }) => Buffer.from(value).toString()),
      rows.map(({ value }) => value),
    );
  }
}

/** Makes of changes what they leave. */
function replay(changes: readonly Change[]): Model {
  const model: Model = new Map();
  for (const change of changes) {
    if (change.kind === "remove") {
      assert.ok(model.delete(change.key), "what was not there cannot be removed");
    } else {
      assert.equal(change.created, !model.has(change.key));
      model.set(change.key, { info: change.info, value: "" });
    }
  }
  return model;
}

export function testAgainstModel(on: OnTable): void {
  on(
    "random transactions do to a table what they do to a map, and its changes tell the same",
    async (table) => {
      // One table serves all runs, and is emptied between them, as that is much cheaper than a new one.
      await fc.assert(
        fc.asyncProperty(transactions, fc.array(range, { maxLength: 4 }), async (all, ranges) => {
          const rows = await allOf((part) => table.list(part));
          await table.transact(rows.map(({ key }) => ({ kind: "remove", key })));
          const { point } = await table.list({ limit: 1 });
          const watch = await table.watch({ after: point });
          const versions: string[] = [];
          let model: Model = new Map();
          for (const intents of all) {
            const steps = stepsOf(intents, model, versions);
            model = follow(model, steps, await table.transact(steps), versions);
          }
          await compare(table, model, [...ranges, {}, { order: "created" }]);
          await table.transact([
            { kind: "put", key: "end", row: { value: new Uint8Array(0), mediaType: "" } },
            { kind: "remove", key: "end" },
          ]);
          const changes: Change[] = [];
          for await (const group of watch) {
            changes.push(...group);
            const last = group.at(-1);
            if (last?.kind === "remove" && last.key === "end") break;
          }
          const infos = (each: Model): readonly RowInfo[] => [...each.values()].map(({ info }) => info);
          assert.deepEqual(infos(replay(changes)), infos(model));
        }),
        { numRuns: 60 },
      );
    },
  );

  on(
    "random keys come in the order of their code points, and pages put together are the whole",
    async (table) => {
      const key = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(key, { maxLength: 40 }),
          fc.integer({ min: 1, max: 7 }),
          key,
          async (keys, limit, after) => {
            const old = await allOf((part) => table.list(part));
            const value = new Uint8Array(0);
            await table.transact([
              ...old.map((info): Step => ({ kind: "remove", key: info.key })),
              ...keys.map((each): Step => ({ kind: "put", key: each, row: { value, mediaType: "" } })),
            ]);
            const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
            const names = async (part: Range): Promise<readonly Key[]> =>
              (await allOf((each) => table.list(each), part)).map((info) => info.key);
            assert.deepEqual(await names({}), sorted);
            assert.deepEqual(await names({ limit }), sorted);
            assert.deepEqual(await names({ limit, order: "created" }), keys);
            const behind = sorted.filter((each) => Buffer.compare(Buffer.from(each), Buffer.from(after)) > 0);
            assert.deepEqual(await names({ limit, after }), behind);
            const prefix = [...(sorted.at(-1) ?? "")][0] ?? "";
            const inside = sorted.filter((each) => each.startsWith(prefix));
            assert.deepEqual(await names({ limit, prefix }), inside);
          },
        ),
        { numRuns: 60 },
      );
    },
  );
}
