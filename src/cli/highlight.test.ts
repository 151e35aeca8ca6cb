import assert from "node:assert/strict";
import { test } from "node:test";
import { paintHead, paintJson, takeHeadApart } from "./highlight.ts";
import { painter, type Style } from "./terminal.ts";

const plain = painter(false);
const marked = (style: Style, text: string): string => `<${style}>${text}</>`;

test("paintHead() shows a response's head line by line", () => {
  const head = { kind: "response", startLine: "HTTP/1.1 200 OK", fields: [["Content-Length", "5"]] } as const;
  assert.equal(paintHead(head, plain), "HTTP/1.1 200 OK\nContent-Length: 5\n");
  assert.equal(
    paintHead(head, marked),
    "<dim>HTTP/1.1</> <bold><green>200 OK</></>\n<cyan>Content-Length</><dim>:</> 5\n",
  );
});

const statuses: [number, Style][] = [
  [103, "dim"],
  [204, "green"],
  [304, "cyan"],
  [404, "yellow"],
  [507, "red"],
];
for (const [status, style] of statuses) {
  test(`paintHead() shows ${status} in ${style}`, () => {
    const head = { kind: "response", startLine: `HTTP/1.1 ${status} `, fields: [] } as const;
    assert.ok(paintHead(head, marked).includes(`<${style}>${status}`));
  });
}

test("paintHead() shows UTF-8 in a value, and never a control character of it", () => {
  const value = Buffer.from("보고서\x1b[31m", "utf8").toString("latin1");
  const head = { kind: "response", startLine: "HTTP/1.1 200 \x9b2J", fields: [["X", value]] } as const;
  assert.equal(paintHead(head, plain), "HTTP/1.1 200 \\x9b2J\nX: 보고서\\x1b[31m\n");
});

test("takeHeadApart() gives back what was sent", () => {
  assert.deepEqual(takeHeadApart("GET / HTTP/1.1\r\nHost: a:1\r\nX-Empty: \r\n\r\n"), {
    startLine: "GET / HTTP/1.1",
    fields: [
      ["Host", "a:1"],
      ["X-Empty", ""],
    ],
  });
});

test("paintJson() colours each kind of token", () => {
  assert.equal(paintJson('{"a":1}', marked, false), '<dim>{</><blue>"a"</><dim>:</><cyan>1</><dim>}</>');
  assert.equal(paintJson("<html>", marked, true), undefined);
});
