// Runs the four exercises, each against a server of its own, with the commands that the first comment of its file
// tells; only the server's port is one that the system chooses, and its folder a temporary one. Ends with 0 when
// everything was as the files say, otherwise with the exit code of the first that failed.
//
//   npm run build
//   node examples/run.mjs

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sockeye = join(root, "dist/cli/main.js");

/** Those that run now. */
const children = new Set();
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of children) child.kill("SIGTERM");
  });
}

/** Starts the built command; `ended` gives its exit code. */
function start(words, options) {
  const child = spawn(process.execPath, [sockeye, ...words], options);
  children.add(child);
  const ended = once(child, "close").then(([code]) => {
    children.delete(child);
    return code ?? 1;
  });
  return { child, ended };
}

/** The commands in a file's first comment: what is indented there, in words. */
async function commandsOf(file) {
  const text = await readFile(join(root, file), "utf8");
  const [comment] = /^(?:#.*\n)*/.exec(text);
  const lines = [...comment.matchAll(/^# {3}(\S.*)$/gm)].map(([, line]) => line.split(" "));
  const after = (...start) =>
    lines
      .filter((words) => start.every((word, index) => words[index] === word))
      .map((words) => words.slice(start.length));
  const [serve] = after("npx", "sockeye", "serve");
  const [run] = after("npx", "sockeye", "run");
  if (serve === undefined || run === undefined) {
    throw new Error(`Cannot run ${file}: its first comment does not tell how`);
  }
  return { folders: after("mkdir").flat(), serve, run };
}

/** Starts a server; resolves when it listens, with its port. Rejects when it ends before. */
function serverOf(words, cwd) {
  const server = start(["serve", ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [server.child.stdout, server.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        const port = /http:\/\/[^\s/]+(:\d+)\//.exec(output)?.[1];
        if (port !== undefined) resolve({ ...server, port });
      });
    }
    server.ended.then(() => reject(new Error(`The server has not started:\n${output}`)));
  });
}

/** Runs a file as its first comment tells; gives the exit code. */
async function runExample(file) {
  const { folders, serve, run } = await commandsOf(file);
  const port = `:${serve[serve.indexOf("--port") + 1]}`;
  const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
  try {
    await cp(join(root, "demo"), join(folder, "demo"), { recursive: true });
    for (const name of folders) await mkdir(join(folder, name));
    // Of an option that comes twice, the last is meant.
    const server = await serverOf([...serve, "--port", "0"], folder);
    try {
      const words = run.map((word) => word.replace(port, server.port));
      console.log(`$ sockeye run ${words.join(" ")}`);
      const code = await start(["run", ...words], { cwd: root, stdio: ["ignore", "inherit", "inherit"] })
        .ended;
      // The last request was to end it.
      if (code === 0 && serve.includes("--allow-end")) await server.ended;
      return code;
    } finally {
      server.child.kill("SIGTERM");
      await server.ended;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function main() {
  if (!existsSync(sockeye))
    throw new Error("Cannot run the examples: sockeye is not built. Run: npm run build");
  const files = (await readdir(join(root, "examples"))).filter((name) => name.endsWith(".hurl")).sort();
  let result = 0;
  for (const name of files) {
    const code = await runExample(`examples/${name}`);
    if (result === 0) result = code;
    if (interrupted) return 130;
  }
  return result;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = interrupted ? 130 : 1;
}
