// Sockeye's client, from dist/ as a user gets it.
import { FIELDS, HOST } from "../wire.ts";
import { serveRuns } from "./runs.ts";

const { request } = await import(new URL("../../dist/index.js", import.meta.url).href);
const url = `http://${HOST}:${Number(process.argv[2])}/file.bin`;
const headers = Object.fromEntries(FIELDS);

serveRuns(async () => {
  const response = await request(url, { fields: headers });
  await response.body.bytes();
});
