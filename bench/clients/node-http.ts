// Node's own client with a keep-alive agent.
import { Agent, get } from "node:http";
import { FIELDS, HOST } from "../wire.ts";
import { serveRuns } from "./runs.ts";

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const headers = Object.fromEntries(FIELDS);

serveRuns(
  () =>
    new Promise((resolve, reject) => {
      get({ host: HOST, port, path: "/file.bin", agent, headers }, (response) => {
        const parts: Uint8Array[] = [];
        response.on("data", (part: Uint8Array) => parts.push(part));
        response.on("end", () => resolve());
        response.on("error", reject);
      }).on("error", reject);
    }),
);
