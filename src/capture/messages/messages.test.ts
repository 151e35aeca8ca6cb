import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CaptureAnalysis } from "../analysis.ts";
import { exchangeOf, HANDSHAKE, type Line, packetsOf } from "../conversation.contract.ts";
import type { Exchange, Message, Packet, Side, Stretch } from "../model.ts";
import { PacketNumbering } from "../packet-numbering.ts";
import { bytesBetween } from "../reassembly/history.ts";

function analyse(packets: readonly Packet[], finish: boolean = true): CaptureAnalysis {
  const analysis = new CaptureAnalysis();
  for (const packet of packets) analysis.add(packet);
  if (finish) analysis.finish();
  return analysis;
}

/** An exchange in a line: method and target, interim statuses, status; an asterisk behind what is not complete. */
function shown({ request, interim, response }: Exchange): string {
  const asked =
    request === undefined
      ? "?"
      : `${request.head.method} ${request.head.rawTarget}${request.complete ? "" : "*"}`;
  const answered = response === undefined ? "?" : `${response.head.status}${response.complete ? "" : "*"}`;
  return [asked, ...interim.map(({ head }) => head.status), answered].join(" ");
}

function exchangesOf(analysis: CaptureAnalysis): string[] {
  return analysis.exchanges.map(shown);
}

function notesOf(analysis: CaptureAnalysis): string[] {
  return analysis.notes.map(({ note }) => `${note.from} ${note.offset} ${note.code}`);
}

/** The text at a stretch of a side's stream. */
function textAt(analysis: CaptureAnalysis, from: Side, stretch: Stretch): string {
  const [record] = analysis.history.connections;
  return bytesBetween(record?.streams[from] ?? [], stretch).toString("latin1");
}

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

interface Turn {
  readonly way: ">" | "<";
  readonly text: string;
}

