// What a request costs the one who makes it. The child is the client, and measures itself.
import { startNode } from "../child.ts";
import type { RunOutcome } from "../clients/runs.ts";
import { type Contestant, type Row, SOCKEYE } from "../contest.ts";
import { type RunningServer, sockeyeIsBuilt, startFloor } from "../servers/start.ts";
import { NOT_BUILT } from "./get.ts";

const CONCURRENCY = 32;

export const clientRow: Row = {
  name: "client",
  title: `The client: keep-alive GET of 1 KiB, ${CONCURRENCY} at a time`,
  columns: [
    { key: "cpu", title: "CPU µs/request", digits: 1 },
    { key: "rate", title: "requests/s", digits: 0 },
  ],
  targets: [{ column: "cpu", sense: "at most", limit: 0.5, peer: "undici" }],
  async enter() {
    return [
      await contestant("bare socket", "clients/bare.ts"),
      await contestant("node:http", "clients/node-http.ts"),
      await contestant("undici", "clients/undici.ts"),
      sockeyeIsBuilt()
        ? await contestant(SOCKEYE, "clients/sockeye.ts")
        : { name: SOCKEYE, missing: NOT_BUILT },
    ];
  },
};

/** Each client has a server of its own, the cheapest there is. */
async function contestant(name: string, script: string): Promise<Contestant> {
  const server: RunningServer = await startFloor("kibibyte");
  const child = startNode(script, [String(server.port)]);
  await child.printed(/ready/);
  return {
    name,
    async measure(seconds) {
      const outcome = (await child.ask("run", { seconds, concurrency: CONCURRENCY })) as RunOutcome;
      return { cpu: outcome.cpuMicros / outcome.requests, rate: outcome.requests / outcome.seconds };
    },
    async stop() {
      await child.stop();
      await server.child.stop();
    },
  };
}
