// The built command on a pseudo-terminal that a test types on: made by python3's pty, or else by script(1).

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

const PYTHON = `import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))`;

type Maker = (words: readonly string[]) => readonly [string, readonly string[]];

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const MAKERS: readonly { readonly probe: readonly [string, readonly string[]]; readonly make: Maker }[] = [
  {
    probe: ["python3", ["-c", "import os, pty; os.waitstatus_to_exitcode"]],
    make: (words) => ["python3", ["-c", PYTHON, ...words]],
  },
  {
    probe: ["script", ["--version"]],
    make: (words) => ["script", ["-qec", `exec ${words.map(quoted).join(" ")}`, "/dev/null"]],
  },
];
const maker = MAKERS.find(({ probe: [command, args] }) => spawnSync(command, args).status === 0)?.make;

/** Why there is no pseudo-terminal to test on; false when there is. */
export const noPseudoTerminal: string | false =
  maker === undefined ? "neither python3 nor script(1) of util-linux is installed" : false;

export class ShellTerminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #watchers = new Set<() => void>();
  #shown = "";
  #read = 0;

  constructor(args: readonly string[], env: { readonly [name: string]: string }) {
    const [command, words] = (maker as Maker)([process.execPath, MAIN, "shell", ...args]);
    const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_OPTIONS: _node, ...rest } = process.env;
    this.#child = spawn(command, words, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...rest, TERM: "xterm-256color", ...env },
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#shown += text;
      for (const tell of this.#watchers) tell();
    });
    this.#ended = once(this.#child, "close").then(([code]) => {
      for (const tell of this.#watchers) tell();
      return code as number | null;
    });
  }

  /** Everything shown so far, colours and cursor movements included. */
  get shown(): string {
    return this.#shown;
  }

  /** Types keys, as they are. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits for something behind what was waited for last, without colours and cursor movements. */
  async shows(pattern: RegExp): Promise<string> {
    let ended = false;
    void this.#ended.then(() => {
      ended = true;
    });
    for (;;) {
      const text = stripVTControlCharacters(this.#shown.slice(this.#read)).replaceAll("\r", "");
      const found = pattern.exec(text);
      if (found !== null) {
        // Positions in what was stripped are not those of what was shown: all that has come counts as read.
        this.#read = this.#shown.length;
        return text;
      }
      if (ended) throw new Error(`ended before it showed ${pattern}:\n${text}`);
      await new Promise<void>((resolve) => {
        const tell = (): void => {
          this.#watchers.delete(tell);
          resolve();
        };
        this.#watchers.add(tell);
      });
    }
  }

  /** Types a line, and waits for what it shows and for the next prompt. */
  async line(typed: string, pattern: RegExp = /[●○] \S+> $/): Promise<string> {
    this.type(`${typed}\r`);
    return this.shows(pattern);
  }

  ended(): Promise<number | null> {
    return this.#ended;
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await this.#ended;
  }
}
