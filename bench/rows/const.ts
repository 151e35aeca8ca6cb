// What the server itself costs, with nothing behind it.
import type { Row } from "../contest.ts";
import { startFloor, startNginx, startNodeHttp, startSockeyeConstant } from "../servers/start.ts";
import { GET_COLUMNS, getContestant, sockeyeContestant } from "./get.ts";

export const constRow: Row = {
  name: "const",
  title: "GET a constant answer of 13 bytes from a handler, ten header fields",
  columns: GET_COLUMNS,
  targets: [{ column: "cpu", sense: "at most", limit: 0.6, peer: "node:http" }],
  async enter(folder) {
    return [
      await getContestant("bare socket", startFloor("greeting"), "/greeting"),
      await getContestant("node:http", startNodeHttp("greeting"), "/greeting"),
      await getContestant("nginx", startNginx(folder), "/greeting"),
      await sockeyeContestant(startSockeyeConstant, "/greeting"),
    ];
  },
};
