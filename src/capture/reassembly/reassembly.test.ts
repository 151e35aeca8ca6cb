import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  CLIENT_PORT,
  exchangeOf,
  HANDSHAKE,
  type Line,
  packetAt,
  packetsOf,
  SERVER_PORT,
} from "../conversation.contract.ts";
import { decodePacket } from "../decode.ts";
import type { Packet, Side, StreamPart } from "../model.ts";
import type { ConnectionEvent } from "./events.ts";
import { bytesBetween, ConnectionHistory, carriersOf, partsBetween } from "./history.ts";
import { clientByPorts } from "./roles.ts";
import { ConnectionTracker, type TrackerOptions } from "./tracker.ts";

interface Outcome {
  readonly events: readonly ConnectionEvent[];
  readonly history: ConnectionHistory;
}

/** What a tracker tells of packets, after the last of which the capture ends. */
function track(packets: readonly Packet[], options: TrackerOptions & { finish?: boolean } = {}): Outcome {
  const tracker = new ConnectionTracker(options);
  const history = new ConnectionHistory();
  const events: ConnectionEvent[] = [];
  for (const packet of packets) {
    const opened = decodePacket(packet);
    if (opened.kind === "tcp") events.push(...tracker.add(opened));
  }
  if (options.finish !== false) events.push(...tracker.finish());
  for (const event of events) history.take(event);
  return { events, history };
}

/** A part in a word: its text, or the size of a gap. */
function shown(part: StreamPart): string {
  return part.kind === "gap" ? `[${part.end - part.start}]` : Buffer.from(part.bytes).toString("latin1");
}

function streamOf({ history }: Outcome, from: Side, index: number = 0): string {
  return (history.connections[index]?.streams[from] ?? []).map(shown).join("|");
}

function notesOf({ history }: Outcome, index: number = 0): string[] {
  return (history.connections[index]?.segments ?? []).map(({ notes }) => notes.join(" "));
}

const whole = exchangeOf([
  { way: ">", text: "hello" },
  { way: "<", text: "there" },
]);

test("a whole conversation gives a connection from its handshake to its close", () => {
  const outcome = track(packetsOf(whole));
  assert.deepEqual(
    outcome.events.flatMap((event) =>
      event.type === "segment" ? [] : [`${event.type} ${"from" in event ? event.from : ""}`],
    ),
    ["opened ", "part a", "part b", "finished a", "finished b", "closed "],
  );
  const [record] = outcome.history.connections;
  assert.deepEqual(record?.connection.a, { address: "127.0.0.1", port: CLIENT_PORT });
  assert.deepEqual(record?.connection.b, { address: "127.0.0.2", port: SERVER_PORT });
  const { client, clientBy, opening, state, id } = record?.connection ?? {};
  assert.deepEqual(
    { client, clientBy, opening, state, id },
    { client: "a", clientBy: "handshake", opening: "handshake", state: "closed", id: 0 },
  );
  assert.deepEqual(
    record?.segments.map(({ from, start, end, acknowledges }) => [from, start, end, acknowledges]),
    [
      ["a", 0, 0, undefined],
      ["b", 0, 0, 0],
      ["a", 0, 0, 0],
      ["a", 0, 5, 0],
      ["b", 0, 0, 5],
      ["b", 0, 5, 5],
      ["a", 5, 5, 5],
      ["a", 5, 5, 5],
      ["b", 5, 5, 6],
      ["a", 6, 6, 6],
    ],
  );
  assert.deepEqual(
    notesOf(outcome).filter((note) => note !== ""),
    [],
  );
});

test("bytes know the packet that they came in, and where they stand in it", () => {
  const packets = packetsOf(whole);
  const [part] = track(packets).history.connections[0]?.streams.a ?? [];
  assert.ok(part?.kind === "bytes");
  assert.equal(part.packet, 3);
  const { bytes } = packets[3] as Packet;
  assert.equal(Buffer.from(bytes.subarray(part.packetAt, part.packetAt + 5)).toString(), "hello");
});

