// The completion scripts, run by the shells that they are for.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { sockeye } from "./fixtures/client-command.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
const scripts = new Map<string, string>();
const SHELLS = ["bash", "zsh", "fish"];

before(async () => {
  await writeFile(join(folder.path, "보고 서.txt"), "");
  await writeFile(join(folder.path, "body.json"), "");
  await mkdir(join(folder.path, "box"));
  for (const shell of SHELLS) {
    const { code, stdout, stderr } = await sockeye(["completion", shell]);
    assert.equal(code, 0, stderr);
    const path = join(folder.path, `completion.${shell}`);
    await writeFile(path, stdout);
    scripts.set(shell, path);
  }
});

function missing(shell: string): string | false {
  return spawnSync(shell, ["-c", "exit 0"]).status === 0 ? false : `${shell} is not installed`;
}

function inShell(shell: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd: folder.path, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout;
}

describe("the bash completion", { skip: missing("bash") }, () => {
  // As bash itself cuts a line: at "=", ":" and "@", too.
  function complete(...words: string[]): string[] {
    const list = words.map((word) => `'${word}'`).join(" ");
    const run = `source ${scripts.get("bash")}; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _sockeye; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const lines = inShell("bash", ["--norc", "-c", run]).split("\n");
    return lines.filter((line) => line !== "").sort();
  }

  const cases: { words: string[]; are?: string[]; contain?: string[] }[] = [
    { words: ["sockeye", ""], contain: ["serve", "completion", "help", "GET", "PUT"] },
    { words: ["sockeye", "se"], are: ["serve"] },
    { words: ["sockeye", "P"], are: ["PATCH", "POST", "PUT"] },
    { words: ["sockeye", "-v", "DEL"], are: ["DELETE"] },
    { words: ["sockeye", "GET", ""], are: [] },
    { words: ["sockeye", "--che"], are: ["--check-status"] },
    { words: ["sockeye", "GET", "x", "--time"], are: ["--timeout"] },
    { words: ["sockeye", "--pretty", ""], are: ["all", "colors", "format", "none"] },
    { words: ["sockeye", "--pretty", "=", "f"], are: ["format"] },
    { words: ["sockeye", "--pretty", "="], are: ["all", "colors", "format", "none"] },
    { words: ["sockeye", "-o", "bo"], are: ["body.json", "box"] },
    { words: ["sockeye", "PUT", "x", "@보"], are: ["@보고 서.txt"] },
    { words: ["sockeye", "PUT", "x", "@", "bod"], are: ["body.json"] },
    { words: ["sockeye", "PUT", "x", "a=@bod"], are: ["a=@body.json"] },
    { words: ["sockeye", "serve", "--lo"], are: ["--log"] },
    { words: ["sockeye", "serve", "--log", "j"], are: ["json"] },
    { words: ["sockeye", "completion", ""], are: ["bash", "fish", "zsh"] },
    { words: ["sockeye", "request", "O"], are: ["OPTIONS"] },
    { words: ["sockeye", "serve", ""], are: ["box"] },
    { words: ["sockeye", "serve", "--port", "80", "b"], are: ["box"] },
    { words: ["sockeye", "serve", "--port", "=", "80", "b"], are: ["box"] },
    { words: ["sockeye", "import", "bo"], are: ["body.json", "box"] },
    { words: ["sockeye", "import", "body.json", "b"], are: ["box"] },
    { words: ["sockeye", "import", "--keep", "-", "b"], are: ["box"] },
    { words: ["sockeye", "import", "--schema", "x", "bod"], are: ["body.json"] },
    { words: ["sockeye", "import", "--schema", "bod"], are: ["body.json"] },
    { words: ["sockeye", "import", "body.json", "box", "b"], are: [] },
    { words: ["sockeye", "import", "--re"], are: ["--replace"] },
    { words: ["sockeye", "export", "b"], are: ["box"] },
    { words: ["sockeye", "export", "box", "bod"], are: ["body.json"] },
    { words: ["sockeye", "--timeout", "5", "DEL"], are: ["DELETE"] },
  ];
  for (const { words, are, contain } of cases) {
    test(`completes ${words.join(" ")}`, () => {
      const completed = complete(...words);
      if (are !== undefined) assert.deepEqual(completed, are);
      for (const word of contain ?? [])
        assert.ok(completed.includes(word), `${word} in ${completed.join(" ")}`);
    });
  }

  test("knows every option that the help shows", async () => {
    for (const command of ["serve", "request", "shell", "run"]) {
      const help = (await sockeye([command, "--help"])).stdout.toString();
      const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w.-]+)/gm)].map(([, option = ""]) => option);
      assert.ok(options.length > 10);
      const completed = complete("sockeye", command, "--");
      for (const option of options) assert.ok(completed.includes(option), `${command} ${option}`);
    }
  });
});

describe("the zsh completion", { skip: missing("zsh") }, () => {
  test("is good zsh", () => {
    inShell("zsh", ["-f", "-n", scripts.get("zsh") ?? ""]);
  });

  test("can be read at start-up, after compinit", () => {
    const run = `autoload -Uz compinit; compinit -D -u; source ${scripts.get("zsh")}; print -r -- $_comps[sockeye]`;
    assert.equal(inShell("zsh", ["-f", "-c", run]), "_sockeye\n");
  });
});

describe("the fish completion", { skip: missing("fish") }, () => {
  function complete(line: string): string[] {
    const run = `source ${scripts.get("fish")}; complete -C '${line}'`;
    const lines = inShell("fish", ["--no-config", "-c", run]).split("\n");
    return lines
      .filter((found) => found !== "")
      .map((found) => found.split("\t")[0] ?? "")
      .sort();
  }

  test("is good fish", () => {
    inShell("fish", ["--no-execute", scripts.get("fish") ?? ""]);
  });

  const cases = [
    { line: "sockeye se", are: ["serve"] },
    { line: "sockeye PU", are: ["PUT"] },
    { line: "sockeye --pretty ", are: ["all", "colors", "format", "none"] },
    { line: "sockeye GET x --check", are: ["--check-status"] },
    { line: "sockeye serve --log j", are: ["json"] },
    { line: "sockeye completion z", are: ["zsh"] },
    { line: "sockeye PUT x @bod", are: ["@body.json"] },
    { line: "sockeye import bod", are: ["body.json"] },
    { line: "sockeye export b", are: ["body.json", "box/"] },
  ];
  for (const { line, are } of cases) {
    test(`completes ${line}`, () => assert.deepEqual(complete(line), are));
  }
});
