// The floor for a client: a socket for each lane, one constant request, and the answer counted, not parsed.
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { constantResponse, getRequest, HOST, KIBIBYTE } from "../wire.ts";
import { serveRuns } from "./runs.ts";

const port = Number(process.argv[2]);
const request = Buffer.from(getRequest(port, "/file.bin"), "latin1");
const size = constantResponse(KIBIBYTE).byteLength;

interface Lane {
  readonly socket: Socket;
  received: number;
  done: () => void;
}

const lanes = new Map<number, Lane>();

function openLane(number: number): Lane {
  const lane: Lane = { socket: connect({ host: HOST, port, noDelay: true }), received: 0, done: () => {} };
  lane.socket.on("data", (part) => {
    lane.received += part.byteLength;
    if (lane.received < size) return;
    lane.received -= size;
    lane.done();
  });
  lanes.set(number, lane);
  return lane;
}

serveRuns((number) => {
  const lane = lanes.get(number) ?? openLane(number);
  return new Promise((resolve) => {
    lane.done = resolve;
    lane.socket.write(request);
  });
});
