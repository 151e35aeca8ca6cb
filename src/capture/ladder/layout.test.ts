import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { flowOf } from "../../../test/fixtures/ladder-flows.ts";
import {
  crowd,
  exerciseFlow,
  interimFlow,
  longFlow,
  lossyFlow,
  OPENING,
  oddFlow,
  request,
  response,
} from "../../../test/fixtures/ladder-scenes.ts";
import { CaptureAnalysis } from "../analysis.ts";
import { type Line, packetsOf } from "../conversation.contract.ts";
import { flowsOf } from "./flows.ts";
import type { Flow, Ladder, LadderFilter, LadderOptions } from "./ladder.ts";
import { layoutLadder } from "./layout.ts";
import { titleOf } from "./text-label.ts";

function laidOut(flows: Flow | readonly Flow[], options?: LadderOptions): Ladder {
  return layoutLadder({ flows: [flows].flat() }, options);
}

function linesOf({ rows }: Ladder): string[] {
  return rows.map(({ kind, from, label, packets, acknowledgements }) => {
    const words = [titleOf(label), ...label.details].join(", ");
    const folded = acknowledgements.length > 0 ? ` (${acknowledgements.join(" ")})` : "";
    return `${kind} ${from} | ${words} | ${packets.join(" ")}${folded}`;
  });
}

const HANDSHAKE = ["syn a | SYN | 0", "syn-ack b | SYN+ACK | 1", "ack a | ACK | 2"];

const cases: readonly {
  readonly name: string;
  readonly flow: Flow;
  readonly options?: LadderOptions;
  readonly rows: readonly string[];
}[] = [
  {
    name: "an exchange over one connection, ACKs folded into what they acknowledge",
    flow: exerciseFlow(),
    rows: [
      ...HANDSHAKE,
      "request a | GET / HTTP/1.1 | 3 (4)",
      "response b | HTTP/1.1 200 OK, 49 B body | 5 (6)",
      "request a | POST /Pingping HTTP/1.1, 36 B body | 7",
      "response b | HTTP/1.1 201 Created, 36 B body | 8 (9)",
      "fin a | FIN+ACK | 10",
      "ack b | ACK | 11",
      "fin b | FIN+ACK | 12",
      "ack a | ACK | 13",
    ],
  },
  {
    name: "a row for every message, one for the opening and one for the close",
    flow: exerciseFlow(),
    options: { zoom: "exchanges" },
    rows: [
      "open a | connection opened, SYN, SYN+ACK, ACK | 0 1 2",
      "request a | GET / HTTP/1.1 | 3 (4)",
      "response b | HTTP/1.1 200 OK, 49 B body | 5 (6)",
      "request a | POST /Pingping HTTP/1.1, 36 B body | 7",
      "response b | HTTP/1.1 201 Created, 36 B body | 8 (9)",
      "close a | connection closed, FIN+ACK, ACK, FIN+ACK, ACK | 10 11 12 13",
    ],
  },
  {
    name: "a head and a body over several segments",
    flow: longFlow(),
    rows: [
      ...HANDSHAKE,
      "request a | PUT /files/고양이.txt HTTP/1.1, 4,000 B body, 2 segments | 3 4",
      "data a | body: 3 segments, 3,095 bytes | 5 7 8 (6 9)",
      "response b | HTTP/1.1 201 Created, 9 B body in 2 chunks | 10",
      "data b | body: 20 bytes, FIN | 11",
      "fin a | FIN+ACK | 12",
      "ack b | ACK | 13",
    ],
  },
  {
    name: "each segment and each ACK, if asked for",
    flow: longFlow(),
    options: { eachSegment: true, bareAcks: true },
    rows: [
      ...HANDSHAKE,
      "request a | PUT /files/고양이.txt HTTP/1.1, 4,000 B body | 3",
      "request a | PUT /files/고양이.txt HTTP/1.1, continued | 4",
      "data a | body: 1,460 bytes | 5",
      "ack b | ACK | 6",
      "data a | body: 1,460 bytes | 7",
      "data a | body: 175 bytes | 8",
      "ack b | ACK | 9",
      "response b | HTTP/1.1 201 Created, 9 B body in 2 chunks | 10",
      "data b | body: 20 bytes, FIN | 11",
      "fin a | FIN+ACK | 12",
      "ack b | ACK | 13",
    ],
  },
  {
    name: "an interim response, the body behind it, and a reset",
    flow: interimFlow(),
    rows: [
      ...HANDSHAKE,
      "request a | PUT /a HTTP/1.1, 12 B body | 3",
      "interim b | HTTP/1.1 100 Continue | 4",
      "data a | body: 12 bytes | 5",
      "response b | HTTP/1.1 204 No Content | 6",
      "rst a | RST+ACK | 7",
    ],
  },
  {
    name: "a reset close in one row",
    flow: interimFlow(),
    options: { zoom: "exchanges" },
    rows: [
      "open a | connection opened, SYN, SYN+ACK, ACK | 0 1 2",
      "request a | PUT /a HTTP/1.1, 12 B body, 2 segments | 3 5",
      "interim b | HTTP/1.1 100 Continue | 4",
      "response b | HTTP/1.1 204 No Content | 6",
      "rst a | connection reset, RST+ACK | 7",
    ],
  },
  {
    name: "a retransmission, a closed window and probes",
    flow: lossyFlow(),
    rows: [
      ...HANDSHAKE,
      "request a | GET /big HTTP/1.1 | 3",
      "response b | HTTP/1.1 200 OK, 4,000 B body | 4",
      "data b | body: 2 segments, 2,613 bytes | 5 7 (6 8)",
      "retransmission b | retransmission, 1,460 bytes | 9 (11)",
      "ack a | ACK, window 0 | 10",
      "keep-alive a | 2 keep-alives | 12 14 (13)",
    ],
  },
  {
    name: "the same with all of a message in one row",
    flow: lossyFlow(),
    options: { zoom: "exchanges" },
    rows: [
      "open a | connection opened, SYN, SYN+ACK, ACK | 0 1 2",
      "request a | GET /big HTTP/1.1 | 3",
      "response b | HTTP/1.1 200 OK, 4,000 B body, 3 segments, 1 sent again | 4 5 7 9 (6 8 10 11)",
      "keep-alive a | 2 keep-alives | 12 14 (13)",
    ],
  },
  {
    name: "two requests in one segment, on a connection whose beginning is missing",
    flow: oddFlow(),
    rows: [
      `request a | GET /${"deep/".repeat(12)}end?%1B[2J HTTP/1.1, and GET /나비/%E2%80%AE%20 HTTP/1.1 | 0`,
      "response b | HTTP/1.1 404 ê³\u00a0\\x9b31m | 1",
      "rst b | RST | 2",
    ],
  },
  {
    name: "TLS, which has no messages to show",
    flow: flowOf({
      http: false,
      notes: [{ from: "a", offset: 0, code: "TLS", message: "" }],
      steps: [
        ...OPENING,
        { at: 100, from: "client", flags: "PSH ACK", data: "x".repeat(517) },
        { at: 200, from: "server", flags: "ACK", data: "y".repeat(1448) },
        { at: 201, from: "server", flags: "PSH ACK", data: "y".repeat(600) },
      ],
    }),
    rows: [...HANDSHAKE, "data a | TLS: 517 bytes | 3", "data b | data: 2 segments, 2,048 bytes | 4 5"],
  },
];

