// Runs the installed development tools with the Node that runs this script: no shell, no PATH, any system.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The path of a package's command, as its own package.json names it. */
export function commandOf(packageName) {
  const folder = new URL(`../node_modules/${packageName}/`, import.meta.url);
  const { bin } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const entry =
    typeof bin === "string" ? bin : (bin?.[packageName.split("/").at(-1)] ?? Object.values(bin ?? {})[0]);
  if (entry === undefined) throw new Error(`Cannot run ${packageName}: its package.json names no command`);
  return fileURLToPath(new URL(entry, folder));
}

/** Runs Node with these arguments from the root; gives the exit code and all that it printed, in order. */
export function runNode(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal !== null) output += `\nended by ${signal}\n`;
      resolve({ code: code ?? 1, output });
    });
  });
}
