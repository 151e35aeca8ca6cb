import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { flowOf } from "../../../test/fixtures/ladder-flows.ts";
import {
  crowd,
  exerciseFlow,
  interimFlow,
  longFlow,
  lossyFlow,
  oddFlow,
} from "../../../test/fixtures/ladder-scenes.ts";
import { columnsOf } from "../../text/columns.ts";
import type { Flow, LadderOptions } from "./ladder.ts";
import { layoutLadder } from "./layout.ts";
import { type LadderTextOptions, ladderText } from "./text.ts";
import type { LadderPaint } from "./text-lines.ts";

const cases: readonly {
  readonly name: string;
  readonly flows: readonly Flow[];
  readonly options: LadderTextOptions;
  readonly layout?: LadderOptions;
  readonly picture: string;
}[] = [
  {
    name: "the fourth exercise: three-way handshake, get all, post, four-way close",
    flows: [exerciseFlow()],
    options: { width: 80, origin: "lab.pcapng" },
    picture: `
Captured (lab.pcapng): 14 packets, 1 connection, 2 exchanges. Begins 2026-11-21
09:30:00.000000 UTC. 3 bare ACKs folded.

                  192.168.0.15:51744                      192.168.0.14:10000
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000     SYN-SENT │─────────── SYN, MSS 65495 ───────────►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄───────── SYN+ACK, MSS 65495 ─────────│
      +12 µs              │──────────────── ACK ─────────────────►│ ESTABLISHED
     +257 µs              │─────────── GET / HTTP/1.1 ───────────►│
     +980 µs              │◄───── HTTP/1.1 200 OK, 49 B body ─────│
     +8.00 s              │─ POST /Pingping HTTP/1.1, 36 B body ─►│
    +2.57 ms              │◄── HTTP/1.1 201 Created, 36 B body ───│
   +1:22 min   FIN-WAIT-1 │────────────── FIN+ACK ───────────────►│ CLOSE-WAIT
      +40 µs   FIN-WAIT-2 │◄──────────────── ACK ─────────────────│
     +410 µs    TIME-WAIT │◄────────────── FIN+ACK ───────────────│ LAST-ACK
      +39 µs              │──────────────── ACK ─────────────────►│ CLOSED
`,
  },
  {
    name: "the same wider: with what may be left out, and no wider than its labels need",
    flows: [exerciseFlow()],
    options: { width: 120 },
    picture: `
Captured: 14 packets, 1 connection, 2 exchanges. Begins 2026-11-21 09:30:00.000000 UTC. 3 bare ACKs folded.

                  192.168.0.15:51744                                        192.168.0.14:10000
                        client                                                    server
                   CLOSED │                                                         │ LISTEN
09:30:00.000     SYN-SENT │──────────────────── SYN, MSS 65495 ────────────────────►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄────────────────── SYN+ACK, MSS 65495 ──────────────────│
      +12 µs              │───────────────────────── ACK ──────────────────────────►│ ESTABLISHED
     +257 µs              │──────────────────── GET / HTTP/1.1 ────────────────────►│
     +980 µs              │◄───── HTTP/1.1 200 OK, 49 B body, application/json ─────│
     +8.00 s              │─ POST /Pingping HTTP/1.1, 36 B body, application/json ─►│
    +2.57 ms              │◄── HTTP/1.1 201 Created, 36 B body, application/json ───│
   +1:22 min   FIN-WAIT-1 │─────────────────────── FIN+ACK ────────────────────────►│ CLOSE-WAIT
      +40 µs   FIN-WAIT-2 │◄───────────────────────── ACK ──────────────────────────│
     +410 µs    TIME-WAIT │◄─────────────────────── FIN+ACK ────────────────────────│ LAST-ACK
      +39 µs              │───────────────────────── ACK ──────────────────────────►│ CLOSED
`,
  },
  {
    name: "the same in a narrow terminal: the states get lines of their own",
    flows: [exerciseFlow()],
    options: { width: 60 },
    picture: `
Captured: 14 packets, 1 connection, 2 exchanges. Begins
2026-11-21 09:30:00.000000 UTC. 3 bare ACKs folded.

     192.168.0.15:51744                   192.168.0.14:10000
           client                                     server
             │ CLOSED                               LISTEN │
09:30:00.000 │────────────── SYN, MSS 65495 ──────────────►│
             │ SYN-SENT                       SYN-RECEIVED │
      +41 µs │◄──────────── SYN+ACK, MSS 65495 ────────────│
             │ ESTABLISHED                                 │
      +12 µs │─────────────────── ACK ────────────────────►│
             │                                 ESTABLISHED │
     +257 µs │────────────── GET / HTTP/1.1 ──────────────►│
     +980 µs │◄──────── HTTP/1.1 200 OK, 49 B body ────────│
     +8.00 s │──── POST /Pingping HTTP/1.1, 36 B body ────►│
    +2.57 ms │◄───── HTTP/1.1 201 Created, 36 B body ──────│
   +1:22 min │───────────────── FIN+ACK ──────────────────►│
             │ FIN-WAIT-1                       CLOSE-WAIT │
      +40 µs │◄─────────────────── ACK ────────────────────│
             │ FIN-WAIT-2                                  │
     +410 µs │◄───────────────── FIN+ACK ──────────────────│
             │ TIME-WAIT                          LAST-ACK │
      +39 µs │─────────────────── ACK ────────────────────►│
             │                                      CLOSED │
`,
  },
  {
    name: "what was reconstructed dashed, with a legend",
    flows: [exerciseFlow(true)],
    options: { width: 80 },
    picture: `
Reconstructed from what the sockets sent and received: 14 packets, 1 connection,
2 exchanges. Begins 2026-11-21 09:30:00.000000 UTC. 3 bare ACKs folded.
────► captured   ╌╌╌╌► reconstructed

                  192.168.0.15:51744                      192.168.0.14:10000
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000     SYN-SENT │╌╌╌╌╌╌╌╌╌╌╌ SYN, MSS 65495 ╌╌╌╌╌╌╌╌╌╌╌►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄╌╌╌╌╌╌╌╌╌ SYN+ACK, MSS 65495 ╌╌╌╌╌╌╌╌╌│
      +12 µs              │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ ACK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌►│ ESTABLISHED
     +257 µs              │╌╌╌╌╌╌╌╌╌╌╌ GET / HTTP/1.1 ╌╌╌╌╌╌╌╌╌╌╌►│
     +980 µs              │◄╌╌╌╌╌ HTTP/1.1 200 OK, 49 B body ╌╌╌╌╌│
     +8.00 s              │╌ POST /Pingping HTTP/1.1, 36 B body ╌►│
    +2.57 ms              │◄╌╌ HTTP/1.1 201 Created, 36 B body ╌╌╌│
   +1:22 min   FIN-WAIT-1 │╌╌╌╌╌╌╌╌╌╌╌╌╌╌ FIN+ACK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌►│ CLOSE-WAIT
      +40 µs   FIN-WAIT-2 │◄╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ ACK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│
     +410 µs    TIME-WAIT │◄╌╌╌╌╌╌╌╌╌╌╌╌╌╌ FIN+ACK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│ LAST-ACK
      +39 µs              │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ ACK ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌►│ CLOSED
`,
  },
  {
    name: "dashes in ASCII",
    flows: [exerciseFlow(true)],
    options: { width: 80, ascii: true },
    layout: { bareAcks: true },
    picture: `
Reconstructed from what the sockets sent and received: 14 packets, 1 connection,
2 exchanges. Begins 2026-11-21 09:30:00.000000 UTC.
----> captured   - - > reconstructed

                  192.168.0.15:51744                      192.168.0.14:10000
                        client                                  server
                   CLOSED |                                       | LISTEN
09:30:00.000     SYN-SENT | - - - - -  SYN, MSS 65495 - - - - - ->| SYN-RECEIVED
      +41 us  ESTABLISHED |<- - - - - SYN+ACK, MSS 65495  - - - - |
      +12 us              | - - - - - - - - ACK - - - - - - - - ->| ESTABLISHED
     +257 us              | - - - - -  GET / HTTP/1.1 - - - - - ->|
      +42 us              |<- - - - - - - -  ACK  - - - - - - - - |
     +938 us              |<- - - HTTP/1.1 200 OK, 49 B body  - - |
      +41 us              | - - - - - - - - ACK - - - - - - - - ->|
     +8.00 s              |  POST /Pingping HTTP/1.1, 36 B body ->|
    +2.57 ms              |<-  HTTP/1.1 201 Created, 36 B body  - |
      +41 us              | - - - - - - - - ACK - - - - - - - - ->|
   +1:22 min   FIN-WAIT-1 | - - - - - - - FIN+ACK - - - - - - - ->| CLOSE-WAIT
      +40 us   FIN-WAIT-2 |<- - - - - - - -  ACK  - - - - - - - - |
     +410 us    TIME-WAIT |<- - - - - - -  FIN+ACK  - - - - - - - | LAST-ACK
      +39 us              | - - - - - - - - ACK - - - - - - - - ->| CLOSED
`,
  },
  {
    name: "a Korean target, and a request over several segments",
    flows: [longFlow()],
    options: { width: 80 },
    picture: `
Captured: 14 packets, 1 connection, 1 exchange. Begins 2026-11-21
09:30:00.000000 UTC. 2 bare ACKs folded.

                   127.0.0.1:51744                         127.0.0.1:10000
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000     SYN-SENT │─────────── SYN, MSS 65495 ───────────►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄───────── SYN+ACK, MSS 65495 ─────────│
      +12 µs              │──────────────── ACK ─────────────────►│ ESTABLISHED
      +47 µs              │─── PUT /files/고양이.txt HTTP/1.1 ───►│
                          │       4,000 B body, 2 segments        │
      +20 µs              │─── body: 3 segments, 3,095 bytes ────►│
     +780 µs              │◄──────── HTTP/1.1 201 Created ────────│
                          │         9 B body in 2 chunks          │
      +50 µs   CLOSE-WAIT │◄──────── body: 20 bytes, FIN ─────────│ FIN-WAIT-1
      +40 µs     LAST-ACK │────────────── FIN+ACK ───────────────►│ TIME-WAIT
      +30 µs       CLOSED │◄──────────────── ACK ─────────────────│
`,
  },
  {
    name: "the same in ASCII, a row for each message: the target as it was sent",
    flows: [longFlow()],
    options: { width: 80, ascii: true },
    layout: { zoom: "exchanges" },
    picture: `
Captured: 14 packets, 1 connection, 1 exchange. Begins 2026-11-21
09:30:00.000000 UTC. 2 bare ACKs folded.

                   127.0.0.1:51744                         127.0.0.1:10000
                        client                                  server
                   CLOSED |                                       | LISTEN
09:30:00.000  ESTABLISHED |--------- connection opened ---------->| ESTABLISHED
                          |           SYN, SYN+ACK, ACK           |
     +100 us              |- PUT /files/%E...9D%B4.txt HTTP/1.1 ->|
                          |       4,000 B body, 5 segments        |
     +800 us   CLOSE-WAIT |<-------- HTTP/1.1 201 Created --------| FIN-WAIT-1
                          | 9 B body in 2 chunks, 2 segments, FIN |
      +90 us       CLOSED |-- connection closed, FIN+ACK, ACK --->| TIME-WAIT
`,
  },
  {
    name: "an interim response and a reset, over IPv6",
    flows: [interimFlow()],
    options: { width: 80 },
    picture: `
Captured: 8 packets, 1 connection, 1 exchange. Begins 2026-11-21 09:30:00.000000
UTC.

                     [::1]:40000                              [::1]:3091
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000     SYN-SENT │─────────── SYN, MSS 65495 ───────────►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄───────── SYN+ACK, MSS 65495 ─────────│
      +12 µs              │──────────────── ACK ─────────────────►│ ESTABLISHED
      +47 µs              │───── PUT /a HTTP/1.1, 12 B body ─────►│
     +200 µs              │◄─────── HTTP/1.1 100 Continue ────────│
     +100 µs              │─────────── body: 12 bytes ───────────►│
     +500 µs              │◄────── HTTP/1.1 204 No Content ───────│
      +50 µs       CLOSED │────────────── RST+ACK ───────────────►│ CLOSED
`,
  },
  {
    name: "a retransmission",
    flows: [lossyFlow()],
    options: { width: 80 },
    picture: `
Captured: 15 packets, 1 connection, 1 exchange. Begins 2026-11-21
09:30:00.000000 UTC. 4 bare ACKs folded.

                   127.0.0.1:51744                         127.0.0.1:10000
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000     SYN-SENT │─────────── SYN, MSS 65495 ───────────►│ SYN-RECEIVED
      +41 µs  ESTABLISHED │◄───────── SYN+ACK, MSS 65495 ─────────│
      +12 µs              │──────────────── ACK ─────────────────►│ ESTABLISHED
      +47 µs              │───────── GET /big HTTP/1.1 ──────────►│
     +100 µs              │◄─── HTTP/1.1 200 OK, 4,000 B body ────│
      +10 µs              │◄─── body: 2 segments, 2,613 bytes ────│
     +200 ms              │◄──── retransmission, 1,460 bytes ─────│
      +60 µs              │─────────── ACK, window 0 ────────────►│
     +15.2 s              │─────────── 2 keep-alives ────────────►│
`,
  },
  {
    name: "two connections to one server",
    flows: crowd(2),
    options: { width: 120 },
    picture: `
Captured: 10 packets, 2 connections, 2 exchanges. Begins 2026-11-21 09:30:00.000000 UTC.

                   127.0.0.1:51000                          127.0.0.1:3091                         127.0.0.1:51001
                        client                                  server                                  client
          #0       CLOSED │                                       │ LISTEN                                │
09:30:00.000     SYN-SENT │─────────── SYN, MSS 65495 ───────────►│ SYN-RECEIVED                          │
          #1              │                                LISTEN │                                       │ CLOSED
      +10 µs              │                          SYN-RECEIVED │◄─────────── SYN, MSS 65495 ───────────│ SYN-SENT
      +90 µs  ESTABLISHED │◄───────── SYN+ACK, MSS 65495 ─────────│                                       │
      +10 µs              │                                       │───────── SYN+ACK, MSS 65495 ─────────►│ ESTABLISHED
      +90 µs              │──────────────── ACK ─────────────────►│ ESTABLISHED                           │
      +10 µs              │                           ESTABLISHED │◄──────────────── ACK ─────────────────│
     +790 µs              │──── GET /kv/cats/tom-0 HTTP/1.1 ─────►│                                       │
      +10 µs              │                                       │◄─── DELETE /kv/cats/tom-1 HTTP/1.1 ───│
     +990 µs              │◄───── HTTP/1.1 200 OK, 7 B body ──────│                                       │
      +10 µs              │                                       │── HTTP/1.1 404 Not Found, 7 B body ──►│
`,
  },
  {
    name: "two connections in 80 columns",
    flows: crowd(2),
    options: { width: 80 },
    picture: `
Captured: 10 packets, 2 connections, 2 exchanges. Begins 2026-11-21
09:30:00.000000 UTC.

      127.0.0.1:51000                   127.0.0.1:3091           127.0.0.1:51001
           client                           server                        client
          #0 │ CLOSED                  LISTEN │                                │
09:30:00.000 │─────── SYN, MSS 65495 ────────►│                                │
             │ SYN-SENT          SYN-RECEIVED │                                │
          #1 │                                │ LISTEN                  CLOSED │
      +10 µs │                                │◄─────── SYN, MSS 65495 ────────│
             │                                │ SYN-RECEIVED          SYN-SENT │
      +90 µs │◄───── SYN+ACK, MSS 65495 ──────│                                │
             │ ESTABLISHED                    │                                │
      +10 µs │                                │───── SYN+ACK, MSS 65495 ──────►│
             │                                │                    ESTABLISHED │
      +90 µs │───────────── ACK ─────────────►│                                │
             │                    ESTABLISHED │                                │
      +10 µs │                                │◄───────────── ACK ─────────────│
             │                                │ ESTABLISHED                    │
     +790 µs │─ GET /kv/cats/tom-0 HTTP/1.1 ─►│                                │
      +10 µs │                                │◄──── DELETE /kv/cats/tom-1 ────│
     +990 µs │◄── HTTP/1.1 200 OK, 7 B body ──│                                │
      +10 µs │                                │─── HTTP/1.1 404 Not Found ────►│
             │                                │            7 B body            │
`,
  },
  {
    name: "connections that do not fit beside each other one below the other",
    flows: crowd(3),
    options: { width: 80 },
    layout: { zoom: "exchanges" },
    picture: `
Captured: 15 packets, 3 connections, 3 exchanges. Begins 2026-11-21
09:30:00.000000 UTC.

Connection #0

                   127.0.0.1:51000                          127.0.0.1:3091
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000  ESTABLISHED │───────── connection opened ──────────►│ ESTABLISHED
                          │           SYN, SYN+ACK, ACK           │
    +1.00 ms              │──── GET /kv/cats/tom-0 HTTP/1.1 ─────►│
    +1.00 ms              │◄───── HTTP/1.1 200 OK, 7 B body ──────│

Connection #1

                   127.0.0.1:51001                          127.0.0.1:3091
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000  ESTABLISHED │───────── connection opened ──────────►│ ESTABLISHED
                          │           SYN, SYN+ACK, ACK           │
    +1.00 ms              │─── DELETE /kv/cats/tom-1 HTTP/1.1 ───►│
    +1.00 ms              │◄── HTTP/1.1 404 Not Found, 7 B body ──│

Connection #2

                   127.0.0.1:51002                          127.0.0.1:3091
                        client                                  server
                   CLOSED │                                       │ LISTEN
09:30:00.000  ESTABLISHED │───────── connection opened ──────────►│ ESTABLISHED
                          │           SYN, SYN+ACK, ACK           │
    +1.00 ms              │──── GET /kv/cats/tom-2 HTTP/1.1 ─────►│
    +1.00 ms              │◄───── HTTP/1.1 200 OK, 7 B body ──────│
`,
  },
  {
    name: "arrows over a lifeline",
    flows: crowd(3),
    options: { width: 120 },
    layout: { zoom: "exchanges" },
    picture: `
Captured: 15 packets, 3 connections, 3 exchanges. Begins 2026-11-21 09:30:00.000000 UTC.

      127.0.0.1:51000                     127.0.0.1:3091                    127.0.0.1:51001              127.0.0.1:51002
           client                             server                             client                           client
          #0 │ CLOSED                    LISTEN │                                  │                                  │
09:30:00.000 │─────── connection opened ───────►│                                  │                                  │
             │        SYN, SYN+ACK, ACK         │                                  │                                  │
             │ ESTABLISHED          ESTABLISHED │                                  │                                  │
          #1 │                                  │ LISTEN                    CLOSED │                                  │
      +10 µs │                                  │◄─────── connection opened ───────│                                  │
             │                                  │        SYN, SYN+ACK, ACK         │                                  │
             │                                  │ ESTABLISHED          ESTABLISHED │                                  │
          #2 │                                  │ LISTEN                           │                           CLOSED │
      +10 µs │                                  │◄─────────────────────────────────┼─────── connection opened ────────│
             │                                  │                                  │        SYN, SYN+ACK, ACK         │
             │                                  │ ESTABLISHED                      │                      ESTABLISHED │
     +980 µs │── GET /kv/cats/tom-0 HTTP/1.1 ──►│                                  │                                  │
      +10 µs │                                  │◄─ DELETE /kv/ca…/tom-1 HTTP/1.1 ─│                                  │
      +10 µs │                                  │◄─────────────────────────────────┼── GET /kv/cats/tom-2 HTTP/1.1 ───│
     +980 µs │◄─── HTTP/1.1 200 OK, 7 B body ───│                                  │                                  │
      +10 µs │                                  │──── HTTP/1.1 404 Not Found ─────►│                                  │
             │                                  │             7 B body             │                                  │
      +10 µs │                                  │─── HTTP/1.1 200 OK, 7 B body ────┼─────────────────────────────────►│
`,
  },
  {
    name: "long addresses on lines of their own, a long target cut, controls made visible",
    flows: [oddFlow()],
    options: { width: 80 },
    picture: `
Captured: 3 packets, 1 connection, 2 exchanges. Begins 2026-11-21
09:30:00.000000 UTC.

 client [2001:db8:85a3:1234:5678:8a2e:370:7334]:51744
                               server [2001:db8:85a3:1234:5678:8a2e:370:1]:10000
              ESTABLISHED │                                       │ ESTABLISHED
09:30:00.000              │─ GET /deep/deep…end?%1B[2J HTTP/1.1 ─►│
                          │  and GET /나비/%E2%80%AE%20 HTTP/1.1  │
     +500 µs              │◄────── HTTP/1.1 404 ê³ \\x9b31m ───────│
     +100 µs       CLOSED │◄──────────────── RST ─────────────────│ CLOSED
`,
  },
  {
    name: "nothing",
    flows: [],
    options: { width: 80 },
    picture: `
Nothing to show: no TCP segment is here, or none passes the filter.
`,
  },
];

