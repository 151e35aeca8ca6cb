import assert from "node:assert/strict";
import { test } from "node:test";
import { crowd, exerciseFlow, interimFlow } from "../../../test/fixtures/ladder-scenes.ts";
import { ladderJson } from "./json.ts";
import { layoutLadder } from "./layout.ts";

test("ladderJson() has the shape that is documented", () => {
  const names = new Map([["192.168.0.14", "snail.local"]]);
  const ladder = layoutLadder({ flows: [exerciseFlow()], names });
  const text = ladderJson(ladder, { origin: "lab.pcapng" });
  const { rows, ...rest } = JSON.parse(text);
  assert.ok(text.endsWith("}\n"));
  assert.deepEqual(rest, {
    version: 1,
    zoom: "segments",
    source: "captured",
    caption:
      "Captured (lab.pcapng): 14 packets, 1 connection, 2 exchanges. Begins 2026-11-21 09:30:00.000000 UTC. 3 bare ACKs folded.",
    exchanges: 2,
    filtered: 0,
    columns: [
      { address: "192.168.0.15", port: 51744, name: null, role: "client" },
      { address: "192.168.0.14", port: 10000, name: "snail.local", role: "server" },
    ],
    connections: [{ id: 0, client: 0, server: 1, states: { client: "CLOSED", server: "LISTEN" } }],
  });
  assert.equal(rows.length, 11);
  assert.deepEqual(rows[4], {
    connection: 0,
    kind: "response",
    from: 1,
    to: 0,
    time: "2026-11-21T09:30:00.001290000Z",
    until: "2026-11-21T09:30:00.001290000Z",
    label: "HTTP/1.1 200 OK",
    details: ["49 B body", "application/json"],
    messages: [
      {
        exchange: 0,
        part: "response",
        begins: true,
        method: "GET",
        target: "/",
        status: 200,
        bodyLength: 49,
        complete: true,
      },
    ],
    notes: [],
    reconstructed: false,
    states: { client: "ESTABLISHED", server: "ESTABLISHED" },
    stretches: [{ from: "server", start: 0, end: 120 }],
    packets: [5],
    acknowledgements: [6],
  });
});

test("ladderJson() says null where something is not known", () => {
  const flow = interimFlow();
  const [first, second] = flow.segments;
  assert.ok(first !== undefined && second !== undefined);
  const segments = [{ ...first, time: undefined }];
  const { rows, connections } = JSON.parse(ladderJson(layoutLadder({ flows: [{ ...flow, segments }] })));
  assert.equal(rows[0].time, null);
  assert.equal(rows[0].until, null);
  assert.deepEqual(connections[0].states, { client: "CLOSED", server: null });
});

test("ladderJson() tells the client from the server when the first packet was the server's", () => {
  const [flow] = crowd(1);
  assert.ok(flow !== undefined);
  const { connection } = flow;
  const turned = {
    ...flow,
    connection: { ...connection, a: connection.b, b: connection.a, client: "b" as const },
    segments: flow.segments.map((segment) => ({
      ...segment,
      from: segment.from === "a" ? ("b" as const) : ("a" as const),
    })),
  };
  assert.deepEqual(
    JSON.parse(ladderJson(layoutLadder({ flows: [turned] }))),
    JSON.parse(ladderJson(layoutLadder({ flows: [flow] }))),
  );
});