describe("layoutLadder()", () => {
  for (const { name, flow, options, rows } of cases) {
    test(`shows ${name}`, () => {
      assert.deepEqual(linesOf(laidOut(flow, options)), rows);
    });
  }

  test("gives connections to one server its column, in the order of first use", () => {
    const { columns, connections } = laidOut(crowd(3));
    assert.deepEqual(
      columns.map(({ port, role }) => `${port} ${role}`),
      ["51000 client", "3091 server", "51001 client", "51002 client"],
    );
    assert.deepEqual(
      connections.map((connection) => connection.columns),
      [
        { a: 0, b: 1 },
        { a: 2, b: 1 },
        { a: 3, b: 1 },
      ],
    );
  });

  test("gives a connection of a socket to itself two columns", () => {
    const endpoint = { address: "127.0.0.1", port: 7 };
    const { columns, rows } = laidOut(flowOf({ client: endpoint, server: endpoint, steps: OPENING }));
    assert.equal(columns.length, 2);
    assert.ok(rows.every(({ source, destination }) => source !== destination));
  });

  test("names columns by the names of their addresses", () => {
    const names = new Map([["192.168.0.14", "snail.local"]]);
    const { columns } = layoutLadder({ flows: [exerciseFlow()], names });
    assert.deepEqual(
      columns.map(({ name }) => name),
      [undefined, "snail.local"],
    );
  });

  test("says for each row which bytes of which side it stands for", () => {
    const { rows } = laidOut(longFlow());
    const flow = longFlow();
    const end = flow.exchanges[0]?.request?.end ?? 0;
    assert.deepEqual(rows[3]?.stretches, [{ from: "a", start: 0, end: 1040 }]);
    assert.deepEqual(rows[4]?.stretches, [{ from: "a", start: 1040, end }]);
    assert.deepEqual(rows[0]?.stretches, []);
    assert.deepEqual(rows[4]?.messages[0], {
      exchange: 0,
      part: "request",
      begins: false,
      method: "PUT",
      target: "/files/%EA%B3%A0%EC%96%91%EC%9D%B4.txt",
      status: undefined,
      bodyLength: 4000,
      complete: true,
    });
  });

  test("leaves the byte of a keep-alive out of the stretches", () => {
    const probe = { from: "client", flags: "ACK", data: "x", offset: 0, notes: ["keep-alive"] } as const;
    const { rows } = laidOut(flowOf({ http: false, steps: [...OPENING, { at: 9, ...probe }] }));
    assert.deepEqual(rows.at(-1)?.stretches, []);
  });

  test("says what was captured and what was reconstructed, and never mixes them in a row of data", () => {
    assert.equal(laidOut(exerciseFlow()).source, "captured");
    assert.equal(laidOut(exerciseFlow(true)).source, "reconstructed");
    const text = response("HTTP/1.1 200 OK", "z".repeat(3000));
    const half = flowOf({
      steps: [
        { at: 0, from: "client", flags: "ACK", data: request("GET / HTTP/1.1") },
        { at: 1, from: "server", flags: "ACK", data: text.slice(0, 1000) },
        { at: 2, from: "server", flags: "ACK", data: text.slice(1000, 2000) },
        { at: 3, from: "server", flags: "ACK", data: text.slice(2000), reconstructed: true },
      ],
    });
    const ladder = laidOut(half);
    assert.equal(ladder.source, "both");
    assert.deepEqual(
      ladder.rows.map(({ packets, reconstructed }) => [packets, reconstructed]),
      [
        [[0], false],
        [[1], false],
        [[2], false],
        [[3], true],
      ],
    );
  });
});

