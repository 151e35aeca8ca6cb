// Laws that hold for any message: what is written is read as it was, however the bytes are cut; and
// bytes that are no message at all lead to a ProtocolError, the same one however they are cut.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOf, type Reading, readAnswer, readRequests, textOf } from "../../test/transcript.ts";
import type { Piece } from "./body-writer.ts";
import { ClientConnection, type ClientEvent } from "./client-connection.ts";
import { Fields } from "./fields.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { ServerConnection, type ServerEvent } from "./server-connection.ts";

const RUNS = { numRuns: 400 };

const TCHARS = [..."!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const VCHARS = Array.from({ length: 256 }, (_, byte) => byte)
  .filter((byte) => byte === 9 || (byte >= 32 && byte !== 127))
  .map((byte) => String.fromCharCode(byte));

const token = fc.string({ unit: fc.constantFrom(...TCHARS), minLength: 1, maxLength: 8 });
/** Names that the connection gives a meaning to are left out: a law for each would be another program. */
const name = token.map((text) => `X-${text}`);
const value = fc
  .string({ unit: fc.constantFrom(...VCHARS), maxLength: 20 })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ""));
const lines = fc.array(fc.tuple(name, value), { maxLength: 6 });
const method = fc.oneof(
  fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get"),
  token.filter((text) => text !== "CONNECT"),
);
const target = fc
  .string({ unit: fc.constantFrom(..."abcXYZ019-._~%2F/?&=+:@!$'()*,;"), maxLength: 20 })
  .map((text) => `/${text}`);
const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
const status = fc.integer({ min: 200, max: 999 });
const reason = fc.option(value, { nil: undefined });
/** Where to cut, as parts of the whole. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

function joined(bytes: readonly Uint8Array[]): string {
  return bytes.map(textOf).join("");
}

function wire(out: readonly Piece[]): string {
  return out.map((piece) => (typeof piece === "string" ? piece : textOf(piece))).join("");
}

function split(input: string, at: readonly number[]): Uint8Array[] {
  const marks = [0, ...at.map((part) => Math.floor(part * input.length)).sort((a, b) => a - b), input.length];
  return marks.slice(1).map((mark, i) => bytesOf(input.slice(marks[i], mark)));
}

/** Feeds the pieces and collects what comes out. */
function collect<Event extends ServerEvent | ClientEvent>(
  connection: { receive(bytes: Uint8Array): void; next(): Event | undefined },
  input: readonly Uint8Array[],
): Event[] {
  const events: Event[] = [];
  for (const piece of input) {
    connection.receive(piece);
    for (let event = connection.next(); event !== undefined; event = connection.next()) events.push(event);
  }
  return events;
}

/** Data and trailers of a message's events. */
function bodyOf(events: readonly (ServerEvent | ClientEvent)[]): { data: string; trailers: unknown } {
  const data = joined(events.flatMap((event) => (event.type === "data" ? [event.bytes] : [])));
  const end = events.at(-1);
  assert.equal(end?.type, "end");
  return { data, trailers: end?.type === "end" ? [...end.trailers] : undefined };
}

const body = fc.record({ pieces, chunked: fc.boolean(), trailers: lines });
type Body = typeof body extends fc.Arbitrary<infer T> ? T : never;

function send(to: ServerConnection | ClientConnection, { pieces, chunked, trailers }: Body): void {
  for (const piece of pieces) to.data(piece);
  to.end(chunked ? new Fields(trailers) : undefined);
}

function lengthOf({ pieces, chunked }: Body): number | undefined {
  return chunked ? undefined : joined(pieces).length;
}

test("a request that is written is read as it was, however it is cut", () => {
  fc.assert(
    fc.property(method, target, lines, body, cuts, (method, target, fields, body, cuts) => {
      const client = new ClientConnection();
      const all = [["Host", "a"] as [string, string], ...fields];
      client.request({ method, target, fields: new Fields(all), length: lengthOf(body) });
      send(client, body);
      const events = collect(new ServerConnection(), split(wire(client.takeOutput()), cuts));
      const head = events[0];
      assert.ok(head?.type === "request");
      assert.deepEqual(
        [head.method, head.rawTarget, head.version, head.keepAlive],
        [method, target, "1.1", true],
      );
      assert.deepEqual([...head.fields].slice(0, all.length), all);
      const { data, trailers } = bodyOf(events);
      assert.equal(data, joined(body.pieces));
      assert.deepEqual(trailers, body.chunked ? body.trailers : []);
    }),
    RUNS,
  );
});

test("an answer that is written is read as it was, however it is cut", () => {
  fc.assert(
    fc.property(
      method,
      status,
      reason,
      lines,
      body,
      cuts,
      fc.boolean(),
      (method, status, reason, fields, body, cuts, last) => {
        const client = new ClientConnection();
        client.request({ method, target: "/", fields: new Fields({ Host: "a" }), length: 0 });
        client.end();
        const server = new ServerConnection();
        server.receive(bytesOf(wire(client.takeOutput())));
        assert.equal(server.next()?.type, "request");
        assert.equal(server.next()?.type, "end");
        server.interim(103, new Fields(fields));
        if (last) server.lastExchange();

        const bodiless = method === "HEAD" || status === 204 || status === 304;
        server.respond({ status, reason, fields: new Fields(fields), length: lengthOf(body) });
        if (bodiless) server.end();
        else send(server, body);

        const [interim, head, ...rest] = collect(client, split(wire(server.takeOutput()), cuts));
        assert.ok(interim?.type === "interim" && head?.type === "response");
        assert.deepEqual([...interim.fields], fields);
        assert.equal(head.status, status);
        if (reason !== undefined) assert.equal(head.reason, reason);
        assert.deepEqual([...head.fields].slice(0, fields.length), fields);
        const { data, trailers } = bodyOf(rest);
        assert.equal(data, bodiless ? "" : joined(body.pieces));
        assert.deepEqual(trailers, bodiless || !body.chunked ? [] : body.trailers);
        assert.equal(client.nextExchange(), !last);
        assert.equal(server.nextExchange(), !last);
      },
    ),
    RUNS,
  );
});