const conversations: { name: string; turns: Turn[]; exchanges: string[]; notes?: string[] }[] = [
  {
    name: "a request and its answer",
    turns: [
      { way: ">", text: GET },
      { way: "<", text: OK },
    ],
    exchanges: ["GET / 200"],
  },
  {
    name: "pipelined requests, whose answers come in order",
    turns: [
      { way: ">", text: GET + GET.replace("/", "/b") },
      { way: "<", text: OK + OK.replace("200", "404") },
    ],
    exchanges: ["GET / 200", "GET /b 404"],
  },
  {
    name: "an answer to HEAD, which has no body whatever it says",
    turns: [
      { way: ">", text: GET.replace("GET", "HEAD") },
      { way: "<", text: OK.slice(0, -2) },
      { way: ">", text: GET },
      { way: "<", text: OK },
    ],
    exchanges: ["HEAD / 200", "GET / 200"],
  },
  {
    name: "interim answers",
    turns: [
      { way: ">", text: "PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n" },
      { way: "<", text: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" },
      { way: ">", text: "abc" },
      { way: "<", text: "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n" },
    ],
    exchanges: ["PUT /a 103 100 201"],
  },
  {
    name: "a tunnel, whose bytes are none of HTTP",
    turns: [
      { way: ">", text: "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n" },
      { way: "<", text: "HTTP/1.1 200 OK\r\n\r\n" },
      { way: ">", text: "anything" },
      { way: "<", text: "at all" },
    ],
    exchanges: ["CONNECT b:443 200"],
    notes: ["a 39 SWITCHED", "b 19 SWITCHED"],
  },
  {
    name: "a tunnel into which the client speaks before it stands",
    turns: [
      { way: ">", text: "CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n\x16\x03\x01" },
      { way: "<", text: "HTTP/1.1 200 OK\r\n\r\n" },
    ],
    exchanges: ["CONNECT b:443 200"],
    notes: ["a 39 SWITCHED", "b 19 SWITCHED"],
  },
  {
    name: "an upgrade for which the client does not wait",
    turns: [
      { way: ">", text: "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\n\r\n\x81\x00" },
      { way: "<", text: "HTTP/1.1 101 X\r\n\r\n" },
    ],
    exchanges: ["GET / 101"],
    notes: ["a 39 SWITCHED", "b 18 SWITCHED"],
  },
  {
    name: "a tunnel that was refused, after which HTTP goes on",
    turns: [
      { way: ">", text: `CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n${GET}` },
      { way: "<", text: `HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n${OK}` },
    ],
    exchanges: ["CONNECT b:443 405", "GET / 200"],
  },
  {
    name: "an upgrade",
    turns: [
      { way: ">", text: "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" },
      {
        way: "<",
        text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81\x01a",
      },
      { way: ">", text: "\x81\x81aaaab" },
    ],
    exchanges: ["GET /ws 101"],
    notes: ["a 70 SWITCHED", "b 77 SWITCHED"],
  },
  {
    name: "an answer that ends with the connection",
    turns: [
      { way: ">", text: GET },
      { way: "<", text: "HTTP/1.0 200 OK\r\n\r\nuntil the end" },
    ],
    exchanges: ["GET / 200"],
  },
  {
    name: "a request that cannot be read, and its answer",
    turns: [
      { way: ">", text: `${GET}GET /b HTTP/1.1\r\nHost : a\r\n\r\n` },
      { way: "<", text: `${OK}HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n` },
    ],
    exchanges: ["GET / 200", "? 400"],
    notes: ["a 27 FIELD_NAME_INVALID"],
  },
  {
    name: "an answer to a HEAD that cannot be read, which has no body",
    turns: [
      { way: ">", text: "HEAD / HTTP/1.1\r\nHost : a\r\n\r\n" },
      { way: "<", text: "HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\n\r\n" },
    ],
    exchanges: ["? 400"],
    notes: ["a 0 FIELD_NAME_INVALID"],
  },
  {
    name: "an answer that nobody asked for",
    turns: [{ way: "<", text: "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n" }],
    exchanges: ["? 408"],
    notes: ["b 0 UNMATCHED"],
  },
  {
    name: "TLS",
    turns: [
      { way: ">", text: "\x16\x03\x01\x02\x00" },
      { way: "<", text: "\x16\x03\x03\x00\x7a" },
    ],
    exchanges: [],
    notes: ["a 0 TLS", "b 0 TLS"],
  },
  {
    name: "another protocol",
    turns: [
      { way: "<", text: "220 mail.example ESMTP\r\n" },
      { way: ">", text: "EHLO a\r\n" },
    ],
    exchanges: [],
    notes: ["a 0 REQUEST_LINE_INVALID", "b 0 STATUS_LINE_INVALID"],
  },
];
for (const { name, turns, exchanges, notes = [] } of conversations) {
  for (const byteByByte of [false, true]) {
    test(`exchanges: ${name}${byteByByte ? ", byte by byte" : ""}`, () => {
      const cut = byteByByte
        ? turns.flatMap(({ way, text }) => [...text].map((byte) => ({ way, text: byte })))
        : turns;
      const analysis = analyse(packetsOf(exchangeOf(cut)));
      assert.deepEqual(exchangesOf(analysis), exchanges);
      assert.deepEqual(notesOf(analysis).sort(), notes);
    });
  }
}

test("a message says where each of its lines stands, folded ones and those after empty lines as well", () => {
  const request = "\r\nPOST /v HTTP/1.1\r\nHost: a\r\n\r\n";
  const response = "HTTP/1.1 200 OK\r\nX-Folded: one \r\n  two\r\nX-Empty:\r\nContent-Length:\t2 \r\n\r\nok";
  const analysis = analyse(
    packetsOf(
      exchangeOf([
        { way: ">", text: request },
        { way: "<", text: response },
      ]),
    ),
  );
  const [exchange] = analysis.exchanges;
  const lines = (from: Side, message: Message | undefined) =>
    message?.fieldLines.map(({ name, value }) => [
      textAt(analysis, from, name),
      textAt(analysis, from, value),
    ]);
  assert.deepEqual(lines("a", exchange?.request), [["Host", "a"]]);
  assert.deepEqual(lines("b", exchange?.response), [
    ["X-Folded", "one \r\n  two"],
    ["X-Empty", ""],
    ["Content-Length", "2"],
  ]);
  assert.equal(textAt(analysis, "a", exchange?.request?.startLine as Stretch), "POST /v HTTP/1.1");
  assert.equal(exchange?.request?.start, 2);
  assert.ok(exchange?.response);
  const { headEnd, body, end, start } = exchange.response;
  assert.equal(textAt(analysis, "b", { start, end: headEnd }), response.slice(0, -2));
  assert.deepEqual(body, [{ start: headEnd, end, missing: false }]);
  assert.equal(end, response.length);
});

const CHUNKED =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n3\r\nyou\r\n0\r\nDigest: abc\r\nX: \r\n\r\n";

for (const size of [1, 3, 1000]) {
  test(`a chunked body tells its chunks and trailers, in pieces of ${size}`, () => {
    const turns: Turn[] = [{ way: ">", text: GET }];
    for (let at = 0; at < CHUNKED.length; at += size)
      turns.push({ way: "<", text: CHUNKED.slice(at, at + size) });
    const analysis = analyse(packetsOf(exchangeOf(turns)));
    const response = analysis.exchanges[0]?.response as Message;
    assert.deepEqual(
      response.chunks.map((chunk) => [
        chunk.size,
        textAt(analysis, "b", chunk),
        textAt(analysis, "b", chunk.data),
      ]),
      [
        [5, "5;x=y\r\nhello\r\n", "hello"],
        [3, "3\r\nyou\r\n", "you"],
        [0, "0\r\n", ""],
      ],
    );
    assert.deepEqual(
      response.body.map((one) => textAt(analysis, "b", one)),
      ["hello", "you"],
    );
    assert.deepEqual(
      response.trailerLines.map(({ name, value }) => [
        textAt(analysis, "b", name),
        textAt(analysis, "b", value),
      ]),
      [
        ["Digest", "abc"],
        ["X", ""],
      ],
    );
    assert.deepEqual([response.bodyLength, response.end, response.complete], [8, CHUNKED.length, true]);
  });
}

test("a chunk that was cut off ends with its data", () => {
  const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
  const turns: Turn[] = [
    { way: ">", text: GET },
    { way: "<", text },
  ];
  const response = analyse(packetsOf(exchangeOf(turns))).exchanges[0]?.response;
  const end = text.length;
  assert.deepEqual(response?.chunks, [{ start: end - 6, end, size: 5, data: { start: end - 3, end } }]);
  assert.equal(response?.complete, false);
});

test("a message knows when it began, when its head was there and when it ended", () => {
  const turns: Turn[] = [
    { way: ">", text: "POST / HTTP/1.1\r\nHost: a\r\n" },
    { way: ">", text: "Content-Length: 4\r\n\r\nab" },
    { way: ">", text: "cd" },
    { way: "<", text: OK },
  ];
  const [exchange] = analyse(packetsOf(exchangeOf(turns))).exchanges;
  assert.ok(exchange?.request);
  const { startedAt, headAt, endedAt } = exchange.request;
  // A packet each millisecond: the handshake has three, and each turn a segment and its acknowledgement.
  assert.deepEqual([startedAt, headAt, endedAt], [3_000_000n, 5_000_000n, 7_000_000n]);
});

/** Lines behind a handshake, out of which bytes are missing, or the beginning. */
const damaged: { name: string; lines: Line[]; exchanges: string[]; notes: string[] }[] = [
  {
    name: "bytes missing in a body of known length",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET },
      { way: "<", text: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab" },
      { way: "<", sequence: 48, text: `ij${OK}` },
      { way: ">", sequence: 28, acknowledgement: 89, text: GET },
    ],
    exchanges: ["GET / 200", "GET / 200"],
    notes: [],
  },
  {
    name: "more bytes missing than a body has left",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET },
      { way: "<", text: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab" },
      { way: "<", sequence: 51, text: "x" },
      { way: ">", sequence: 28, acknowledgement: 52 },
    ],
    exchanges: ["GET / 200*"],
    notes: ["b 41 GAP"],
  },
  {
    name: "very many bytes missing in a body",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET },
      { way: "<", text: "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" },
      { way: "<", sequence: 200_043, text: "x" },
      { way: ">", sequence: 28, acknowledgement: 200_044 },
    ],
    exchanges: ["GET / 200"],
    notes: [],
  },
  {
    name: "bytes missing in a head",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET + GET },
      { way: "<", text: "HTTP/1.1 200 OK\r\nContent-" },
      { way: "<", sequence: 41, text: "junk" },
      { way: "<", sequence: 45, text: OK },
      { way: ">", sequence: 55, acknowledgement: 85 },
    ],
    exchanges: ["GET / 200", "GET / ?"],
    notes: ["b 25 GAP", "b 44 RESUMED"],
  },
  {
    name: "bytes missing among chunks",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET },
      { way: "<", text: CHUNKED.slice(0, 60) },
      { way: "<", sequence: 70, text: CHUNKED.slice(69) },
      { way: ">", sequence: 28, acknowledgement: CHUNKED.length + 1 },
    ],
    exchanges: ["GET / 200*"],
    notes: ["b 60 GAP"],
  },
  {
    name: "a beginning in the middle of an answer",
    lines: [
      { way: "<", sequence: 500, text: "the rest" },
      { way: ">", sequence: 300, text: GET },
      { way: "<", sequence: 508, text: OK },
    ],
    exchanges: ["GET / 200"],
    notes: ["a 8 RESUMED"],
  },
  {
    name: "a request that the capture does not have",
    lines: [
      { way: "<", text: OK },
      { way: ">", sequence: 28, text: GET },
      { way: "<", sequence: 41, text: OK },
    ],
    exchanges: ["? 200", "GET / 200"],
    notes: ["a 0 UNMATCHED"],
  },
  {
    name: "a reset in the middle of a body",
    lines: [
      ...HANDSHAKE,
      { way: ">", text: GET },
      { way: "<", text: OK.slice(0, -1) },
      { way: "<", flags: "R", sequence: 40 },
    ],
    exchanges: ["GET / 200*"],
    notes: ["b 39 INCOMPLETE"],
  },
  {
    name: "a close in the middle of a body",
    lines: [...HANDSHAKE, { way: ">", text: GET }, { way: "<", flags: "FA", text: OK.slice(0, -1) }],
    exchanges: ["GET / 200*"],
    notes: ["b 39 BODY_INCOMPLETE"],
  },
  {
    name: "an answer that was captured before its request",
    lines: [...HANDSHAKE, { way: "<", text: OK }, { way: ">", text: GET }],
    exchanges: ["GET / 200"],
    notes: [],
  },
  {
    name: "an end in the middle of a head",
    lines: [...HANDSHAKE, { way: ">", text: "GET / HT" }],
    exchanges: [],
    notes: ["a 8 INCOMPLETE"],
  },
];
for (const { name, lines, exchanges, notes } of damaged) {
  test(`what is captured in part: ${name}`, () => {
    const analysis = analyse(packetsOf(lines));
    assert.deepEqual(exchangesOf(analysis), exchanges);
    assert.deepEqual(notesOf(analysis), notes);
  });
}

