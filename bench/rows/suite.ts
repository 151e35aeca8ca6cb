// A file of a thousand entries, run from beginning to end, beside curl started once for each. Wall time: that is
// what somebody waits for.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCommand, start } from "../child.ts";
import { type Contestant, type Row, SOCKEYE } from "../contest.ts";
import { sockeyeIsBuilt, startFloor } from "../servers/start.ts";
import { NOT_BUILT } from "./get.ts";

const ENTRIES = 1000;
const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export const suiteRow: Row = {
  name: "suite",
  title: `sockeye run: a file of ${ENTRIES.toLocaleString("en")} entries, status and body checked`,
  columns: [{ key: "seconds", title: "seconds", digits: 2 }],
  targets: [{ column: "seconds", sense: "at most", limit: 1, peer: "curl, once each" }],
  mostRounds: 3,
  warmUp: false,
  async enter(folder) {
    const curl = findCommand("curl");
    const without = "curl is not installed";
    return [
      curl === undefined
        ? { name: "curl, once each", missing: without }
        : await contestant("curl, once each", (url) => eachByCurl(curl, url)),
      curl === undefined
        ? { name: "curl, all at once", missing: without }
        : await contestant("curl, all at once", (url) => ended(curl, curlWords(url, ENTRIES))),
      sockeyeIsBuilt()
        ? await contestant(SOCKEYE, (url) =>
            ended(process.execPath, [COMMAND, "run", "--test", fileFor(url, folder)]),
          )
        : { name: SOCKEYE, missing: NOT_BUILT },
    ];
  },
};

/** Each has a server of its own, the cheapest there is. */
async function contestant(name: string, work: (url: string) => Promise<void>): Promise<Contestant> {
  const server = await startFloor("greeting");
  const url = `http://127.0.0.1:${server.port}/greeting`;
  return {
    name,
    async measure() {
      const begin = performance.now();
      await work(url);
      return { seconds: (performance.now() - begin) / 1000 };
    },
    stop: () => server.child.stop(),
  };
}

function fileFor(url: string, folder: string): string {
  const file = join(folder, "thousand.hurl");
  writeFileSync(file, `GET ${url}\nHTTP 200\n[Asserts]\nbytes count > 0\n\n`.repeat(ENTRIES));
  return file;
}

async function eachByCurl(curl: string, url: string): Promise<void> {
  for (let entry = 0; entry < ENTRIES; entry += 1) await ended(curl, curlWords(url, 1));
}

/** With --fail, an answer other than 2xx or 3xx ends it with an error. */
function curlWords(url: string, times: number): string[] {
  const each = ["-o", "/dev/null", url];
  return ["--silent", "--fail", ...Array.from({ length: times }, () => each).flat()];
}

async function ended(command: string, words: readonly string[]): Promise<void> {
  const child = start(command, words);
  const code = await child.ended();
  if (code !== 0)
    throw new Error(`Cannot measure ${command}: it ended with ${code}, and said\n${child.output()}`);
}