for (const { name, flows, options, layout, picture } of cases) {
  test(`ladderText() draws ${name}`, () => {
    assert.equal(`\n${ladderText(layoutLadder({ flows }, layout), options)}`, picture);
  });
}

const SCENES: readonly (readonly Flow[])[] = [...cases.map(({ flows }) => flows), crowd(7)];

test("ladderText() has no line wider than the terminal, and none with a space at its end", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SCENES),
      fc.integer({ min: 43, max: 240 }),
      fc.boolean(),
      fc.constantFrom("segments", "exchanges"),
      fc.string({ maxLength: 120 }),
      (flows, width, ascii, zoom, origin) => {
        const names = new Map([["127.0.0.1", origin]]);
        const picture = ladderText(layoutLadder({ flows, names }, { zoom }), { width, ascii, origin });
        for (const line of picture.split("\n")) {
          assert.ok(columnsOf(line) <= width, `${columnsOf(line)} columns: ${line}`);
        }
        if (ascii) assert.match(picture, /^[\n\x20-\x7e]*$/);
      },
    ),
  );
});

test("ladderText() draws in 43 columns what is asked for in less", () => {
  const ladder = layoutLadder({ flows: [exerciseFlow()] });
  assert.equal(ladderText(ladder, { width: 1 }), ladderText(ladder, { width: 43 }));
});