test("a body says which of its bytes are missing", () => {
  const [first] = damaged;
  const [exchange] = analyse(packetsOf(first?.lines ?? [])).exchanges;
  assert.deepEqual(exchange?.response?.body, [
    { start: 39, end: 41, missing: false },
    { start: 41, end: 47, missing: true },
    { start: 47, end: 49, missing: false },
  ]);
  assert.equal(exchange?.response?.bodyLength, 10);
});

test("exchanges are told while they happen", () => {
  const analysis = new CaptureAnalysis();
  const told = packetsOf(
    exchangeOf([
      { way: ">", text: GET },
      { way: "<", text: OK.slice(0, 20) },
      { way: "<", text: OK.slice(20) },
    ]),
  ).map((packet) =>
    analysis
      .add(packet)
      .exchanges.map(({ type }) => type)
      .join(" "),
  );
  assert.deepEqual(told, [
    "",
    "",
    "",
    "request-head request-end",
    "",
    "",
    "",
    "response-head response-end",
    "",
    "",
    "",
    "",
  ]);
});

test("only so many exchanges are kept, and one that was forgotten does not come back", () => {
  const analysis = new CaptureAnalysis({ maxKept: 2 });
  const turns: Turn[] = [
    { way: ">", text: GET + GET.replace("/", "/2") + GET.replace("/", "/3") },
    { way: "<", text: OK + OK + OK },
  ];
  for (const packet of packetsOf(exchangeOf(turns))) analysis.add(packet);
  assert.deepEqual(exchangesOf(analysis), ["GET /2 200", "GET /3 200"]);
  assert.equal(analysis.forgotten, 1);
});