/** Lines of the client behind a handshake, and what the client's stream and the notes on those lines are. */
const streams: { name: string; lines: Line[]; stream: string; notes?: string[] }[] = [
  {
    name: "segments out of order are put in order",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "abc|def",
    notes: ["ahead", "out-of-order"],
  },
  {
    name: "a retransmission adds nothing",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "abc",
    notes: ["", "retransmission"],
  },
  {
    name: "a retransmission of what waits adds nothing",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: ">", sequence: 4, text: "def" },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "abc|def",
    notes: ["ahead", "retransmission", "out-of-order"],
  },
  {
    name: "an overlap gives what is new in it",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 2, text: "bcde" },
    ],
    stream: "abc|de",
    notes: ["", "overlap"],
  },
  {
    name: "of an overlap that differs the first one counts",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 2, text: "XXde" },
    ],
    stream: "abc|de",
    notes: ["", "differs overlap"],
  },
  {
    name: "of a retransmission that differs, too, and among what waits",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: ">", sequence: 1, text: "abcXXX" },
    ],
    stream: "abc|def",
    notes: ["ahead", "differs overlap"],
  },
  {
    name: "a piece in the middle of a larger one splits it",
    lines: [
      { way: ">", sequence: 3, text: "cd" },
      { way: ">", sequence: 1, text: "abcdef" },
    ],
    stream: "ab|cd|ef",
    notes: ["ahead", "overlap"],
  },
  {
    name: "a keep-alive probe adds nothing, with a byte or without",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: "<", acknowledgement: 4 },
      { way: ">", sequence: 3 },
      { way: ">", sequence: 3, text: "\0" },
    ],
    stream: "abc",
    notes: ["", "", "keep-alive", "keep-alive"],
  },
  {
    name: "a last byte that was not acknowledged is sent again, and no probe",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 3, text: "c" },
    ],
    stream: "abc",
    notes: ["", "retransmission"],
  },
  {
    name: "missing bytes are no gap while nobody has acknowledged later ones",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: "<", acknowledgement: 1 },
    ],
    stream: "",
    notes: ["ahead", "duplicate-acknowledgement"],
  },
  {
    name: "nor while only they are acknowledged, since they may come yet",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: "<", acknowledgement: 4 },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "abc|def",
  },
  {
    name: "nor before a FIN that is not acknowledged",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", flags: "FA", sequence: 6 },
      { way: "<", acknowledgement: 6 },
    ],
    stream: "abc",
  },
  {
    name: "missing bytes are a gap once later ones are acknowledged",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: "<", acknowledgement: 7 },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "[3]|def",
    notes: ["ahead", "", "retransmission"],
  },
  {
    name: "missing bytes before a FIN are a gap once that is acknowledged",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", flags: "FA", sequence: 6 },
      { way: "<", acknowledgement: 7 },
    ],
    stream: "abc|[2]",
  },
  {
    name: "what the capture cut away is missing",
    lines: [
      { way: ">", sequence: 1, text: "abcdef", snap: 43 },
      { way: ">", sequence: 7, text: "ghi" },
      { way: "<", acknowledgement: 10 },
    ],
    stream: "abc|[3]|ghi",
  },
  {
    name: "a segment from far away is left out",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 0x60000000, text: "zzz" },
    ],
    stream: "abc",
    notes: ["", "outside"],
  },
  {
    name: "a closed window and repeated acknowledgements are noted",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: ">", sequence: 7, text: "ghi" },
      { way: "<", acknowledgement: 4 },
      { way: "<", acknowledgement: 4 },
      { way: "<", acknowledgement: 4, window: 0 },
    ],
    stream: "abc",
    notes: ["", "ahead", "", "duplicate-acknowledgement", "zero-window"],
  },
];
for (const { name, lines, stream, notes } of streams) {
  test(`reassembly: ${name}`, () => {
    const outcome = track(packetsOf([...HANDSHAKE, ...lines]), { finish: false });
    assert.equal(streamOf(outcome, "a"), stream);
    if (notes !== undefined) assert.deepEqual(notesOf(outcome).slice(3), notes);
  });
}

