// `npm run bench`: Sockeye beside its peers on this machine. Every contestant runs in a process of its own, the
// rounds go in turn, medians are compared. A benchmark, not a test: its exit code says only whether it could run.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Contestant, judge, mediansOf, type Readings, type Row, type RowResult } from "./contest.ts";
import { LOAD_NAME } from "./load/load.ts";
import { formatRow } from "./report.ts";
import { clientRow } from "./rows/client.ts";
import { constRow } from "./rows/const.ts";
import { fileRow } from "./rows/file.ts";
import { idleRow } from "./rows/idle.ts";
import { kvGetRow, kvPutRow } from "./rows/kv.ts";
import { largeRow } from "./rows/large.ts";
import { putRow } from "./rows/put.ts";
import { recordRow } from "./rows/record.ts";
import { suiteRow } from "./rows/suite.ts";

const ROWS: readonly Row[] = [
  fileRow,
  constRow,
  putRow,
  largeRow,
  clientRow,
  idleRow,
  kvGetRow,
  kvPutRow,
  recordRow,
  suiteRow,
];
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WARM_UP_SECONDS = 1;

interface Plan {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly seconds: number;
  readonly json: string;
}

function readFlags(): Plan {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: ROWS.map(({ name }) => name).join(",") },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "2" },
      json: { type: "string", default: join(ROOT, "bench-result.json") },
    },
  });
  const rows = values.rows.split(",").map((name) => {
    const row = ROWS.find((each) => each.name === name);
    if (row !== undefined) return row;
    throw new Error(`Cannot run the row "${name}": the rows are ${ROWS.map((each) => each.name).join(", ")}`);
  });
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  if (!(rounds >= 1) || !(seconds >= 1))
    throw new Error("Cannot run: --rounds and --seconds take a number from 1");
  return { rows, rounds, seconds, json: values.json };
}

async function runRow(row: Row, folder: string, plan: Plan): Promise<RowResult> {
  const contestants = await row.enter(folder);
  const readings = new Map<string, Readings[]>(contestants.map(({ name }) => [name, []]));
  try {
    if (row.warmUp !== false) await eachInTurn(contestants, WARM_UP_SECONDS, () => {});
    for (let round = 0; round < Math.min(plan.rounds, row.mostRounds ?? plan.rounds); round += 1) {
      await eachInTurn(contestants, plan.seconds, (name, reading) => readings.get(name)?.push(reading));
    }
  } finally {
    for (const contestant of contestants) if ("stop" in contestant) await contestant.stop();
  }
  const peers = contestants.map((contestant) => {
    const rounds = readings.get(contestant.name) ?? [];
    const missing = "missing" in contestant ? { missing: contestant.missing } : {};
    return { peer: contestant.name, ...missing, rounds, medians: mediansOf(row.columns, rounds) };
  });
  const targets = row.targets.map((target) => judge(target, peers));
  return { row: row.name, title: row.title, columns: row.columns, peers, targets };
}

async function eachInTurn(
  contestants: readonly Contestant[],
  seconds: number,
  take: (name: string, reading: Readings) => void,
): Promise<void> {
  for (const contestant of contestants) {
    if ("measure" in contestant) take(contestant.name, await contestant.measure(seconds));
  }
}

/** A folder on the disk of the project: fsync in a temporary folder in memory would measure nothing. */
function makeFolder(): string {
  const cache = join(ROOT, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "sockeye-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function main(): Promise<void> {
  const plan = readFlags();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const machine = {
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    load: LOAD_NAME,
  };
  console.log(
    `Node ${machine.node}, ${machine.system}, ${machine.cores} cores (${machine.processor}), load: ${LOAD_NAME}`,
  );
  console.log(`${plan.rounds} rounds of ${plan.seconds} s in turn, medians\n`);
  const base = makeFolder();
  const results: RowResult[] = [];
  for (const row of plan.rows) {
    const folder = join(base, row.name);
    mkdirSync(folder);
    const result = await runRow(row, folder, plan);
    console.log(formatRow(result));
    results.push(result);
  }
  const { rounds, seconds, json } = plan;
  writeFileSync(
    json,
    `${JSON.stringify({ date: new Date().toISOString(), machine, rounds, seconds, results }, undefined, 2)}\n`,
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
