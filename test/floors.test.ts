// The floors hold: what the linter says to every room that reaches for a higher floor, for a room on its own
// floor, round in a circle, or for Node's HTTP. Knows biome.json and the house plan, nothing of src/.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");

const FLOORS = [
  ["protocol", "net", "store", "text"],
  ["semantics", "capture"],
  ["message"],
  ["server", "client"],
  ["resource", "inspector", "suite", "check"],
  ["cli"],
];
const ROOMS = FLOORS.flatMap((names, index) => names.map((name) => ({ name, floor: index + 1 })));

/** One file with one import, and what the linter's answer must contain; undefined where it is right. */
interface Case {
  readonly test: string;
  readonly file: string;
  readonly specifier: string;
  readonly answer: string | undefined;
}

/** Every room against every room: from a flat file, from a sub-folder, from a test. */
function betweenRooms(): Case[] {
  return ROOMS.flatMap((from) =>
    ROOMS.flatMap((to) => {
      const legal = from === to || to.floor < from.floor;
      const answer = legal ? undefined : `noRestrictedImports Floor ${from.floor}: ${from.name}/`;
      const which = to.floor > from.floor ? "a room on a higher floor" : "another room on its own floor";
      const name = legal ? "may import its own room and lower floors" : `must not import ${which}`;
      return [
        { file: `src/${from.name}/to-${to.name}.ts`, specifier: `../${to.name}/x.ts` },
        { file: `src/${from.name}/to-${to.name}.test.ts`, specifier: `../${to.name}/x.ts` },
        { file: `src/${from.name}/sub/to-${to.name}.ts`, specifier: `../../${to.name}/x.ts` },
      ].map((place) => ({ test: `${from.name}/ ${name}`, ...place, answer }));
    }),
  );
}

/** Modules that no room may import, and those that only some may. */
function outsideRooms(): Case[] {
  const never = ["node:http", "node:https", "node:http2", "undici", "../index.ts"];
  const rows = [
    ...ROOMS.map(({ name }) => ({ room: name, not: never, may: ["node:buffer", "./x.ts"] })),
    { room: "protocol", not: ["node:crypto", "node:fs/promises", "node:net"], may: [] },
    { room: "text", not: ["node:fs", "node:net", "node:util"], may: [] },
    { room: "semantics", not: ["node:fs", "node:fs/promises", "node:net"], may: ["node:crypto"] },
    { room: "net", not: [], may: ["node:net", "node:tls"] },
    { room: "store", not: [], may: ["node:fs/promises"] },
  ];
  return rows.flatMap(({ room, not, may }) => [
    ...not.map((specifier) => outside(`${room}/ must not import ${not.join(", ")}`, room, specifier, true)),
    ...may.map((specifier) => outside(`${room}/ may import ${may.join(", ")}`, room, specifier, false)),
  ]);
}

function outside(name: string, room: string, specifier: string, restricted: boolean): Case {
  const file = `src/${room}/${specifier.replaceAll(/[^a-z0-9]/g, "-")}.ts`;
  return { test: name, file, specifier, answer: restricted ? "noRestrictedImports Floor " : undefined };
}

function circles(): Case[] {
  return ROOMS.flatMap(({ name }) =>
    ["half", "whole"].map((file, index, both) => ({
      test: `${name}/ must not import in a circle`,
      file: `src/${name}/${file}.ts`,
      specifier: `./${both[1 - index]}.ts`,
      answer: "noImportCycles This import is part of a cycle",
    })),
  );
}

const cases: Case[] = [
  ...betweenRooms(),
  ...outsideRooms(),
  ...circles(),
  {
    test: "index.ts may import server/",
    file: "src/index.ts",
    specifier: "./server/x.ts",
    answer: undefined,
  },
];

let folder = "";
const answers = new Map<string, string>();

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** One run over a tree with every case in it. Its exit code says nothing: there is always a complaint. */
function lint(): Promise<string> {
  const args = [BIOME, "lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "src"];
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-floors-"));
  await copyFile(join(ROOT, "biome.json"), join(folder, "biome.json"));
  await copyFile(join(ROOT, "package.json"), join(folder, "package.json"));
  for (const { name } of ROOMS) await write(`src/${name}/x.ts`, "export const x = 1;\n");
  for (const { file, specifier } of cases) await write(file, `import ${JSON.stringify(specifier)};\n`);
  const output = await lint();
  for (const [, rule, file, message] of output.matchAll(
    /^::\w+ title=[\w/]*\/(\w+),file=(.+?),.*?::(.*)$/gm,
  )) {
    const known = String(file)
      .replaceAll("\\", "/")
      .replace(/^.*?(?=src\/)/, "");
    answers.set(known, `${answers.get(known) ?? ""}${rule} ${message}\n`);
  }
  assert.notEqual(answers.size, 0, `Cannot read the linter's answers:\n${output.slice(0, 2000)}`);
});

after(() => rm(folder, { recursive: true, force: true }));

for (const name of new Set(cases.map((one) => one.test))) {
  test(name, () => {
    for (const { file, specifier, answer } of cases.filter((one) => one.test === name)) {
      const given = answers.get(file) ?? "";
      const right =
        answer === undefined ? !/noRestrictedImports|noImportCycles/.test(given) : given.includes(answer);
      assert.ok(right, `${file} imports ${specifier}: the linter said "${given.trimEnd()}", not "${answer}"`);
    }
  });
}