const ends: { name: string; lines: Line[]; stream: string; state: string }[] = [
  {
    name: "what waits comes behind a gap",
    lines: [{ way: ">", sequence: 4, text: "def" }],
    stream: "[3]|def",
    state: "left",
  },
  {
    name: "what was acknowledged is a gap",
    lines: [{ way: "<", acknowledgement: 10 }],
    stream: "[9]",
    state: "left",
  },
  {
    name: "an acknowledged FIN that was not captured is no gap",
    lines: [
      { way: ">", sequence: 1, text: "abc" },
      { way: "<", acknowledgement: 5 },
    ],
    stream: "abc",
    state: "left",
  },
  {
    name: "a reset ends both sides",
    lines: [
      { way: ">", sequence: 4, text: "def" },
      { way: "<", flags: "R", sequence: 1 },
    ],
    stream: "[3]|def",
    state: "reset",
  },
  {
    name: "a reset with a number from far away does nothing",
    lines: [
      { way: "<", flags: "R", sequence: 0x60000000 },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "abc",
    state: "left",
  },
  {
    name: "nothing comes after a reset",
    lines: [
      { way: "<", flags: "R", sequence: 1 },
      { way: ">", sequence: 1, text: "abc" },
    ],
    stream: "",
    state: "reset",
  },
];
for (const { name, lines, stream, state } of ends) {
  test(`at the end: ${name}`, () => {
    const outcome = track(packetsOf([...HANDSHAKE, ...lines]));
    assert.equal(streamOf(outcome, "a"), stream);
    assert.equal(outcome.history.connections[0]?.connection.state, state);
    assert.equal(outcome.events.filter(({ type }) => type === "closed").length, 1);
  });
}

test("a connection is half closed after one FIN, and the other side may go on", () => {
  const lines: Line[] = [
    ...HANDSHAKE,
    { way: ">", flags: "FA" },
    { way: "<", acknowledgement: 2, text: "still here" },
  ];
  const outcome = track(packetsOf(lines), { finish: false });
  assert.equal(outcome.history.connections[0]?.connection.state, "half-closed");
  assert.equal(streamOf(outcome, "b"), "still here");
});

test("a SYN with another number begins a new connection, one with the same is sent again", () => {
  const again: Line[] = HANDSHAKE.map((line) => ({ ...line, clientIsn: 900_000, serverIsn: 70 }));
  const outcome = track(
    packetsOf([
      HANDSHAKE[0] as Line,
      ...HANDSHAKE,
      { way: ">", text: "one" },
      ...again,
      { way: ">", text: "two", clientIsn: 900_000, serverIsn: 70 },
    ]),
  );
  assert.deepEqual([streamOf(outcome, "a", 0), streamOf(outcome, "a", 1)], ["one", "two"]);
  assert.deepEqual(notesOf(outcome).slice(0, 3), ["", "retransmission", ""]);
  assert.deepEqual(
    outcome.history.connections.map(({ connection }) => connection.id),
    [0, 1],
  );
});

test("a SYN after a reset begins a new connection, whatever its number", () => {
  const refused: Line[] = [
    HANDSHAKE[0] as Line,
    { way: "<", flags: "RA", sequence: 0, acknowledgement: 1, serverIsn: 0 },
  ];
  const outcome = track(packetsOf([...refused, ...refused]));
  assert.deepEqual(
    outcome.history.connections.map(({ connection }) => connection.state),
    ["reset", "reset"],
  );
});

test("an answer to a SYN that comes after a reset begins no connection", () => {
  const lines: Line[] = [...HANDSHAKE.slice(0, 2), { way: ">", flags: "R" }, HANDSHAKE[1] as Line];
  assert.equal(track(packetsOf(lines)).history.connections.length, 1);
});

test("offsets go on where sequence numbers wrap around", () => {
  const clientIsn = 0xfffffffd;
  const lines = [
    ...HANDSHAKE,
    { way: ">" as const, sequence: 1, text: "abcd" },
    { way: ">" as const, sequence: 5, text: "efgh" },
  ];
  const outcome = track(packetsOf(lines.map((line) => ({ ...line, clientIsn }))));
  assert.equal(streamOf(outcome, "a"), "abcd|efgh");
});

const roles: { name: string; lines: Line[]; client: Side; by: string }[] = [
  {
    name: "an answer to a SYN that was not captured",
    lines: [{ way: "<", flags: "SA", sequence: 0 }],
    client: "b",
    by: "handshake",
  },
  { name: "a request", lines: [{ way: "<", text: "GET / HTTP/1.1\r\n" }], client: "a", by: "request" },
  { name: "an answer", lines: [{ way: ">", text: "HTTP/1.1 200 OK\r\n" }], client: "b", by: "request" },
  {
    name: "a request that comes late",
    lines: [
      { way: ">", text: "tail" },
      { way: "<", text: "PUT /a HTTP/1.1\r\n" },
    ],
    client: "b",
    by: "request",
  },
  {
    name: "the handshake, whatever is said after it",
    lines: [...HANDSHAKE, { way: "<", text: "GET / HTTP/1.1\r\n" }],
    client: "a",
    by: "handshake",
  },
  { name: "the ports", lines: [{ way: "<", text: "no idea" }], client: "b", by: "ports" },
];
for (const { name, lines, client, by } of roles) {
  test(`the client is told by ${name}`, () => {
    const { history } = track(packetsOf(lines));
    const [record] = history.connections;
    assert.deepEqual([record?.connection.client, record?.connection.clientBy], [client, by]);
  });
}

const ports: [number, number, Side][] = [
  [50_000, 80, "a"],
  [80, 50_000, "b"],
  [5000, 8080, "b"],
  [40_000, 50_000, "b"],
  [8080, 8080, "a"],
  [20_000, 443, "a"],
];
for (const [a, b, client] of ports) {
  test(`of ports ${a} and ${b} the client has that of ${client}`, () => {
    assert.equal(clientByPorts({ address: "::1", port: a }, { address: "::1", port: b }), client);
  });
}

test("a connection seen from its middle on begins with the first bytes that were captured", () => {
  const outcome = track(
    packetsOf([
      { way: ">", sequence: 700, text: "abc" },
      { way: ">", sequence: 703, text: "def" },
      { way: ">", sequence: 690, text: "earlier" },
    ]),
  );
  assert.equal(streamOf(outcome, "a"), "abc|def");
  assert.equal(outcome.history.connections[0]?.connection.opening, "middle");
  assert.deepEqual(notesOf(outcome), ["", "", "outside"]);
});

test("only so many connections are looked at, and the one that was quiet longest is left", () => {
  const lines: Line[] = [1, 2, 1, 3].map((port) => ({ way: ">", clientPort: 50_000 + port, text: "x" }));
  const { events } = track(packetsOf(lines), { maxConnections: 2, finish: false });
  const closed = events.flatMap((event) => (event.type === "closed" ? [event.connection] : []));
  assert.deepEqual(
    closed.map(({ a, state }) => [a.port, state]),
    [[50_002, "left"]],
  );
});

test("when too much waits, what it waits for is given up", () => {
  const lines: Line[] = Array.from({ length: 30 }, (_, i) => ({
    way: ">",
    sequence: 101 + 10 * i,
    text: "0123456789",
  }));
  const outcome = track(packetsOf([...HANDSHAKE, ...lines]), { maxWaiting: 1000, finish: false });
  const [first] = outcome.history.connections[0]?.streams.a ?? [];
  assert.deepEqual([first?.kind, first?.start, first?.end], ["gap", 0, 100]);
});

test("a packet that says so is a reconstructed one", () => {
  const packets = packetsOf(HANDSHAKE).map((packet, i) =>
    i === 0 ? { ...packet, comments: ["Reconstructed: no bare ACKs"] } : packet,
  );
  const [record] = track(packets).history.connections;
  assert.deepEqual(
    record?.segments.map(({ reconstructed }) => reconstructed),
    [true, false, false],
  );
});

test("the history forgets the oldest connections when it takes too much", () => {
  const history = new ConnectionHistory({ maxBytes: 2000 });
  const ports = [1, 2, 3, 4, 5].map((port) => 50_000 + port);
  const lines = ports.flatMap((clientPort): Line[] => [
    { way: ">", clientPort, text: "x" },
    { way: "<", clientPort, flags: "R" },
  ]);
  for (const event of track(packetsOf(lines)).events) history.take(event);
  assert.equal(history.forgotten, 4);
  assert.deepEqual(
    history.connections.map(({ connection }) => connection.id),
    [4],
  );
});

test("of a connection that goes on, the history forgets the beginning", () => {
  const history = new ConnectionHistory({ maxBytes: 5200 });
  const tracker = new ConnectionTracker();
  const lines = Array.from({ length: 30 }, (_, i): Line => ({ way: ">", sequence: 1 + i, text: "x" }));
  for (const packet of packetsOf([...HANDSHAKE, ...lines])) {
    const opened = decodePacket(packet);
    assert.ok(opened.kind === "tcp");
    for (const event of tracker.add(opened)) history.take(event);
  }
  const [record] = history.connections;
  assert.ok(record);
  const { segments, streams, forgotten } = record;
  assert.equal(forgotten + segments.length, 33);
  assert.ok(segments.length <= 10 && segments.length >= 4);
  assert.equal(streams.a[0]?.start, 30 - streams.a.length);
  assert.equal(streams.a.at(-1)?.end, 30);
  assert.equal(streams.a.length, segments.length);
});

test("bytes are found in the segments that carried them, repeated ones as well", () => {
  const packets = packetsOf([
    ...HANDSHAKE,
    { way: ">", sequence: 1, text: "abc" },
    { way: ">", sequence: 2, text: "bcdef" },
    { way: "<", acknowledgement: 7, text: "zzz" },
  ]);
  const [record] = track(packets).history.connections;
  const carriers = carriersOf(record?.segments ?? [], "a", { start: 1, end: 5 });
  assert.deepEqual(
    carriers.map(({ segment, start, end }) => [segment.packet, start, end]),
    [
      [3, 1, 3],
      [4, 1, 5],
    ],
  );
  for (const { segment, start, end, packetAt } of carriers) {
    const bytes = packets[segment.packet]?.bytes.subarray(packetAt, packetAt + end - start);
    assert.equal(Buffer.from(bytes ?? []).toString(), "abcdef".slice(start, end));
  }
  const stream = record?.streams.a ?? [];
  assert.deepEqual(partsBetween(stream, { start: 1, end: 5 }).map(shown), ["bc", "de"]);
  assert.equal(bytesBetween(stream, { start: 1, end: 5 }).toString(), "bcde");
});

test("neither a probe nor what was cut away carried bytes", () => {
  const packets = packetsOf([
    ...HANDSHAKE,
    { way: ">", sequence: 1, text: "abc" },
    { way: "<", acknowledgement: 4 },
    { way: ">", sequence: 3, text: "\0" },
    { way: ">", sequence: 4, text: "defghi", snap: 43 },
  ]);
  const segments = track(packets).history.connections[0]?.segments ?? [];
  const carriers = carriersOf(segments, "a", { start: 0, end: 9 });
  assert.deepEqual(
    carriers.map(({ segment, start, end }) => [segment.packet, start, end]),
    [
      [3, 0, 3],
      [6, 3, 6],
    ],
  );
});

test("a FIN that would take back what has come is none", () => {
  const lines: Line[] = [...HANDSHAKE, { way: ">", text: "abc" }, { way: ">", flags: "FA", sequence: 2 }];
  const { history, events } = track(packetsOf(lines), { finish: false });
  assert.equal(history.connections[0]?.connection.state, "open");
  assert.ok(!events.some(({ type }) => type === "finished"));
});

const stretch = fc.record({ start: fc.nat(59), length: fc.integer({ min: 1, max: 25 }) });

test("whatever way a stream is cut, repeated and shuffled, it comes out as it went in", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 59 }), { maxLength: 12 });
  const isn = fc.constantFrom(0, 1000, 0xffffffff, 0xffffffe0, 0x7fffffff);
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 60, maxLength: 60 }),
      cuts,
      fc.array(stretch, { maxLength: 8 }),
      isn,
      fc.infiniteStream(fc.nat()),
      fc.boolean(),
      (data, cuts, repeated, clientIsn, random, finAnywhere) => {
        const marks = [0, ...new Set(cuts), 60].sort((a, b) => a - b);
        const pieces = [
          ...marks.slice(1).map((end, i) => ({ start: marks[i] as number, end })),
          ...repeated.map(({ start, length }) => ({ start, end: Math.min(60, start + length) })),
        ].filter(({ start, end }) => start < end);
        const order = pieces
          .map((piece) => ({ piece, rank: random.next().value as number }))
          .sort((a, b) => a.rank - b.rank);
        const lines: Line[] = order.map(({ piece: { start, end } }) => ({
          way: ">",
          sequence: 1 + start,
          text: data.slice(start, end),
        }));
        lines.splice(finAnywhere ? lines.length >> 1 : lines.length, 0, {
          way: ">",
          flags: "FA",
          sequence: 61,
        });
        const all = [...HANDSHAKE, ...lines].map((line) => ({ ...line, clientIsn }));
        const { history, events } = track(packetsOf(all), { finish: false });
        const parts = history.connections[0]?.streams.a ?? [];
        assert.deepEqual(new Uint8Array(bytesBetween(parts, { start: 0, end: 60 })), data);
        assertInOrder(parts);
        assert.equal(events.filter((event) => event.type === "finished").length, 1);
        for (const { notes } of history.connections[0]?.segments ?? []) assert.ok(!notes.includes("differs"));
      },
    ),
    { numRuns: 300 },
  );
});

