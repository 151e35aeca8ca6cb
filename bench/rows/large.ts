// Bytes through the server: throughput, and the memory that one transfer takes.
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cpuMicros, residentBytes } from "../child.ts";
import { type Contestant, type Readings, type Row, SOCKEYE } from "../contest.ts";
import { generate } from "../load/load.ts";
import {
  type RunningServer,
  sockeyeIsBuilt,
  startNginx,
  startNodeHttp,
  startSockeyeFiles,
} from "../servers/start.ts";
import { KIBIBYTE } from "../wire.ts";
import { NOT_BUILT, NOT_INSTALLED } from "./get.ts";

const MEGABYTE = 1_000_000;
const MEBIBYTE = 1024 * 1024;
/** One transfer keeps the server the busier side, so that it is the server that is measured. */
const TRANSFERS = 1;
/** Larger reads fall out of the processor's cache, smaller ones make the generator the busier side. */
const READ_SIZE = 256 * 1024;
const SAMPLE_MS = 50;

export const largeRow: Row = {
  name: "large",
  title: "GET a 100 MB file",
  columns: [
    { key: "throughput", title: "MB/s", digits: 0 },
    { key: "cpu", title: "CPU ms/100 MB", digits: 1 },
    { key: "growth", title: "MiB more/transfer", digits: 1 },
  ],
  targets: [
    { column: "throughput", sense: "at least", limit: 0.8, peer: "nginx" },
    { column: "growth", sense: "at most", limit: 16 },
  ],
  async enter(folder) {
    const path = join(folder, "large.bin");
    const part = randomBytes(MEGABYTE);
    await writeFile(path, Buffer.concat(Array.from({ length: 100 }, () => part)));
    await writeFile(join(folder, "file.bin"), KIBIBYTE);
    return [
      await contestant("node:http", startNodeHttp(path)),
      await contestant("nginx", startNginx(folder)),
      sockeyeIsBuilt()
        ? await contestant(SOCKEYE, startSockeyeFiles(folder))
        : { name: SOCKEYE, missing: NOT_BUILT },
    ];
  },
};

async function contestant(name: string, starting: Promise<RunningServer | undefined>): Promise<Contestant> {
  const server = await starting;
  if (server === undefined) return { name, missing: NOT_INSTALLED };
  // Memory is counted from a server that has answered before, or its compiled code would count as buffers.
  await generate({
    port: server.port,
    path: "/file.bin",
    seconds: 0.5,
    connections: TRANSFERS,
    kind: "get",
    readSize: 65536,
  });
  const before = await residentBytes(server.child);
  return { name, measure: (seconds) => transfer(server, before, seconds), stop: () => server.child.stop() };
}

async function transfer(server: RunningServer, residentBefore: number, seconds: number): Promise<Readings> {
  let most = residentBefore;
  const sampling = setInterval(async () => {
    most = Math.max(most, await residentBytes(server.child));
  }, SAMPLE_MS);
  const cpuBefore = await cpuMicros(server.child);
  try {
    const { port } = server;
    const job = {
      port,
      path: "/large.bin",
      seconds,
      connections: TRANSFERS,
      kind: "get",
      readSize: READ_SIZE,
    } as const;
    const outcome = await generate(job);
    const cpu = (await cpuMicros(server.child)) - cpuBefore;
    return {
      throughput: outcome.bytes / outcome.seconds / MEGABYTE,
      cpu: cpu / 1000 / (outcome.bytes / (100 * MEGABYTE)),
      growth: (most - residentBefore) / MEBIBYTE / TRANSFERS,
    };
  } finally {
    clearInterval(sampling);
  }
}
