// Builds the command, then runs the tests straight from source: all of them, or those whose path contains one of the words given.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { root, runNode } from "./tool.mjs";

// Node 20's own runner takes no patterns, so the files are found here.
const files = ["src", "test"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
  .sort();

const words = process.argv.slice(2);
const chosen = words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
if (chosen.length === 0) {
  process.stderr.write(
    `Cannot find a test whose path contains ${words.join(" or ")}; there are ${files.length} files\n`,
  );
  process.exit(1);
}

// End-to-end tests run the command as it is shipped: built.
const build = await runNode(["scripts/build.mjs"]);
if (build.code !== 0) {
  process.stderr.write(build.output);
  process.exit(build.code);
}

const options = ["--import", "tsx", "--test", "--test-concurrency=2", "--test-reporter=spec"];
const child = spawn(process.execPath, [...options, ...chosen], { cwd: root, stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
