import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { readWords } from "../command-words.ts";
import { planCommand } from "../request-plan.ts";
import { curlCommand } from "./curl.ts";

const U = "http://127.0.0.1:3091";

async function commandFor(words: string[], raw?: string, bodyFile?: string): Promise<string> {
  const flags = { decode: true, ignoreStdin: true as const, ...(raw === undefined ? {} : { raw }) };
  const planning = { flags, signal: new AbortController().signal, note: () => undefined };
  return curlCommand(await planCommand(readWords(words), planning), bodyFile);
}

const cases: { words: string[]; raw?: string; is: string }[] = [
  { words: ["GET", `${U}/나비`], is: `curl -i --compressed ${U}/%EB%82%98%EB%B9%84` },
  { words: ["HEAD", `${U}/x`], is: `curl -i -I --compressed ${U}/x` },
  { words: ["DELETE", `${U}/x?a=b&c`], is: `curl -i -X DELETE --compressed '${U}/x?a=b&c'` },
  { words: ["POST", `${U}/x`], is: `curl -i -X POST --compressed ${U}/x` },
  {
    words: ["POST", `${U}/x`],
    raw: "it's 나비",
    is: `curl -i --compressed -H 'Content-Type: text/plain; charset=utf-8' --data-raw 'it'\\''s 나비' ${U}/x`,
  },
  {
    words: ["PUT", `${U}/x`, "a=1"],
    is: `curl -i -X PUT --compressed -H 'Accept: application/json, */*;q=0.5' -H 'Content-Type: application/json' --data-raw '{"a": "1"}' ${U}/x`,
  },
  {
    words: ["GET", `${U}/x`, "X-A:b c", "User-Agent:"],
    is: `curl -i --compressed -H 'X-A: b c' -H user-agent: ${U}/x`,
  },
  { words: ["GET", `${U}/x`, "X-A;"], is: `curl -i --compressed -H 'X-A;' ${U}/x` },
  {
    words: ["PUT", `${U}/x`, "Content-Type:"],
    raw: "a",
    is: `curl -i -X PUT --compressed -H content-type: --data-raw a ${U}/x`,
  },
  { words: ["OPTIONS", `${U}*`], is: `curl -i -X OPTIONS --compressed --request-target '*' ${U}/` },
  { words: ["GET", `${U}/x[1]`], is: `curl -i --compressed -g '${U}/x[1]'` },
  {
    words: ["GET", "unix:/run/x.sock:/a"],
    is: "curl -i --compressed --unix-socket /run/x.sock http://localhost/a",
  },
];
for (const { words, raw, is } of cases) {
  test(`curlCommand() for ${words.join(" ")} is ${is}`, async () => {
    assert.equal(await commandFor(words, raw), is);
  });
}

test("a body out of a file stays in the file", async () => {
  assert.match(await commandFor(["PUT", `${U}/x`], "a", "내 파일.txt"), / --data-binary '@내 파일\.txt' /);
});

const noShell = spawnSync("sh", ["-c", "exit 0"]).status === 0 ? false : "there is no POSIX shell";
test("a shell reads every word as it was meant", { skip: noShell }, async () => {
  const body = "a 'b' \"c\" $HOME `id` \\n !x\n* 나비";
  const command = await commandFor(["PUT", `${U}/x`], body);
  const { stdout } = spawnSync("sh", ["-c", `set -- ${command}; printf '%s\\0' "$@"`], { encoding: "utf8" });
  assert.equal(stdout.split("\0").at(-3), body);
});