const faulty = [
  {
    name: "the first line of a request that cannot be read",
    text: "GET /b HTTP/1.1\r\nHost : a\r\n\r\n",
    line: "GET /b HTTP/1.1",
  },
  { name: "no line of what has none", text: "\x01\x02\x03", line: undefined },
];
for (const { name, text, line } of faulty) {
  test(`a note tells ${name}`, () => {
    const analysis = analyse(packetsOf(exchangeOf([{ way: ">", text: GET + text }])));
    const note = analysis.notes[0]?.note;
    assert.equal(note?.offset, GET.length);
    assert.equal(note?.line && textAt(analysis, "a", note.line), line);
  });
}

test("after a tunnel was refused the next request is told at once", () => {
  const turns: Turn[] = [
    { way: ">", text: `CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n${GET}` },
    { way: "<", text: "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n" },
  ];
  // Without the three packets that close the connection.
  const analysis = analyse(packetsOf(exchangeOf(turns)).slice(0, -3), false);
  assert.deepEqual(exchangesOf(analysis), ["CONNECT b:443 405", "GET / ?"]);
});

test("an answer does not wait for its request for ever", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n";
  const pieces = Array.from(
    { length: 18 },
    (_, i): Line => ({ way: "<", sequence: head.length + 1 + i * 60_000, text: "x".repeat(60_000) }),
  );
  const analysis = analyse(packetsOf([...HANDSHAKE, { way: "<", text: head }, ...pieces]), false);
  assert.deepEqual(exchangesOf(analysis), ["? 200*"]);
});

