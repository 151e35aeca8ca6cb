// What a connection costs that says nothing.
import { residentBytes, startNode } from "../child.ts";
import { type Contestant, type Readings, type Row, SOCKEYE } from "../contest.ts";
import {
  type RunningServer,
  sockeyeIsBuilt,
  startFloor,
  startNodeHttp,
  startSockeyeConstant,
} from "../servers/start.ts";
import { NOT_BUILT } from "./get.ts";

const CONNECTIONS = 10_000;
const SETTLE_MS = 500;

export const idleRow: Row = {
  name: "idle",
  title: `${CONNECTIONS.toLocaleString("en")} idle connections, each answered once`,
  columns: [
    { key: "memory", title: "KiB each", digits: 1 },
    { key: "before", title: "next request ms, alone", digits: 3 },
    { key: "after", title: "among them", digits: 3 },
  ],
  targets: [{ column: "memory", sense: "at most", limit: 6 }],
  mostRounds: 2,
  warmUp: false,
  async enter() {
    return [
      contestant("bare socket", () => startFloor("greeting")),
      contestant("node:http", () => startNodeHttp("greeting")),
      sockeyeIsBuilt() ? contestant(SOCKEYE, startSockeyeConstant) : { name: SOCKEYE, missing: NOT_BUILT },
    ];
  },
};

/** Memory once taken is seldom given back, so each reading has a server of its own. */
function contestant(name: string, begin: () => Promise<RunningServer>): Contestant {
  return {
    name,
    async measure() {
      const server = await begin();
      try {
        return await hold(server);
      } finally {
        await server.child.stop();
      }
    },
    stop: async () => {},
  };
}

async function hold(server: RunningServer): Promise<Readings> {
  const holder = startNode("load/idle.ts", [String(server.port), "/greeting"]);
  try {
    await holder.printed(/ready/);
    await holder.ask("probe"); // The first ones run code that is not compiled yet, on both sides.
    const before = Number(await holder.ask("probe"));
    const empty = await settledBytes(server);
    const held = Number(await holder.ask("open", CONNECTIONS));
    const full = await settledBytes(server);
    const lost = Number(await holder.ask("lost"));
    if (lost > 0) throw new Error(`Cannot measure idle connections: the server closed ${lost} of ${held}`);
    return { memory: (full - empty) / 1024 / held, before, after: Number(await holder.ask("probe")) };
  } finally {
    await holder.stop();
  }
}

/** The memory that is in use, garbage not counted. */
async function settledBytes(server: RunningServer): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  await server.child.ask("collect");
  return residentBytes(server.child);
}
