// The path that most requests take: a small file, from disk or from what the server keeps of it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Row } from "../contest.ts";
import { startFloor, startNginx, startNodeHttp, startSockeyeFiles } from "../servers/start.ts";
import { KIBIBYTE } from "../wire.ts";
import { GET_COLUMNS, getContestant, sockeyeContestant } from "./get.ts";

export const fileRow: Row = {
  name: "file",
  title: "GET a 1 KiB file, keep-alive, ten header fields",
  columns: GET_COLUMNS,
  targets: [
    { column: "cpu", sense: "at most", limit: 0.55, peer: "node:http" },
    { column: "cpu", sense: "at most", limit: 1.0, peer: "nginx" },
    { column: "cpu", sense: "at most", limit: 1.35, peer: "bare socket" },
  ],
  async enter(folder) {
    await writeFile(join(folder, "file.bin"), KIBIBYTE);
    return [
      await getContestant("bare socket", startFloor("kibibyte"), "/file.bin"),
      await getContestant("node:http", startNodeHttp("kibibyte"), "/file.bin"),
      await getContestant("nginx", startNginx(folder), "/file.bin"),
      await getContestant("nginx, files kept open", startNginx(folder, true), "/file.bin"),
      await sockeyeContestant(() => startSockeyeFiles(folder), "/file.bin"),
    ];
  },
};
