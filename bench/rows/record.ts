// One record out of a thousand, beside json-server where it is installed.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Row } from "../contest.ts";
import { type RunningServer, startJsonServer, startNodeHttp, startSockeyeMounts } from "../servers/start.ts";
import { HOST } from "../wire.ts";
import { GET_COLUMNS, getContestant, sockeyeContestant } from "./get.ts";

const RECORDS = 1000;

export const recordRow: Row = {
  name: "record",
  title: `GET one of ${RECORDS} records, ten header fields`,
  columns: GET_COLUMNS,
  targets: [{ column: "cpu", sense: "at most", limit: 1.0, peer: "node:http" }],
  async enter(folder) {
    const file = join(folder, "db.json");
    const animals = Array.from({ length: RECORDS }, (_, number) => ({
      id: `animal-${number}`,
      ...recordOf(number),
    }));
    await writeFile(file, JSON.stringify({ animals }));
    return [
      await getContestant("node:http", startNodeHttp("greeting"), "/animals/animal-500"),
      await getContestant("json-server", startJsonServer(file), "/animals/animal-500"),
      await sockeyeContestant(() => startRecords(folder), "/animals/animal-500"),
    ];
  },
};

function recordOf(number: number): { readonly type: string; readonly age: number; readonly leg: number } {
  return { type: number % 2 === 0 ? "snail" : "salmon", age: number % 30, leg: 0 };
}

async function startRecords(folder: string): Promise<RunningServer> {
  const server = await startSockeyeMounts([`/animals=records:${join(folder, "records")}`]);
  for (let number = 0; number < RECORDS; number += 1) {
    const answer = await fetch(`http://${HOST}:${server.port}/animals/animal-${number}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(recordOf(number)),
    });
    if (!answer.ok) throw new Error(`Cannot fill the store: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  return server;
}
