import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptureAnalysis } from "../analysis.ts";
import { exchangeOf, packetsOf } from "../conversation.contract.ts";
import { partAt } from "./part-at.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

const answers: { name: string; text: string; parts: [string, string][] }[] = [
  {
    name: "a body of known length",
    text: "HTTP/1.1 200 OK\r\nX: one\r\n two\r\nContent-Length: 3\r\n\r\nabc",
    parts: [
      ["start-line", "HTTP/1.1 200 OK\r\n"],
      ["field", "X: one\r\n two\r\n"],
      ["field", "Content-Length: 3\r\n"],
      ["head-end", "\r\n"],
      ["body", "abc"],
    ],
  },
  {
    name: "chunks and trailers",
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\nZ:\r\n\r\n",
    parts: [
      ["start-line", "HTTP/1.1 200 OK\r\n"],
      ["field", "Transfer-Encoding: chunked\r\n"],
      ["head-end", "\r\n"],
      ["chunk-framing", "2;x\r\n"],
      ["body", "ab"],
      ["chunk-framing", "\r\n"],
      ["chunk-framing", "1\r\n"],
      ["body", "c"],
      ["chunk-framing", "\r\n"],
      ["chunk-framing", "0\r\n"],
      ["trailer", "X: y\r\n"],
      ["trailer", "Z:\r\n"],
      ["end", "\r\n"],
    ],
  },
  {
    name: "chunks without trailers",
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    parts: [
      ["start-line", "HTTP/1.1 200 OK\r\n"],
      ["field", "Transfer-Encoding: chunked\r\n"],
      ["head-end", "\r\n"],
      ["chunk-framing", "0\r\n"],
      ["end", "\r\n"],
    ],
  },
  {
    name: "no fields and no body",
    text: "HTTP/1.1 204 No Content\r\n\r\n",
    parts: [
      ["start-line", "HTTP/1.1 204 No Content\r\n"],
      ["head-end", "\r\n"],
    ],
  },
  {
    name: "a chunk that was cut off",
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na",
    parts: [
      ["start-line", "HTTP/1.1 200 OK\r\n"],
      ["field", "Transfer-Encoding: chunked\r\n"],
      ["head-end", "\r\n"],
      ["chunk-framing", "3\r\n"],
      ["body", "a"],
    ],
  },
];
for (const { name, text, parts } of answers) {
  test(`partAt() finds the part of every byte of ${name}`, () => {
    const analysis = new CaptureAnalysis();
    const turns = [
      { way: ">" as const, text: GET },
      { way: "<" as const, text },
    ];
    for (const packet of packetsOf(exchangeOf(turns))) analysis.add(packet);
    const response = analysis.exchanges[0]?.response;
    assert.ok(response);
    const found: [string, string][] = [];
    let next = 0;
    for (let offset = 0; offset < text.length; offset++) {
      const part = partAt(response, offset);
      assert.ok(part && part.stretch.start <= offset && offset < part.stretch.end);
      if (part.stretch.end === next) continue;
      assert.equal(part.stretch.start, next);
      next = part.stretch.end;
      found.push([part.kind, text.slice(part.stretch.start, part.stretch.end)]);
    }
    assert.deepEqual(found, parts);
    assert.equal(partAt(response, text.length), undefined);
    assert.equal(partAt(response, -1), undefined);
  });
}
