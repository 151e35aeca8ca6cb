import assert from "node:assert/strict";
import { appendFile, chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { History, hasCredentials, historyPath, MOST_LINES } from "./history.ts";

const folder = temporaryFolder();
let files = 0;
function newPath(): string {
  files += 1;
  return join(folder.path, `state-${files}`, "sockeye", "history");
}

const secrets = [
  "auth kim:secret",
  "AUTH bearer t",
  "header Authorization: Basic x",
  "header cookie: a=b",
  "header X-Api-Key: 5",
  "get x Authorization:Bearer\\ t",
  "get x 'Cookie:a=b; c=d'",
  "get http://kim:secret@127.0.0.1/x",
  "cd https://token@example.com/",
  "post login user=kim password=1234",
  "get x access_token==5",
];
for (const line of secrets) {
  test(`"${line}" is not for the history`, () => assert.ok(hasCredentials(line)));
}
for (const line of [
  "get author",
  "header X-A: b",
  "get http://127.0.0.1/a@b",
  "post x mail=a@b.c",
  "put x 나비: 야옹",
]) {
  test(`"${line}" is for the history`, () => assert.ok(!hasCredentials(line)));
}

test("lines are kept between runs, in a file that only its owner reads", async () => {
  const path = newPath();
  const first = new History(path);
  for (const line of ["get 나비", "get 나비", "", "auth a:b", "get x"]) first.add(line);
  assert.deepEqual(new History(path).lines, ["get 나비", "get x"]);
  if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("a file that others could read is closed to them", { skip: process.platform === "win32" }, async () => {
  const path = newPath();
  new History(path).add("get x");
  await chmod(path, 0o644);
  assert.deepEqual(new History(path).lines, ["get x"]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("two shells at once keep the lines of both", () => {
  const path = newPath();
  const one = new History(path);
  const other = new History(path);
  one.add("get 1");
  other.add("get 2");
  one.add("get 3");
  one.close();
  other.close();
  assert.deepEqual(new History(path).lines, ["get 1", "get 2", "get 3"]);
});

test("no more than the last lines are kept", async () => {
  const path = newPath();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Array.from({ length: MOST_LINES }, (_, i) => `get ${i}\n`).join(""));
  const history = new History(path);
  for (let more = 0; more < 5; more += 1) history.add(`get more${more}`);
  assert.equal(history.lines.length, MOST_LINES);
  // Another shell goes on with the file that takes the old one's place.
  const other = new History(path);
  history.close();
  other.add("get last");
  await appendFile(path, "");
  const kept = (await readFile(path, "utf8")).trimEnd().split("\n");
  assert.equal(kept.length, MOST_LINES + 1);
  assert.equal(kept[0], "get 5");
  assert.equal(kept.at(-1), "get last");
  assert.deepEqual(new History(path).lines.length, MOST_LINES);
});

test("a history that cannot be written is none, and no error", () => {
  const history = new History(join(folder.path, "nothing\0here"));
  history.add("get x");
  assert.deepEqual(history.lines, ["get x"]);
  history.close();
});

const places = [
  { env: { XDG_STATE_HOME: "/var/state" }, platform: "linux", path: "/var/state/sockeye/history" },
  { env: { XDG_STATE_HOME: "relative" }, platform: "linux", path: /\/\.local\/state\/sockeye\/history$/ },
  { env: {}, platform: "darwin", path: /\/\.local\/state\/sockeye\/history$/ },
  { env: { LOCALAPPDATA: "/appdata" }, platform: "win32", path: "/appdata/sockeye/history" },
] as const;
for (const { env, platform, path } of places) {
  test(`on ${platform} with ${JSON.stringify(env)} the history is at ${path}`, () => {
    const found = historyPath(env, platform).replaceAll("\\", "/");
    if (typeof path === "string") assert.equal(found, path);
    else assert.match(found, path);
  });
}
