import assert from "node:assert/strict";
import { test } from "node:test";
import { showBody } from "./shown-body.ts";
import { painter } from "./terminal.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function show(
  content: string | Uint8Array,
  type: string | undefined,
  { size = 1000, length, indent = true }: { size?: number; length?: number; indent?: boolean } = {},
): Promise<string> {
  const bytes = Buffer.from(content as Uint8Array);
  let shown = "";
  const out = {
    terminal: true,
    write: async (data: string | Uint8Array): Promise<void> => {
      shown += data;
    },
  };
  const body = { pieces: inPieces(bytes, size), length, type, wayOut: "-o FILE saves it" };
  await showBody(body, out, { paint: painter(false), colors: false, indent });
  return shown;
}

const JSON_TYPE = "application/json";
const cases: { name: string; content: string | Uint8Array; type?: string; length?: number; shown: string }[] =
  [
    {
      name: "text as it is, with a line end",
      content: "안녕하세요",
      type: "text/plain; charset=utf-8",
      shown: "안녕하세요\n",
    },
    { name: "no second line end", content: "meow\n", type: "text/plain", shown: "meow\n" },
    { name: "CRLF as line ends", content: "a\r\nb\r\n", type: "text/plain", shown: "a\nb\n" },
    { name: "a lone CR spelled out", content: "a\rb", type: "text/plain", shown: "a\\x0db\n" },
    { name: "a CR at the end", content: "a\r", type: "text/plain", shown: "a\\x0d\n" },
    {
      name: "no escape sequences",
      content: "\x1b]0;owned\x07",
      type: "text/html",
      shown: "\\x1b]0;owned\\x07\n",
    },
    {
      name: "text in another charset",
      content: Buffer.from([0xbe, 0xc8, 0xb3, 0xe7]),
      type: "text/plain; charset=euc-kr",
      shown: "안녕\n",
    },
    {
      name: "UTF-8 where the charset is unknown",
      content: "é",
      type: "text/plain; charset=x-none",
      shown: "é\n",
    },
    { name: "JSON indented", content: '{"a":1}', type: JSON_TYPE, shown: '{\n  "a": 1\n}\n' },
    {
      name: "problem documents, too",
      content: '{"status":404}',
      type: "application/problem+json",
      shown: '{\n  "status": 404\n}\n',
    },
    { name: "broken JSON as text", content: '{"a":\x1b', type: JSON_TYPE, shown: '{"a":\\x1b\n' },
    { name: "text without a type", content: "hello", shown: "hello\n" },
    { name: "nothing of an empty body", content: "", type: JSON_TYPE, shown: "" },
    {
      name: "no image",
      content: Buffer.from("\x89PNG\r\n\x1a\n\0\0", "latin1"),
      type: "image/png",
      length: 10,
      shown: "(binary, 10 bytes, image/png: not shown; -o FILE saves it)\n",
    },
    {
      name: "no bytes that only claim to be text",
      content: "\0ab",
      type: "text/plain",
      shown: "(binary, 3 bytes, text/plain: not shown; -o FILE saves it)\n",
    },
    {
      name: "no bytes without a type",
      content: Buffer.from([0xff, 0xd8, 0xff]),
      shown: "(binary, 3 bytes: not shown; -o FILE saves it)\n",
    },
  ];
for (const { name, content, type, length, shown } of cases) {
  for (const size of [1000, 1, 3]) {
    test(`showBody() shows ${name}, in pieces of ${size}`, async () => {
      const options = length === undefined ? { size } : { size, length };
      assert.equal(await show(content, type, options), shown);
    });
  }
}

test("showBody() shows JSON as it came when it is not to be indented", async () => {
  assert.equal(await show('{"a" : 1}', JSON_TYPE, { indent: false }), '{"a" : 1}\n');
});

test("showBody() shows JSON of many megabytes as it came", async () => {
  const text = JSON.stringify(Array.from({ length: 500_000 }, (_, i) => i * 1000));
  assert.equal(await show(text, JSON_TYPE, { size: 65_536 }), `${text}\n`);
});

test("showBody() does not read a large binary body that tells its length", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(2000);
    } finally {
      closed = true;
    }
  }
  let shown = "";
  await showBody(
    { pieces: endless(), length: 10_737_418_240, type: undefined, wayOut: "-o FILE saves it" },
    {
      terminal: true,
      write: async (data) => {
        shown += String(data);
      },
    },
    { paint: painter(false), colors: false, indent: true },
  );
  assert.equal(shown, "(binary, 10.7 GB: not shown; -o FILE saves it)\n");
  assert.ok(closed);
});

test("a text that breaks off ends its line, so that what is said about it begins another", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("only th");
    throw new Error("broken off");
  }
  let shown = "";
  const out = {
    terminal: true,
    write: async (data: string | Uint8Array): Promise<void> => {
      shown += data;
    },
  };
  const body = { pieces: broken(), length: 100, type: "text/plain", wayOut: "" };
  const look = { paint: painter(false), colors: false, indent: true };
  await assert.rejects(showBody(body, out, look), /broken off/);
  assert.equal(shown, "only th\n");
});
