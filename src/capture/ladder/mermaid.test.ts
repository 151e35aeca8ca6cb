import assert from "node:assert/strict";
import { test } from "node:test";
import { exerciseFlow, oddFlow } from "../../../test/fixtures/ladder-scenes.ts";
import { layoutLadder } from "./layout.ts";
import { ladderMermaid, mermaidText } from "./mermaid.ts";

test("ladderMermaid() writes a sequence diagram with the states where they change", () => {
  assert.equal(
    ladderMermaid(layoutLadder({ flows: [exerciseFlow()] }), { origin: "lab.pcapng" }),
    `sequenceDiagram
    %% Captured (lab.pcapng): 14 packets, 1 connection, 2 exchanges.
    %% Begins 2026-11-21 09:30:00.000000 UTC.
    %% 3 bare ACKs folded.
    participant c0 as 192.168.0.15:51744
    participant c1 as 192.168.0.14:10000
    Note over c0,c1: CLOSED · LISTEN
    c0->>c1: SYN
    Note over c0,c1: SYN-SENT · SYN-RECEIVED
    c1->>c0: SYN+ACK
    Note over c0,c1: ESTABLISHED · SYN-RECEIVED
    c0->>c1: ACK
    Note over c0,c1: ESTABLISHED · ESTABLISHED
    c0->>c1: GET / HTTP/1.1
    c1->>c0: HTTP/1.1 200 OK, 49 B body
    c0->>c1: POST /Pingping HTTP/1.1, 36 B body
    c1->>c0: HTTP/1.1 201 Created, 36 B body
    c0->>c1: FIN+ACK
    Note over c0,c1: FIN-WAIT-1 · CLOSE-WAIT
    c1->>c0: ACK
    Note over c0,c1: FIN-WAIT-2 · CLOSE-WAIT
    c1->>c0: FIN+ACK
    Note over c0,c1: TIME-WAIT · LAST-ACK
    c0->>c1: ACK
    Note over c0,c1: TIME-WAIT · CLOSED
`,
  );
});

test("ladderMermaid() dots what was reconstructed", () => {
  const diagram = ladderMermaid(layoutLadder({ flows: [exerciseFlow(true)] }));
  assert.match(diagram, /^ {4}c0-->>c1: GET \/ HTTP\/1\.1$/m);
  assert.doesNotMatch(diagram, /->>(?<!-->>)/);
});

test("ladderMermaid() keeps a statement on its line, whatever the target, the name or the origin is", () => {
  const names = new Map([["2001:db8:85a3:1234:5678:8a2e:370:1", "a\nc0->>c1: forged"]]);
  const diagram = ladderMermaid(layoutLadder({ flows: [oddFlow()], names }), {
    origin: "%%{init: {}}%%\nc0->>c1: forged",
  });
  assert.doesNotMatch(diagram, /^ *c0->>c1: forged/m);
  assert.doesNotMatch(diagram, /[{}]/);
});

const cases: readonly (readonly [text: string, escaped: string])[] = [
  ["GET /나비?a=1&b=%20 HTTP/1.1", "GET /나비?a=1#38;b=%20 HTTP/1.1"],
  ["a;b#c", "a#59;b#35;c"],
  ["#35; #lt;", "#35;35#59; #35;lt#59;"],
  ["<br/>", "#60;br/#62;"],
  ["100%%{x}", "100#37;#37;#123;x#125;"],
  ["%{", "#37;#123;"],
  ["a\nb", "a#92;x0ab"],
];

for (const [text, escaped] of cases) {
  test(`mermaidText() makes ${JSON.stringify(text)} harmless`, () => {
    assert.equal(mermaidText(text), escaped);
  });
}