/** Small enough that random messages run into them. The body's is off: what it lets by first depends on the cuts. */
const TIGHT = {
  ...DEFAULT_LIMITS,
  maxStartLine: 40,
  maxFieldLine: 40,
  maxHead: 160,
  maxFields: 6,
  maxChunkExtensions: 10,
  maxTrailers: 30,
};

const HEADS = [
  "Host: a",
  "Content-Length: 5",
  "Content-Length: 5, 5",
  "Transfer-Encoding: chunked",
  "transfer-encoding:\tchunked , ",
  "Connection: close",
  "Connection: keep-alive",
  "Expect: 100-continue",
  "Upgrade: x",
  "A: b \t",
  "B:\xff\x80",
  " folded",
  "\t",
] as const;
const BODIES = [
  "",
  "hello",
  "5\r\nhello\r\n0\r\n\r\n",
  "3;x=y\r\nabc\r\n02 ;\r\nde\r\n0\r\nA: b\r\n\r\n",
  "0\r\nA: b\r\n c\r\n\r\n",
] as const;
const REQUEST_LINES = [
  "GET / HTTP/1.1",
  "HEAD /a?b HTTP/1.0",
  "POST http://a:80/ HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "CONNECT a:443 HTTP/1.1",
] as const;
const STATUS_LINES = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 100 Continue",
  "HTTP/1.1 204 ",
  "HTTP/1.1 101",
  "HTTP/1.0 200 OK",
  "HTTP/1.1 304 \xff",
] as const;

function messages(startLines: readonly string[]): fc.Arbitrary<string> {
  const message = fc
    .tuple(
      fc.constantFrom(...startLines),
      fc.array(fc.constantFrom(...HEADS), { maxLength: 4 }),
      fc.constantFrom(...BODIES),
    )
    .map(([start, fields, rest]) => `${[start, "Host: a", ...fields].join("\r\n")}\r\n\r\n${rest}`);
  return fc.array(message, { minLength: 1, maxLength: 3 }).map((all) => all.join(""));
}

/** A byte that a parser may trip over, more often than any other. */
const byte = fc.oneof(
  fc.constantFrom(..."\r\n\t\x00 :;,0123456789aAfFxX+-\x7f\x80\xff\x0b\"'()/*#@"),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
);
const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom("replace", "insert", "delete", "repeat"),
    byte,
  }),
  { maxLength: 4 },
);

function mutate(input: string, all: typeof mutations extends fc.Arbitrary<infer T> ? T : never): string {
  let text = input;
  for (const { at, how, byte } of all) {
    const i = Math.floor(at * text.length);
    const [before, here, after] = [text.slice(0, i), text.slice(i, i + 1), text.slice(i + 1)];
    switch (how) {
      case "replace":
        text = before + byte + after;
        break;
      case "insert":
        text = before + byte + here + after;
        break;
      case "delete":
        text = before + after;
        break;
      case "repeat":
        text = before + here.repeat(12) + after;
        break;
    }
  }
  return text;
}

type Reader = (pieces: readonly Uint8Array[], reading: Reading) => string[];

const readers: { readonly name: string; readonly input: fc.Arbitrary<string>; readonly read: Reader }[] = [
  { name: "requests", input: messages(REQUEST_LINES), read: readRequests },
  { name: "answers", input: messages(STATUS_LINES), read: (pieces, reading) => readAnswer(pieces, reading) },
  {
    name: "answers to HEAD",
    input: messages(STATUS_LINES),
    read: (pieces, reading) => readAnswer(pieces, reading, { method: "HEAD" }),
  },
  {
    name: "answers to CONNECT",
    input: messages(STATUS_LINES),
    read: (pieces, reading) => readAnswer(pieces, reading, { method: "CONNECT", target: "a:1" }),
  },
  {
    name: "answers to an upgrade",
    input: messages(STATUS_LINES),
    read: (pieces, reading) =>
      readAnswer(pieces, reading, { fields: new Fields({ Host: "a", Upgrade: "x" }) }),
  },
];

for (const { name, input, read } of readers) {
  for (const [which, limits] of [
    ["the usual limits", DEFAULT_LIMITS],
    ["tight limits", TIGHT],
  ] as const) {
    test(`${name}, valid or damaged, give the same events and errors however they are cut, with ${which}`, () => {
      fc.assert(
        fc.property(input, mutations, cuts, fc.boolean(), (text, damage, cuts, eof) => {
          const damaged = mutate(text, damage);
          const reading = { limits, eof, fields: true };
          const whole = read([bytesOf(damaged)], reading);
          assert.deepEqual(read(split(damaged, cuts), reading), whole, "cut at random");
          assert.deepEqual(read([...damaged].map(bytesOf), reading), whole, "byte by byte");
        }),
        RUNS,
      );
    });
  }

  // The transcript lets anything but a ProtocolError through, which fails the property.
  test(`any bytes at all, read as ${name}, lead to nothing but events or a ProtocolError`, () => {
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        input,
        cuts,
        (near, any, text, cuts) => {
          for (const tail of [near.join(""), textOf(any)]) {
            for (const noise of [tail, text + tail, text.slice(0, tail.length) + tail]) {
              const lines = read(split(noise, cuts), { eof: true });
              assert.ok(lines.every((line) => !line.includes("\n")));
            }
          }
        },
      ),
      RUNS,
    );
  });
}
