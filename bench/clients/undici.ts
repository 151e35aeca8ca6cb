// undici's fastest promise interface, with a pool as wide as the load.
import { Pool } from "undici";
import { FIELDS, HOST } from "../wire.ts";
import { serveRuns } from "./runs.ts";

const pool = new Pool(`http://${HOST}:${Number(process.argv[2])}`, { connections: 32 });
const headers = Object.fromEntries(FIELDS);

serveRuns(async () => {
  const { body } = await pool.request({ path: "/file.bin", method: "GET", headers });
  await body.arrayBuffer();
});
