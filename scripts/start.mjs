// Serves the demo with the built command. More options may follow: `npm start -- --port 8080`.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { seedDemo, serveDemo } from "./demo.mjs";
import { root } from "./tool.mjs";

process.chdir(root);
const code = await seedDemo();
if (code !== 0) process.exit(code);
// The command runs in this process, as if typed: signals reach it and its exit code leaves by themselves.
const command = join(root, "dist/cli/main.js");
process.argv = [process.execPath, command, ...serveDemo, ...process.argv.slice(2)];
await import(pathToFileURL(command).href);
