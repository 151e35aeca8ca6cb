import assert from "node:assert/strict";
import { test } from "node:test";
import { type FlowParts, flowOf, type Step } from "../../../test/fixtures/ladder-flows.ts";
import { OPENING } from "../../../test/fixtures/ladder-scenes.ts";
import { initialStates, StateFollower } from "./tcp-states.ts";

interface Case {
  readonly name: string;
  readonly opening?: "middle";
  readonly steps: readonly (readonly [string, Partial<Step>?])[];
  /** Client and server, before all and behind each step. */
  readonly states: readonly string[];
}

const OPENED = [
  "CLOSED LISTEN",
  "SYN-SENT SYN-RECEIVED",
  "ESTABLISHED SYN-RECEIVED",
  "ESTABLISHED ESTABLISHED",
];
const OPEN: Case["steps"] = [["> SYN"], ["< SYN ACK"], ["> ACK"]];

const cases: readonly Case[] = [
  {
    name: "a handshake and a close with four segments, by the client",
    steps: [...OPEN, ["> FIN ACK"], ["< ACK"], ["< FIN ACK"], ["> ACK"]],
    states: [
      ...OPENED,
      "FIN-WAIT-1 CLOSE-WAIT",
      "FIN-WAIT-2 CLOSE-WAIT",
      "TIME-WAIT LAST-ACK",
      "TIME-WAIT CLOSED",
    ],
  },
  {
    name: "a close with three segments, by the server",
    steps: [...OPEN, ["< FIN ACK"], ["> FIN ACK"], ["< ACK"]],
    states: [...OPENED, "CLOSE-WAIT FIN-WAIT-1", "LAST-ACK TIME-WAIT", "CLOSED TIME-WAIT"],
  },
  {
    name: "a simultaneous close: neither FIN acknowledges the other",
    steps: [...OPEN, ["> FIN ACK"], ["< FIN"], ["> ACK"], ["< ACK"]],
    states: [
      ...OPENED,
      "FIN-WAIT-1 CLOSE-WAIT",
      "CLOSING CLOSING",
      "CLOSING TIME-WAIT",
      "TIME-WAIT TIME-WAIT",
    ],
  },
  {
    name: "nobody listens: the answer is a reset",
    steps: [["> SYN"], ["< RST ACK"]],
    states: ["CLOSED CLOSED", "SYN-SENT CLOSED", "CLOSED CLOSED"],
  },
  {
    name: "nobody answers, so nothing is said of the server",
    steps: [["> SYN"], ["> SYN", { notes: ["retransmission"] }]],
    states: ["CLOSED ?", "SYN-SENT ?", "SYN-SENT ?"],
  },
  {
    name: "a handshake that is given up: the server listens again",
    steps: [["> SYN"], ["< SYN ACK"], ["> RST"]],
    states: [...OPENED.slice(0, 3), "CLOSED LISTEN"],
  },
  {
    name: "a SYN that was not captured",
    steps: [["< SYN ACK"], ["> ACK"]],
    states: ["SYN-SENT LISTEN", "ESTABLISHED SYN-RECEIVED", "ESTABLISHED ESTABLISHED"],
  },
  {
    name: "a connection that was open before the capture began",
    opening: "middle",
    steps: [["> PSH ACK", { data: "x" }], ["< RST"]],
    states: ["ESTABLISHED ESTABLISHED", "ESTABLISHED ESTABLISHED", "CLOSED CLOSED"],
  },
  {
    name: "data with the FIN, and its repetition",
    steps: [...OPEN, ["> FIN PSH ACK", { data: "bye" }], ["> FIN PSH ACK", { data: "bye", offset: 0 }]],
    states: [...OPENED, "FIN-WAIT-1 CLOSE-WAIT", "FIN-WAIT-1 CLOSE-WAIT"],
  },
  {
    name: "a reset that the window does not hold changes nothing",
    steps: [...OPEN, ["< RST", { notes: ["outside"] }]],
    states: [...OPENED, "ESTABLISHED ESTABLISHED"],
  },
  {
    name: "a FIN ahead of a gap counts once it is acknowledged",
    steps: [...OPEN, ["< FIN ACK", { data: "end", notes: ["ahead"] }], ["> ACK"]],
    states: [...OPENED, "ESTABLISHED FIN-WAIT-1", "CLOSE-WAIT FIN-WAIT-2"],
  },
];

for (const { name, opening, steps, states } of cases) {
  test(`states: ${name}`, () => {
    const parts: FlowParts = {
      ...(opening === undefined ? {} : { opening }),
      http: false,
      steps: steps.map(([text, more], at) => ({
        at,
        from: text.startsWith(">") ? "client" : "server",
        flags: text.slice(2),
        ...more,
      })),
    };
    const { connection, segments } = flowOf(parts);
    const initial = initialStates(connection, segments);
    const follower = new StateFollower(initial);
    const told = [initial, ...segments.map((segment) => follower.take(segment))];
    assert.deepEqual(
      told.map(({ a, b }) => `${a ?? "?"} ${b ?? "?"}`),
      states,
    );
  });
}

test("states: the side that sent the first packet need not be the client", () => {
  const { connection, segments } = flowOf({ steps: OPENING });
  const turned = { ...connection, a: connection.b, b: connection.a, client: "b" as const };
  const swapped = segments.map(
    (segment) => ({ ...segment, from: segment.from === "a" ? "b" : "a" }) as const,
  );
  const initial = initialStates(turned, swapped);
  const follower = new StateFollower(initial);
  assert.deepEqual(initial, { a: "LISTEN", b: "CLOSED" });
  const told = swapped.map((segment) => follower.take(segment));
  assert.deepEqual(told.at(-1), { a: "ESTABLISHED", b: "ESTABLISHED" });
});
