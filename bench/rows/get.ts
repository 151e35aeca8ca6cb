// A contestant in a row of small GETs: a server that runs for the whole row, and load on it in each round.
import { type Column, type Contestant, SOCKEYE } from "../contest.ts";
import { loadWithGets } from "../load/load.ts";
import { type RunningServer, sockeyeIsBuilt } from "../servers/start.ts";

export const NOT_BUILT = "not built";
export const NOT_INSTALLED = "not installed";

export const GET_COLUMNS: readonly Column[] = [
  { key: "cpu", title: "CPU µs/request", digits: 1 },
  { key: "rate", title: "requests/s", digits: 0 },
  { key: "latency", title: "median ms", digits: 2 },
];

export async function getContestant(
  name: string,
  starting: Promise<RunningServer | undefined>,
  path: string,
): Promise<Contestant> {
  const server = await starting;
  if (server === undefined) return { name, missing: NOT_INSTALLED };
  return {
    name,
    measure: (seconds) => loadWithGets(server, path, seconds),
    stop: () => server.child.stop(),
  };
}

export async function sockeyeContestant(
  starting: () => Promise<RunningServer>,
  path: string,
): Promise<Contestant> {
  if (!sockeyeIsBuilt()) return { name: SOCKEYE, missing: NOT_BUILT };
  return getContestant(SOCKEYE, starting(), path);
}
