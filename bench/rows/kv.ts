// The key-value store beside the smallest one that somebody would write: node:http with a Map, and for durable
// writes a journal that is synced for each.
import { join } from "node:path";
import { type Contestant, type Row, SOCKEYE } from "../contest.ts";
import { loadWithPuts } from "../load/load.ts";
import {
  type RunningServer,
  sockeyeIsBuilt,
  startFloor,
  startMap,
  startNodeHttp,
  startSockeyeMounts,
} from "../servers/start.ts";
import { HOST, KIBIBYTE } from "../wire.ts";
import { GET_COLUMNS, getContestant, NOT_BUILT, sockeyeContestant } from "./get.ts";

const CONCURRENCY = 64;

export const kvGetRow: Row = {
  name: "kv-get",
  title: "GET a value of 1 KiB from kv, ten header fields",
  columns: GET_COLUMNS,
  targets: [
    { column: "cpu", sense: "at most", limit: 0.6, peer: "node:http" },
    { column: "cpu", sense: "at most", limit: 1.0, peer: "node:http and a Map" },
  ],
  async enter(folder) {
    return [
      await getContestant("bare socket", startFloor("kibibyte"), "/kv/key"),
      await getContestant("node:http", startNodeHttp("kibibyte"), "/kv/key"),
      await getContestant("node:http and a Map", filled(startMap(folder)), "/kv/key"),
      await sockeyeContestant(() => filled(startSockeyeMounts([storeMount(folder)])), "/kv/key"),
    ];
  },
};

export const kvPutRow: Row = {
  name: "kv-put",
  title: `PUT a value of 1 KiB into kv, durable, ${CONCURRENCY} at a time`,
  columns: [
    { key: "rate", title: "writes/s", digits: 0 },
    { key: "cpu", title: "CPU µs/write", digits: 1 },
    { key: "latency", title: "median ms", digits: 2 },
  ],
  targets: [{ column: "rate", sense: "at least", limit: 10, peer: "one fsync a write" }],
  async enter(folder) {
    return [
      putContestant("one fsync a write", await startMap(folder)),
      sockeyeIsBuilt()
        ? putContestant(SOCKEYE, await startSockeyeMounts([storeMount(folder)]))
        : { name: SOCKEYE, missing: NOT_BUILT },
    ];
  },
};

function storeMount(folder: string): string {
  return `/kv=kv:${join(folder, "store")}`;
}

async function filled(starting: Promise<RunningServer>): Promise<RunningServer> {
  const server = await starting;
  const answer = await fetch(`http://${HOST}:${server.port}/kv/key`, { method: "PUT", body: KIBIBYTE });
  if (!answer.ok) throw new Error(`Cannot fill the store: ${answer.status} ${await answer.text()}`);
  return server;
}

function putContestant(name: string, server: RunningServer): Contestant {
  return {
    name,
    measure: (seconds) => loadWithPuts(server, "/kv/", CONCURRENCY, seconds),
    stop: () => server.child.stop(),
  };
}