test("packets of a later section are those of its own interfaces", () => {
  const numbering = new PacketNumbering();
  const packet = { type: "packet" as const, interface: 0, time: 1n, bytes: new Uint8Array(2) };
  const taken = [
    { type: "section" as const },
    { type: "interface" as const, linkType: 1, snapLength: 0 },
    packet,
    { type: "section" as const },
    { type: "interface" as const, linkType: 101, snapLength: 0, name: "lo" },
    { ...packet, length: 9, comments: ["안녕"] },
    { ...packet, interface: 1 },
  ].map((block) => numbering.take(block));
  assert.deepEqual(
    taken.flatMap((one) =>
      one === undefined ? [] : [[one.index, one.linkType, one.interface, one.length, one.comments]],
    ),
    [
      [0, 1, 0, 2, []],
      [1, 101, 1, 9, ["안녕"]],
    ],
  );
  assert.deepEqual(
    numbering.interfaces.map(({ name }) => name),
    [undefined, "lo"],
  );
});

test("packets that cannot be opened, and those of other protocols, are counted", () => {
  const analysis = new CaptureAnalysis();
  const [packet] = packetsOf(HANDSHAKE);
  assert.ok(packet);
  analysis.add({ ...packet, index: 7, bytes: packet.bytes.subarray(0, 10) });
  analysis.add({ ...packet, bytes: Buffer.from(`45000014000000004011${"00".repeat(10)}`, "hex") });
  assert.deepEqual(
    analysis.faults.map(({ packet, fault }) => [packet, fault.code, fault.offset]),
    [[7, "CUT_SHORT", 10]],
  );
  assert.equal(analysis.others, 1);
});

const body = fc.string({ unit: fc.constantFrom(..."ab\r\n0"), maxLength: 40 });
const exchange = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "DELETE"),
  asked: body,
  status: fc.constantFrom(200, 204, 304, 404, 500),
  answered: body,
  chunks: fc.option(fc.integer({ min: 1, max: 9 })),
});