test("ladderText() paints, and what is painted says the same without", () => {
  const used = new Set<string>();
  const paint: LadderPaint = (style, text) => {
    used.add(style);
    return `<${style}>${text}</>`;
  };
  for (const flows of SCENES) {
    const ladder = layoutLadder({ flows });
    const painted = ladderText(ladder, { width: 100, paint });
    assert.equal(painted.replaceAll(/<\w+>|<\/>/g, ""), ladderText(ladder, { width: 100 }));
  }
  assert.deepEqual([...used].sort(), ["bold", "cyan", "dim", "green", "red", "yellow"]);
});

test("ladderText() escapes what commands a terminal, in names and origins as well", () => {
  const names = new Map([["127.0.0.1", "\x1b[31mred"]]);
  const ladder = layoutLadder({ flows: [longFlow()], names });
  const picture = ladderText(ladder, { width: 200, origin: "\x1b]0;title\x07\u202e" });
  assert.doesNotMatch(picture, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  assert.match(picture, /\\x1b\[31mred/);
});

test("ladderText() leaves the gutter empty where the capture has no times", () => {
  const flow = flowOf({ steps: [{ at: 0, from: "client", flags: "SYN" }] });
  const segments = flow.segments.map((segment) => ({ ...segment, time: undefined }));
  const lines = ladderText(layoutLadder({ flows: [{ ...flow, segments }] }), { width: 80 }).split("\n");
  assert.equal(lines[0], "Captured: 1 packet, 1 connection, 0 exchanges.");
  assert.match(lines.at(-2) ?? "", /^ +SYN-SENT │─+ SYN, MSS 65495 ─+►│$/);
});
