// Builds dist/ from src/: one JavaScript file and its declarations for each source file. Prints only what went wrong.
import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { commandOf, root, runNode } from "./tool.mjs";

rmSync(join(root, "dist"), { recursive: true, force: true });
const { code, output } = await runNode([commandOf("typescript"), "-p", "tsconfig.build.json"]);
if (code !== 0) {
  process.stderr.write(output);
  process.exit(code);
}

// tsc writes plain files; npx and a checkout's own link both need the command to be executable.
const command = join(root, "dist/cli/main.js");
if (existsSync(command)) chmodSync(command, 0o755);