test("exchanges that are written are found again, with their bodies, however segments are cut and shuffled", () => {
  fc.assert(
    fc.property(
      fc.array(exchange, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 80 }),
      fc.infiniteStream(fc.nat(5)),
      (all, size, random) => {
        let asked = "";
        let answered = "";
        for (const one of all) {
          asked += `${one.method} /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${one.asked.length}\r\n\r\n${one.asked}`;
          answered += answerOf(one);
        }
        const lines = [...cut(">", asked, size), ...cut("<", answered, size)];
        const shuffled = lines
          .map((line, i) => ({ line, rank: i + (random.next().value as number) }))
          .sort((one, two) => one.rank - two.rank)
          .map(({ line }) => line);
        const analysis = analyse(packetsOf([...HANDSHAKE, ...shuffled]));
        assert.deepEqual(notesOf(analysis), []);
        assert.deepEqual(
          analysis.exchanges.map(({ request, response }) => ({
            method: request?.head.method,
            asked: bodyOf(analysis, "a", request),
            status: response?.head.status,
            answered: bodyOf(analysis, "b", response),
            complete: request?.complete && response?.complete,
          })),
          all.map((one) => ({
            method: one.method,
            asked: one.asked,
            status: one.status,
            answered: hasBody(one) ? one.answered : "",
            complete: true,
          })),
        );
      },
    ),
    { numRuns: 300 },
  );
});

type Written = typeof exchange extends fc.Arbitrary<infer T> ? T : never;

function hasBody({ method, status }: Written): boolean {
  return method !== "HEAD" && status !== 204 && status !== 304;
}

function answerOf(one: Written): string {
  const { status, answered, chunks } = one;
  if (chunks === null) {
    const fields = status === 204 ? "" : `Content-Length: ${answered.length}\r\n`;
    return `HTTP/1.1 ${status} X\r\n${fields}\r\n${hasBody(one) ? answered : ""}`;
  }
  let coded = "";
  for (let at = 0; at < answered.length; at += chunks) {
    const piece = answered.slice(at, at + chunks);
    coded += `${piece.length.toString(16)}\r\n${piece}\r\n`;
  }
  const head = `HTTP/1.1 ${status} X\r\n${status === 204 ? "" : "Transfer-Encoding: chunked\r\n"}\r\n`;
  return hasBody(one) ? `${head}${coded}0\r\n\r\n` : head;
}

function cut(way: ">" | "<", text: string, size: number): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < text.length; at += size)
    lines.push({ way, sequence: at + 1, text: text.slice(at, at + size) });
  return lines;
}

function bodyOf(analysis: CaptureAnalysis, from: Side, message: Message | undefined): string {
  return (message?.body ?? []).map((stretch) => textAt(analysis, from, stretch)).join("");
}

test("no streams make the reading throw, or stretches that are none of the stream", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      GET,
      OK,
      CHUNKED,
      "HTTP/1.1 101 X\r\n\r\n",
      "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
      "\r\n",
      "5\r\n",
    ),
    fc.string({ maxLength: 30 }),
  );
  const line = fc.record({
    way: fc.constantFrom(">" as const, "<" as const),
    text: piece,
    skip: fc.constantFrom(0, 0, 0, 0, 7),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), fc.boolean(), (pieces, handshake, fin) => {
      const sent = { ">": 1, "<": 1 };
      const lines: Line[] = handshake ? [...HANDSHAKE] : [];
      for (const { way, text, skip } of pieces) {
        const sequence = sent[way] + skip;
        sent[way] = sequence + text.length;
        lines.push({ way, sequence, acknowledgement: sent[way === ">" ? "<" : ">"], text });
      }
      if (fin)
        lines.push(
          { way: "<", flags: "FA", sequence: sent["<"] },
          { way: ">", flags: "FA", sequence: sent[">"] },
        );
      const analysis = analyse(packetsOf(lines));
      for (const { request, response, interim } of analysis.exchanges) {
        for (const message of [request, response, ...interim]) {
          if (message === undefined) continue;
          assert.ok(message.start <= message.headEnd && message.headEnd <= message.end);
          for (const { start, end } of [message.startLine, ...message.fieldLines, ...message.body]) {
            assert.ok(message.start <= start && start <= end && end <= message.end);
          }
        }
      }
    }),
    { numRuns: 1000 },
  );
});