/** Parts follow each other without a hole, and hold as many bytes as they say. */
function assertInOrder(parts: readonly StreamPart[]): void {
  let at = 0;
  for (const part of parts) {
    assert.equal(part.start, at);
    assert.ok(part.end > part.start);
    if (part.kind === "bytes") assert.equal(part.bytes.length, part.end - part.start);
    at = part.end;
  }
}

test("whatever is lost, parts follow each other and every byte is the one that was sent", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 60, maxLength: 60 }),
      fc.array(stretch, { maxLength: 10 }),
      fc.array(fc.nat(70), { maxLength: 5 }),
      (data, pieces, acknowledged) => {
        const lines: Line[] = pieces.map(({ start, length }) => ({
          way: ">",
          sequence: 1 + start,
          text: data.slice(start, Math.min(60, start + length)),
        }));
        for (const [i, offset] of acknowledged.entries())
          lines.splice(2 * i, 0, { way: "<", acknowledgement: 1 + offset });
        const { history } = track(packetsOf([...HANDSHAKE, ...lines]));
        const parts = history.connections[0]?.streams.a ?? [];
        assertInOrder(parts);
        for (const part of parts) {
          if (part.kind === "bytes")
            assert.deepEqual(new Uint8Array(part.bytes), data.slice(part.start, part.end));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("no packets make the tracker throw, and its parts always follow each other", () => {
  const number = fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 0xffffffff }));
  const line: fc.Arbitrary<Line> = fc.record({
    way: fc.constantFrom(">" as const, "<" as const),
    flags: fc.constantFrom("S", "SA", "A", "A", "A", "PA", "FA", "R", "RA", "SF", "", "SR"),
    sequence: number,
    acknowledgement: number,
    text: fc.string({ maxLength: 12 }),
    window: fc.constantFrom(0, 1000),
    snap: fc.constantFrom(2000, 2000, 43),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), fc.constantFrom(1, 100, 100_000), (lines, limit) => {
      const { history, events } = track(packetsOf(lines), { maxWaiting: limit, maxCompared: limit });
      for (const { streams } of history.connections) {
        assertInOrder(streams.a);
        assertInOrder(streams.b);
      }
      const opened = events.filter(({ type }) => type === "opened").length;
      assert.equal(events.filter(({ type }) => type === "closed").length, opened);
      assert.equal(events.filter(({ type }) => type === "segment").length, lines.length);
    }),
    { numRuns: 1000 },
  );
});

test("no bytes make the tracker throw", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 40, maxLength: 60 }), { maxLength: 10 }), (all) => {
      for (const bytes of all) {
        bytes.set([0x45, 0, 0, bytes.length], 0);
        bytes.set([0, 0], 6);
        bytes[9] = 6;
        bytes.set(new Uint8Array(8), 12);
        bytes.set([0, 1, 0, 2], 20);
        bytes[32] = 0x50;
      }
      track(all.map((bytes, i) => packetAt(i, bytes)));
    }),
  );
});