// GET 200 on connection 0, DELETE 404 on 1, and on 2 GET 200 and POST 201: three, three and eleven rows.
const filters: readonly {
  readonly filter: LadderFilter;
  readonly connections: readonly number[];
  readonly requests: string;
  readonly filtered?: number;
}[] = [
  { filter: {}, connections: [0, 1, 2], requests: "GET GET POST DELETE" },
  { filter: { connections: [1] }, connections: [1], requests: "DELETE" },
  { filter: { methods: ["DELETE"] }, connections: [1], requests: "DELETE" },
  { filter: { methods: ["delete"] }, connections: [], requests: "" },
  { filter: { methods: ["POST", "DELETE"] }, connections: [1, 2], requests: "POST DELETE", filtered: 2 },
  { filter: { statuses: ["4xx"] }, connections: [1], requests: "DELETE" },
  { filter: { statuses: ["4XX", "201"] }, connections: [1, 2], requests: "POST DELETE", filtered: 2 },
  { filter: { statuses: ["20"] }, connections: [], requests: "" },
  { filter: { hosts: ["SNAIL.local"] }, connections: [2], requests: "GET POST" },
  {
    filter: { hosts: ["snail.local:10000"], methods: ["GET"] },
    connections: [2],
    requests: "GET",
    filtered: 2,
  },
  { filter: { hosts: ["192.168.0.14"], statuses: ["2xx"] }, connections: [0], requests: "GET" },
  { filter: { hosts: ["192.168.0.14"], connections: [2] }, connections: [], requests: "" },
  { filter: { hosts: ["snail"] }, connections: [], requests: "" },
];

for (const { filter, connections, requests, filtered = 0 } of filters) {
  test(`layoutLadder() with ${JSON.stringify(filter)} shows connections ${connections.join(" ") || "-"}`, () => {
    const snail = exerciseFlow(false, "snail.local:10000");
    const last = { ...snail, connection: { ...snail.connection, id: 2 } };
    const ladder = laidOut([...crowd(2), last], { filter });
    assert.deepEqual(
      ladder.connections.map(({ id }) => id),
      connections,
    );
    const methods = ladder.rows.flatMap(({ kind, messages }) =>
      kind === "request" ? [messages[0]?.method] : [],
    );
    assert.deepEqual(methods.sort().join(" "), requests.split(" ").sort().join(" "));
    assert.equal(ladder.filtered, filtered);
  });
}

const anyLine: fc.Arbitrary<Line> = fc.record({
  way: fc.constantFrom(">", "<"),
  flags: fc.constantFrom("S", "SA", "A", "A", "PA", "PA", "FA", "R", "RA", ""),
  sequence: fc.integer({ min: 0, max: 60 }),
  acknowledgement: fc.integer({ min: 0, max: 60 }),
  window: fc.constantFrom(0, 512),
  clientPort: fc.constantFrom(50_000, 50_001),
  text: fc.constantFrom(
    "",
    "",
    "x",
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
    "defghi",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ),
});

const anyOptions: fc.Arbitrary<LadderOptions> = fc.record({
  zoom: fc.constantFrom("exchanges", "segments"),
  eachSegment: fc.boolean(),
  bareAcks: fc.boolean(),
});

test("layoutLadder() has every segment in exactly one row, whatever the segments are", () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 40 }), anyOptions, (lines, options) => {
      const analysis = new CaptureAnalysis();
      const packets = packetsOf(lines);
      for (const packet of packets) analysis.add(packet);
      analysis.finish();
      const { rows } = laidOut(flowsOf(analysis), options);
      const shown = rows.flatMap((row) => [...row.packets, ...row.acknowledgements]);
      assert.deepEqual(
        shown.sort((one, other) => one - other),
        packets.map(({ index }) => index),
      );
      const firsts = rows.map((row) => row.packets[0] as number);
      assert.deepEqual(
        firsts,
        firsts.toSorted((one, other) => one - other),
      );
    }),
  );
});
