import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { complete } from "./completion.ts";

const folder = temporaryFolder();
before(async () => {
  await writeFile(join(folder.path, "본문.json"), "");
  await mkdir(join(folder.path, "box"));
});

const KNOWN = { targets: async () => ["Pingping", "Pongpong", "나비", "tails/"], headerNames: ["X-Cat"] };

const cases: { line: string; offers: string[]; replaced: string }[] = [
  { line: "pu", offers: ["put "], replaced: "pu" },
  { line: "PA", offers: ["PATCH "], replaced: "PA" },
  { line: "he", offers: ["head ", "header ", "headers ", "help "], replaced: "he" },
  { line: "get P", offers: ["Pingping", "Pongpong"], replaced: "P" },
  { line: "get 나", offers: ["나비"], replaced: "나" },
  { line: "get x ", offers: [], replaced: "" },
  { line: "cd ", offers: ["tails/"], replaced: "" },
  { line: "header if-m", offers: ["If-Match: ", "If-Modified-Since: "], replaced: "if-m" },
  { line: "unset ", offers: ["X-Cat "], replaced: "" },
  { line: "help hea", offers: ["head ", "header ", "headers "], replaced: "hea" },
  { line: "as ", offers: ["curl", "http", "httpie", "hurl"], replaced: "" },
  { line: "last ", offers: ["-v"], replaced: "" },
  { line: "headers x", offers: [], replaced: "x" },
];
for (const { line, offers, replaced } of cases) {
  test(`Tab behind "${line}" offers ${offers.length}`, async () => {
    assert.deepEqual(await complete(line, KNOWN), [offers, replaced]);
  });
}

test("Tab offers files behind source, and behind @", async () => {
  const path = `${folder.path}/`;
  assert.deepEqual((await complete(`source ${path}`, KNOWN))[0], [`${path}box/`, `${path}본문.json`]);
  assert.deepEqual((await complete(`put x @${path}본`, KNOWN))[0], [`@${path}본문.json`]);
  assert.deepEqual((await complete(`put x a=@${path}b`, KNOWN))[0], [`a=@${path}box/`]);
});
