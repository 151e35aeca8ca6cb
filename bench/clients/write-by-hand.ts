// A durable write by hand, as a careful program does it: a new file beside the target, fsync, rename, fsync of
// the folder.
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { KIBIBYTE } from "../wire.ts";
import { serveRuns } from "./runs.ts";

const folder = process.argv[2] ?? "";
let turn = 0;

serveRuns(async (lane) => {
  const target = join(folder, `c${lane}-${turn++ % 16}.bin`);
  const beside = `${target}.${lane}.new`;
  const file = await open(beside, "w");
  await file.write(KIBIBYTE);
  await file.sync();
  await file.close();
  await rename(beside, target);
  const parent = await open(folder, "r");
  await parent.sync();
  await parent.close();
});
