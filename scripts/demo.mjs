// The demo: every kind of mount side by side. What its server is told, and the data it begins with.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runNode } from "./tool.mjs";

/** Where the stores are, from the root; git does not look there. Removing it begins anew. */
const DATA = ".sockeye";
const COMMAND = "dist/cli/main.js";

/** The command line behind `sockeye`; it is meant for the root. */
export const serveDemo = [
  ["serve", "demo"],
  ["--mount", "/pages=pages:demo/pages"],
  ["--mount", `/kv=kv:${DATA}/values`],
  ["--mount", `/form=form:${DATA}/values`],
  ["--mount", `/animals=records:${DATA}/animals,schema=demo/animals.schema.json`],
].flat();

/** Imports the animals, once: those that were deleted since do not come back. Gives the exit code. */
export async function seedDemo() {
  const done = join(root, DATA, "animals-are-in");
  if (existsSync(done)) return 0;
  // --keep, because a start before this one may have been cut short.
  const what = ["demo/animals.json", `${DATA}/animals`, "--schema", "demo/animals.schema.json", "--keep"];
  const { code, output } = await runNode([COMMAND, "import", ...what]);
  if (code !== 0) {
    process.stderr.write(output);
    return code;
  }
  mkdirSync(join(root, DATA), { recursive: true });
  writeFileSync(done, "");
  return 0;
}
