// Durable writes beside the same writes without HTTP. The disk decides both, so only the ratio says something.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startNode } from "../child.ts";
import type { RunOutcome } from "../clients/runs.ts";
import { type Contestant, type Row, SOCKEYE } from "../contest.ts";
import { loadWithPuts } from "../load/load.ts";
import { sockeyeIsBuilt, startSockeyeFiles } from "../servers/start.ts";
import { NOT_BUILT } from "./get.ts";

const CONCURRENCY = 16;

export const putRow: Row = {
  name: "put",
  title: `PUT a 1 KiB file, durable, ${CONCURRENCY} at a time`,
  columns: [
    { key: "rate", title: "writes/s", digits: 0 },
    { key: "cpu", title: "CPU µs/write", digits: 1 },
  ],
  targets: [{ column: "rate", sense: "at least", limit: 1.0, peer: "by hand" }],
  async enter(folder) {
    // Both write into folders of one file system, which has to be a real one: on tmpfs fsync does nothing.
    await mkdir(join(folder, "put"));
    await mkdir(join(folder, "by-hand"));
    return [await byHand(join(folder, "by-hand")), await sockeye(folder)];
  },
};

async function byHand(folder: string): Promise<Contestant> {
  const child = startNode("clients/write-by-hand.ts", [folder]);
  await child.printed(/ready/);
  return {
    name: "by hand",
    async measure(seconds) {
      const outcome = (await child.ask("run", { seconds, concurrency: CONCURRENCY })) as RunOutcome;
      return { rate: outcome.requests / outcome.seconds, cpu: outcome.cpuMicros / outcome.requests };
    },
    stop: () => child.stop(),
  };
}

async function sockeye(folder: string): Promise<Contestant> {
  if (!sockeyeIsBuilt()) return { name: SOCKEYE, missing: NOT_BUILT };
  const server = await startSockeyeFiles(folder);
  return {
    name: SOCKEYE,
    measure: (seconds) => loadWithPuts(server, "/put/", CONCURRENCY, seconds),
    stop: () => server.child.stop(),
  };
}
