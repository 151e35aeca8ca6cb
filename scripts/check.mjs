// Everything that can be said about the code without running it. One line for each step; the whole output of
// a step that fails; exit code 1 if any did.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { commandOf, root, runNode } from "./tool.mjs";

// Quoted, so that a comment or a message may still speak of these.
const HTTP_LIBRARY = /["'](?:node:)?(?:https?|http2|undici)["']/;

/** Says which built files load an HTTP library: the package has its own. */
function findHttpLibraries() {
  const dist = join(root, "dist");
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => join(entry.parentPath, entry.name));
  const guilty = files.filter((file) => HTTP_LIBRARY.test(loadsOf(readFileSync(file, "utf8"))));
  if (files.length === 0) return { code: 1, output: "Cannot find any built file in dist/\n" };
  return {
    code: guilty.length === 0 ? 0 : 1,
    output: guilty.map((file) => `${relative(root, file)} loads an HTTP library\n`).join(""),
  };
}

/** The parts of a module that load another: static, dynamic and required. */
function loadsOf(text) {
  return (text.match(/\b(?:from|import|require|getBuiltinModule)\s*\(?\s*["'][^"'\n]+["']/g) ?? []).join(
    "\n",
  );
}

const steps = [
  ["format and lint", () => runNode([commandOf("@biomejs/biome"), "check", "--error-on-warnings", "."])],
  ["types", () => runNode([commandOf("typescript"), "-p", "tsconfig.json"])],
  ["unused code", () => runNode([commandOf("knip")])],
  ["build", () => runNode(["scripts/build.mjs"])],
  ["no HTTP library in dist", findHttpLibraries],
  ["package", () => runNode([commandOf("publint"), "--strict"])],
];

let failures = 0;
for (const [name, run] of steps) {
  const start = performance.now();
  const { code, output } = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"}  ${name.padEnd(24)} ${seconds.padStart(5)} s\n`);
  if (code === 0) continue;
  failures += 1;
  process.stdout.write(`${output.trimEnd()}\n\n`);
}
if (failures > 0) process.stdout.write(`${failures} of ${steps.length} steps failed\n`);
process.exitCode = failures > 0 ? 1 : 0;
