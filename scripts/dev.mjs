// Builds and serves the demo, and again whenever something in src/ changes. Ctrl-C ends it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { join } from "node:path";
import { seedDemo, serveDemo } from "./demo.mjs";
import { root, runNode } from "./tool.mjs";

// An editor saves in several steps, and a checkout touches many files: wait until it is quiet.
const QUIET_MS = 150;

let server;
let timer;
let work = Promise.resolve();

async function stop() {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}

async function restart() {
  const { code, output } = await runNode(["scripts/build.mjs"]);
  if (code !== 0) {
    process.stderr.write(`${output}\nThe build failed; the last good server goes on.\n`);
    return;
  }
  await stop();
  if ((await seedDemo()) !== 0) return;
  const args = ["dist/cli/main.js", ...serveDemo, ...process.argv.slice(2)];
  // Out of the terminal's reach: Ctrl-C would count as one signal, and ours as the second, which quits at once.
  const detached = process.platform !== "win32";
  server = spawn(process.execPath, args, { cwd: root, stdio: "inherit", detached });
}

/** Lines up one more restart behind the one that runs. */
function schedule() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    work = work.then(restart);
  }, QUIET_MS);
}

const watcher = watch(join(root, "src"), { recursive: true }, (_event, name) => {
  if (name === null || !name.endsWith(".test.ts")) schedule();
});

async function end() {
  watcher.close();
  clearTimeout(timer);
  await work;
  await stop();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);

work = restart();
