// The server's side of a connection: what it may do when, what it writes, and when a connection ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, textOf } from "../../test/transcript.ts";
import type { Piece } from "./body-writer.ts";
import { ProtocolError, StateError } from "./errors.ts";
import { Fields } from "./fields.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { RequestEvent } from "./message-reader.ts";
import { ServerConnection, type ServerEvent } from "./server-connection.ts";

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
const GET_1_0 = "GET / HTTP/1.0\r\n\r\n";
const GET_1_0_KEPT = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
const EXPECTING = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
const CONNECT = "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n";
const UPGRADE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";

function open(input: string, limits: Limits = DEFAULT_LIMITS): ServerConnection {
  const connection = new ServerConnection(limits);
  connection.receive(bytesOf(input));
  return connection;
}

/** All events there are now. */
function events(connection: ServerConnection): ServerEvent[] {
  const seen: ServerEvent[] = [];
  for (let event = connection.next(); event !== undefined; event = connection.next()) {
    seen.push(event);
    if (event.type === "eof" || event.type === "switch") break;
  }
  return seen;
}

function kinds(connection: ServerConnection): string {
  return events(connection)
    .map((event) => (event.type === "data" ? JSON.stringify(textOf(event.bytes)) : event.type))
    .join(" ");
}

/** A connection that has read all of the input. */
function read(input: string): ServerConnection {
  const connection = open(input);
  events(connection);
  return connection;
}

function output(connection: ServerConnection): string {
  return connection
    .takeOutput()
    .map((piece: Piece) => (typeof piece === "string" ? piece : textOf(piece)))
    .join("");
}

function ok(
  length: number | undefined = 0,
  fields: Fields = new Fields(),
): {
  readonly status: number;
  readonly fields: Fields;
  readonly length: number | undefined;
} {
  return { status: 200, fields, length };
}

/** Answers with an empty 200 and returns what was written. */
function answer(connection: ServerConnection): string {
  connection.respond(ok());
  connection.end();
  return output(connection);
}

function states(connection: ServerConnection): string {
  return `${connection.theirs}/${connection.ours}`;
}

function failed(): ServerConnection {
  const connection = open("\x00");
  assert.throws(() => connection.next(), ProtocolError);
  return connection;
}

const situations: { readonly [name: string]: () => ServerConnection } = {
  "nothing has come": () => new ServerConnection(),
  "the request is being read": () => {
    const connection = open(POST);
    connection.next();
    return connection;
  },
  "the request was read": () => read(GET),
  "the answer has begun": () => {
    const connection = read(GET);
    connection.respond(ok(2));
    return connection;
  },
  "the answer has begun before the request was read": () => {
    const connection = open(POST);
    connection.next();
    connection.respond(ok(2));
    return connection;
  },
  "both are done": () => {
    const connection = read(GET);
    answer(connection);
    return connection;
  },
  "the answer is done, the request is not": () => {
    const connection = open(POST);
    connection.next();
    answer(connection);
    return connection;
  },
  "the last exchange is over": () => {
    const connection = read(GET_1_0);
    answer(connection);
    return connection;
  },
  "the client has closed": () => {
    const connection = new ServerConnection();
    connection.receiveEof();
    connection.next();
    return connection;
  },
  "the request was faulty": failed,
  "the faulty request was answered": () => {
    const connection = failed();
    answer(connection);
    return connection;
  },
  "HTTP has ended": () => {
    const connection = read(UPGRADE);
    connection.respond({ ...ok(), status: 101 });
    return connection;
  },
};

const calls: { readonly [name: string]: (connection: ServerConnection) => void } = {
  interim: (connection) => connection.interim(103),
  respond: (connection) => connection.respond(ok(2)),
  upgrade: (connection) => connection.respond({ ...ok(), status: 101 }),
  data: (connection) => connection.data(bytesOf("ab")),
  end: (connection) => {
    // Whether the body is complete is another question than whether it may end now.
    if (connection.ours === "body") connection.data(bytesOf("ab"));
    connection.end();
  },
  nextExchange: (connection) => assert.equal(connection.nextExchange(), true),
};

/** Where each situation begins, and where each call leads from there; what is not named throws StateError. */
const transitions: {
  readonly [situation: string]: { readonly at: string; readonly leads: { readonly [call: string]: string } };
} = {
  "nothing has come": { at: "idle/idle", leads: { respond: "ended/body" } },
  "the request is being read": { at: "body/answer", leads: { interim: "body/answer", respond: "body/body" } },
  "the request was read": { at: "done/answer", leads: { interim: "done/answer", respond: "done/body" } },
  "the answer has begun": { at: "done/body", leads: { data: "done/body", end: "done/done" } },
  "the answer has begun before the request was read": {
    at: "body/body",
    leads: { data: "body/body", end: "body/done" },
  },
  "both are done": { at: "done/done", leads: { nextExchange: "idle/idle" } },
  "the answer is done, the request is not": { at: "body/done", leads: {} },
  "the last exchange is over": { at: "ended/ended", leads: {} },
  "the client has closed": { at: "closed/idle", leads: { respond: "closed/body" } },
  "the request was faulty": { at: "failed/idle", leads: { respond: "failed/body" } },
  "the faulty request was answered": { at: "failed/ended", leads: {} },
  "HTTP has ended": { at: "switched/switched", leads: {} },
};

for (const [situation, { at, leads }] of Object.entries(transitions)) {
  for (const [call, run] of Object.entries(calls)) {
    const to = leads[call];
    test(`when ${situation}, ${call}() ${to === undefined ? "is refused" : `leads to ${to}`}`, () => {
      const connection = (situations[situation] as () => ServerConnection)();
      assert.equal(states(connection), at);
      connection.takeOutput();
      if (call === "nextExchange" && to === undefined) {
        assert.equal(connection.nextExchange(), false);
      } else if (to === undefined) {
        assert.throws(() => run(connection), { name: "StateError", code: "STATE" });
      } else {
        run(connection);
      }
      assert.equal(states(connection), to ?? at);
      if (to === undefined) assert.equal(output(connection), "", "a refused call sends nothing");
    });
  }
}

/** What is written for an answer: request, head, body pieces, the expected bytes, and whether the connection stays. */
const answers: {
  readonly name: string;
  readonly request: string;
  readonly status?: number;
  readonly reason?: string;
  readonly fields?: ConstructorParameters<typeof Fields>[0];
  readonly length?: number | undefined;
  readonly date?: string;
  readonly body?: readonly string[];
  readonly trailers?: Fields;
  readonly written: string;
  readonly stays: boolean;
}[] = [
  {
    name: "a known length",
    request: GET,
    length: 5,
    body: ["hel", "", "lo"],
    written: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    stays: true,
  },
  {
    name: "no body",
    request: GET,
    length: 0,
    written: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    stays: true,
  },
  {
    name: "a length in a field",
    request: GET,
    fields: { "content-length": "2", A: "b" },
    body: ["ab"],
    written: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nA: b\r\n\r\nab",
    stays: true,
  },
  {
    name: "an unknown length",
    request: GET,
    body: ["hello", "", "x".repeat(16)],
    written: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n${"x".repeat(16)}\r\n0\r\n\r\n`,
    stays: true,
  },
  {
    name: "trailers",
    request: GET,
    body: ["a"],
    trailers: new Fields({ A: ["b", "c"] }),
    written: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\nA: c\r\n\r\n",
    stays: true,
  },
  {
    name: "a reason, a date and fields in their order",
    request: GET,
    status: 404,
    reason: "None Here",
    fields: [
      ["B", "1"],
      ["a", "2"],
      ["B", "3"],
    ],
    length: 0,
    date: "Sun, 06 Nov 1994 08:49:37 GMT",
    written:
      "HTTP/1.1 404 None Here\r\nB: 1\r\na: 2\r\nB: 3\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n",
    stays: true,
  },
  {
    name: "a Date of the caller's",
    request: GET,
    fields: { date: "x" },
    length: 0,
    date: "y",
    written: "HTTP/1.1 200 OK\r\ndate: x\r\nContent-Length: 0\r\n\r\n",
    stays: true,
  },
  {
    name: "a status without a registered reason",
    request: GET,
    status: 299,
    length: 0,
    written: "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n",
    stays: true,
  },
  {
    name: "HEAD keeps the length of GET",
    request: HEAD,
    length: 5,
    written: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    stays: true,
  },
  {
    name: "HEAD keeps a length in a field, whatever the body has",
    request: HEAD,
    fields: { "Content-Length": "5" },
    length: 0,
    written: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    stays: true,
  },
  {
    name: "HEAD says chunked where GET would",
    request: HEAD,
    written: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    stays: true,
  },
  {
    name: "204 has no length",
    request: GET,
    status: 204,
    length: 0,
    written: "HTTP/1.1 204 No Content\r\n\r\n",
    stays: true,
  },
  {
    name: "304 has no body and need not have a length",
    request: GET,
    status: 304,
    fields: { ETag: '"a"' },
    length: 0,
    written: 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    stays: true,
  },
  {
    name: "304 may tell the length of the whole",
    request: GET,
    status: 304,
    fields: { "Content-Length": "5" },
    length: 0,
    written: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    stays: true,
  },
  {
    name: "304 of unknown length is not chunked",
    request: GET,
    status: 304,
    written: "HTTP/1.1 304 Not Modified\r\n\r\n",
    stays: true,
  },
  {
    name: "HTTP/1.0 is told of the close",
    request: GET_1_0,
    length: 1,
    body: ["a"],
    written: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\na",
    stays: false,
  },
  {
    name: "HTTP/1.0 that asked is told of keep-alive",
    request: GET_1_0_KEPT,
    length: 1,
    body: ["a"],
    written: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\na",
    stays: true,
  },
  {
    name: "HTTP/1.0 never gets chunked",
    request: GET_1_0_KEPT,
    body: ["a", "b"],
    written: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab",
    stays: false,
  },
  {
    name: "HTTP/1.0 never gets chunked, nor does its HEAD",
    request: "HEAD / HTTP/1.0\r\n\r\n",
    written: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    stays: false,
  },
  {
    name: "a request with keep-alive, Close is told of the close",
    request: "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n",
    length: 0,
    written: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    stays: false,
  },
  {
    name: "a request with close on a second line is told of the close",
    request: "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
    length: 0,
    written: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    stays: false,
  },
  {
    name: "an answer with close",
    request: GET,
    fields: { Connection: "x, Close" },
    length: 0,
    written: "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n",
    stays: false,
  },
  {
    name: "an answer that says keep-alive to a request that said close",
    request: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    fields: { Connection: "keep-alive" },
    length: 0,
    written: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    stays: false,
  },
  {
    name: "obs-text goes out byte by byte",
    request: GET,
    fields: { A: "\xec\x9a\xb0" },
    length: 0,
    written: "HTTP/1.1 200 OK\r\nA: \xec\x9a\xb0\r\nContent-Length: 0\r\n\r\n",
    stays: true,
  },
];

for (const one of answers) {
  test(`the answer: ${one.name}`, () => {
    const connection = read(one.request);
    connection.respond({
      status: one.status ?? 200,
      reason: one.reason,
      fields: new Fields(one.fields),
      length: one.length,
      date: one.date,
    });
    for (const piece of one.body ?? []) connection.data(bytesOf(piece));
    connection.end(one.trailers);
    assert.equal(output(connection), one.written);
    assert.equal(connection.keepAlive, one.stays);
    assert.equal(connection.nextExchange(), one.stays);
  });
}

const unsendable: {
  readonly name: string;
  readonly head: Partial<Parameters<ServerConnection["respond"]>[0]>;
  readonly code: string;
}[] = [
  { name: "a status of two digits", head: { status: 99 }, code: "STATE" },
  { name: "a status of four digits", head: { status: 1000 }, code: "STATUS_INVALID" },
  { name: "a status that is no integer", head: { status: 200.5 }, code: "STATUS_INVALID" },
  { name: "a status that is no number", head: { status: Number.NaN }, code: "STATUS_INVALID" },
  { name: "an interim status", head: { status: 103 }, code: "STATE" },
  { name: "100 as the final status", head: { status: 100 }, code: "STATE" },
  { name: "a line end in the reason", head: { reason: "OK\r\nEvil: a" }, code: "REASON_INVALID" },
  { name: "NUL in the reason", head: { reason: "\x00" }, code: "REASON_INVALID" },
  { name: "a reason above U+00FF", head: { reason: "좋아" }, code: "REASON_INVALID" },
  {
    name: "a Transfer-Encoding of the caller's",
    head: { fields: new Fields({ "transfer-encoding": "chunked" }) },
    code: "TRANSFER_ENCODING_INVALID",
  },
  {
    name: "a Content-Length that is not the body's",
    head: { fields: new Fields({ "Content-Length": "5" }), length: 4 },
    code: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "a Content-Length that is no number",
    head: { fields: new Fields({ "Content-Length": "x" }), length: undefined },
    code: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "two Content-Lengths that differ",
    head: { fields: new Fields({ "Content-Length": ["1", "2"] }), length: undefined },
    code: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "204 with Content-Length",
    head: { status: 204, fields: new Fields({ "Content-Length": "0" }) },
    code: "CONTENT_LENGTH_INVALID",
  },
];
for (const { name, head, code } of unsendable) {
  test(`${name} cannot be sent, and a proper answer still can`, () => {
    const connection = read(GET);
    assert.throws(() => connection.respond({ ...ok(), ...head }), { code });
    assert.equal(output(connection), "");
    assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
}

const mismatches: {
  readonly name: string;
  readonly request: string;
  readonly run: (c: ServerConnection) => void;
}[] = [
  {
    name: "longer than announced",
    request: GET,
    run: (c) => {
      c.respond(ok(2));
      c.data(bytesOf("ab"));
      c.data(bytesOf("c"));
    },
  },
  {
    name: "shorter than announced",
    request: GET,
    run: (c) => {
      c.respond(ok(2));
      c.data(bytesOf("a"));
      c.end();
    },
  },
  {
    name: "behind a length of 0",
    request: GET,
    run: (c) => {
      c.respond(ok(0));
      c.data(bytesOf("a"));
    },
  },
  {
    name: "behind HEAD",
    request: HEAD,
    run: (c) => {
      c.respond(ok(1));
      c.data(bytesOf("a"));
    },
  },
  {
    name: "behind 204",
    request: GET,
    run: (c) => {
      c.respond({ ...ok(1), status: 204 });
      c.data(bytesOf("a"));
    },
  },
  {
    name: "behind 304",
    request: GET,
    run: (c) => {
      c.respond({ ...ok(1), status: 304 });
      c.data(bytesOf("a"));
    },
  },
  {
    name: "with trailers that nothing has room for",
    request: GET,
    run: (c) => {
      c.respond(ok(0));
      c.end(new Fields({ A: "b" }));
    },
  },
  {
    name: "with trailers until close",
    request: GET_1_0,
    run: (c) => {
      c.respond(ok(undefined));
      c.end(new Fields({ A: "b" }));
    },
  },
];
for (const { name, request, run } of mismatches) {
  test(`a body ${name} is refused`, () => assert.throws(() => run(read(request)), StateError));
}

test("pipelined requests are read and answered in order", () => {
  const paths = ["/1", "/2", "/3"];
  const connection = open(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  for (const path of paths) {
    const event = connection.next();
    assert.equal(event?.type === "request" && event.rawTarget, path);
    assert.equal(connection.next()?.type, "end");
    assert.equal(connection.next(), undefined, "the next request waits for its turn");
    connection.respond(ok(2));
    connection.data(bytesOf(path));
    assert.equal(connection.nextExchange(), false);
    connection.end();
    assert.equal(output(connection), `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${path}`);
    assert.equal(connection.nextExchange(), true);
  }
  assert.equal(connection.next(), undefined);
  assert.equal(connection.unread, 0);
});

test("an interim answer goes out before the answer, any number of times", () => {
  const connection = read(GET);
  connection.interim(103, new Fields({ Link: "</a>" }));
  connection.interim(102);
  assert.equal(
    output(connection),
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
  );
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
});

for (const status of [99, 101, 200, 0]) {
  test(`${status} is no interim answer`, () => assert.throws(() => read(GET).interim(status), StateError));
}

for (const name of ["Content-Length", "transfer-encoding"]) {
  test(`an interim answer has no ${name}`, () => {
    const connection = read(GET);
    assert.throws(() => connection.interim(103, new Fields({ [name]: "1" })), ProtocolError);
    assert.equal(output(connection), "");
  });
}

test("HTTP/1.0 gets no interim answer", () => {
  const connection = read(GET_1_0);
  connection.interim(100);
  connection.interim(103);
  assert.equal(output(connection), "");
});

test("Expect: 100-continue waits until 100 is sent", () => {
  const connection = open(EXPECTING);
  connection.next();
  assert.equal(connection.awaitsContinue, true);
  assert.equal(connection.next(), undefined);
  connection.interim(103);
  assert.equal(connection.awaitsContinue, true);
  connection.interim(100);
  assert.equal(connection.awaitsContinue, false);
  assert.match(output(connection), /HTTP\/1\.1 100 Continue\r\n\r\n$/);
  connection.receive(bytesOf("hello"));
  assert.equal(kinds(connection), '"hello" end');
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  assert.equal(connection.nextExchange(), true);
});

test("Expect: 100-continue is over when the body comes unasked", () => {
  const connection = open(`${EXPECTING}he`);
  assert.equal(kinds(connection), 'request "he"');
  assert.equal(connection.awaitsContinue, false);
});

test("Expect: 100-continue is over when a chunked body ends with nothing in it", () => {
  const connection = open(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n",
  );
  assert.equal(kinds(connection), "request end");
  assert.equal(connection.awaitsContinue, false);
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
});

test("Expect: 100-continue without a body waits for nothing", () => {
  const connection = read("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
  assert.equal(connection.awaitsContinue, false);
});

test("a final answer in place of 100 ends the connection, because the body may come or not", () => {
  const connection = open(EXPECTING);
  connection.next();
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  assert.equal(connection.keepAlive, false);
  connection.receive(bytesOf(`hello${GET}`));
  assert.equal(kinds(connection), '"hello" end');
  assert.equal(connection.nextExchange(), false);
});

test("an answer before the body was read leaves the body to be drained", () => {
  const connection = open(`${POST}he`);
  connection.next();
  assert.equal(connection.bodyRemaining, 5);
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  assert.equal(connection.nextExchange(), false);
  assert.equal(kinds(connection), '"he"');
  assert.equal(connection.bodyRemaining, 3);
  connection.receive(bytesOf(`llo${GET}`));
  assert.equal(kinds(connection), '"llo" end');
  assert.equal(connection.bodyRemaining, 0);
  assert.equal(connection.nextExchange(), true);
  assert.equal(kinds(connection), "request end");
});

test("how much of a chunked body is to come is not known", () => {
  const connection = open("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  events(connection);
  assert.equal(connection.bodyRemaining, undefined);
  connection.receive(bytesOf("llo\r\n0\r\n\r\n"));
  events(connection);
  assert.equal(connection.bodyRemaining, 0);
});

test("a fault of the client's can be answered, and is thrown again for ever", () => {
  const connection = open(`${POST.replace("5", "x")}hello`);
  for (let i = 0; i < 3; i++) {
    assert.throws(() => connection.next(), { name: "ProtocolError", code: "CONTENT_LENGTH_INVALID" });
  }
  assert.equal(connection.keepAlive, false);
  connection.respond({ status: 400, fields: new Fields(), length: 2, date: "x" });
  connection.data(bytesOf("no"));
  connection.end();
  assert.equal(
    output(connection),
    "HTTP/1.1 400 Bad Request\r\nDate: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno",
  );
  connection.receive(bytesOf(GET));
  assert.throws(() => connection.next(), ProtocolError);
  assert.equal(connection.nextExchange(), false);
});

test("a fault inside a body can be answered", () => {
  const connection = open("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nG\r\n");
  connection.next();
  assert.throws(() => connection.next(), { code: "CHUNK_SIZE_INVALID" });
  assert.equal(states(connection), "failed/answer");
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
});

test("a fault inside a body leaves an answer that has begun to its end", () => {
  const connection = open("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.next();
  connection.respond(ok(2));
  connection.receive(bytesOf("G"));
  assert.throws(() => connection.next(), { code: "CHUNK_SIZE_INVALID" });
  connection.data(bytesOf("ab"));
  connection.end();
  assert.equal(states(connection), "failed/ended");
});

test("an answer without a request (408) ends the connection, whatever comes then", () => {
  const connection = open("GET / HT");
  connection.next();
  assert.equal(connection.insideHead, true);
  connection.respond({ status: 408, fields: new Fields(), length: 0 });
  connection.receive(bytesOf("TP/1.1\r\nHost: a\r\n\r\n"));
  assert.equal(connection.next(), undefined);
  connection.end();
  assert.equal(
    output(connection),
    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
  );
  assert.equal(connection.next(), undefined);
});

test("insideHead is true from the first byte of a request line to the end of the head", () => {
  const connection = new ServerConnection();
  const seen: boolean[] = [];
  for (const piece of ["\r", "\n", "G", "ET / HTTP/1.1\r\nHost: a\r\n\r", "\n"]) {
    connection.receive(bytesOf(piece));
    connection.next();
    seen.push(connection.insideHead);
  }
  assert.deepEqual(seen, [false, false, true, true, false]);
});

test("lastExchange() before the answer tells the client", () => {
  const connection = read(GET + GET);
  connection.lastExchange();
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  assert.equal(connection.nextExchange(), false);
  assert.equal(connection.next(), undefined);
});

test("lastExchange() before the request holds for that request", () => {
  const connection = new ServerConnection();
  connection.lastExchange();
  connection.receive(bytesOf(GET + GET));
  assert.equal(kinds(connection), "request end");
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  assert.equal(connection.nextExchange(), false);
});

test("lastExchange() inside the answer ends the connection behind it", () => {
  const connection = read(GET + GET);
  connection.respond(ok(1));
  connection.lastExchange();
  connection.data(bytesOf("a"));
  connection.end();
  assert.equal(states(connection), "ended/ended");
  assert.equal(connection.nextExchange(), false);
});

test("lastExchange() behind the answer ends the connection", () => {
  const connection = read(GET + GET);
  answer(connection);
  connection.lastExchange();
  assert.equal(connection.nextExchange(), false);
});

test("lastExchange() holds while the request's body is still being read", () => {
  const connection = open(POST);
  connection.next();
  connection.lastExchange();
  connection.receive(bytesOf(`hello${GET}`));
  assert.equal(kinds(connection), '"hello" end');
  assert.equal(states(connection), "ended/answer");
});

test("an upgrade hands over the bytes behind the request", () => {
  const connection = read(`${UPGRADE}\x00rest`);
  connection.respond({
    status: 101,
    fields: new Fields({ Connection: "upgrade", Upgrade: "x" }),
    length: undefined,
  });
  assert.equal(
    output(connection),
    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
  );
  assert.equal(kinds(connection), "switch");
  assert.equal(textOf(connection.takeRest()), "\x00rest");
  assert.equal(connection.unread, 0);
  assert.equal(connection.nextExchange(), false);
});

test("an upgrade that is not taken up is a request like any other", () => {
  const connection = read(UPGRADE + GET);
  assert.equal(answer(connection), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  assert.equal(connection.nextExchange(), true);
  assert.equal(kinds(connection), "request end");
});

const refusedUpgrades = [
  { name: "that nobody asked for", request: GET },
  { name: "in HTTP/1.0", request: "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n" },
  { name: "before the body was read", request: `${UPGRADE.slice(0, -2)}Content-Length: 1\r\n\r\n` },
];
for (const { name, request } of refusedUpgrades) {
  test(`an upgrade ${name} is refused`, () => {
    const connection = read(request);
    assert.throws(() => connection.respond({ ...ok(), status: 101 }), StateError);
    assert.equal(output(connection), "");
    assert.match(answer(connection), /^HTTP\/1\.1 200 OK\r\n/);
  });
}

for (const status of [200, 204, 299]) {
  test(`${status} to CONNECT begins a tunnel, with the bytes behind the request`, () => {
    const connection = read(`${CONNECT}rest`);
    connection.respond({ status, fields: new Fields({ A: "b" }), length: undefined });
    assert.match(output(connection), new RegExp(`^HTTP/1\\.1 ${status} .*\\r\\nA: b\\r\\n\\r\\n$`));
    assert.equal(kinds(connection), "switch");
    assert.equal(textOf(connection.takeRest()), "rest");
  });
}

test("a tunnel's answer has no Content-Length", () => {
  const connection = read(CONNECT);
  assert.throws(
    () => connection.respond(ok(undefined, new Fields({ "Content-Length": "0" }))),
    ProtocolError,
  );
  assert.equal(states(connection), "done/answer");
});

test("CONNECT that is declined is a request like any other", () => {
  const connection = read(CONNECT + GET);
  connection.respond({ ...ok(), status: 405 });
  connection.end();
  assert.equal(output(connection), "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
  assert.equal(connection.nextExchange(), true);
  assert.equal(kinds(connection), "request end");
});

test("the views of a body stay as they are while more comes", () => {
  const connection = open(POST);
  connection.next();
  connection.receive(bytesOf("he"));
  const first = connection.next();
  connection.receive(bytesOf("ll"));
  const second = connection.next();
  connection.receive(bytesOf(`o${GET}`));
  events(connection);
  const bytes = [first, second].map((event) => (event?.type === "data" ? textOf(event.bytes) : undefined));
  assert.deepEqual(bytes, ["he", "ll"]);
});

const earlyFaults = [
  { name: "a request line of HTTP/0.9", bytes: "GET /\r\n", code: "REQUEST_LINE_INVALID" },
  { name: "another version", bytes: "GET / HTTP/2.0\r\n", code: "VERSION_UNSUPPORTED" },
  { name: "a target with a fragment", bytes: "GET /a#b HTTP/1.1\r\n", code: "TARGET_INVALID" },
];
for (const { name, bytes, code } of earlyFaults) {
  test(`${name} is refused as soon as its line is there`, () => {
    const connection = new ServerConnection();
    connection.receive(Buffer.from(bytes));
    assert.throws(() => connection.next(), { code });
  });
}

const neverTrailing = ["Content-Length", "transfer-encoding", "Host", "Trailer"];
for (const name of neverTrailing) {
  test(`${name} is not sent as a trailer`, () => {
    const connection = new ServerConnection();
    connection.receive(Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    connection.next();
    connection.next();
    connection.respond({ status: 200, fields: new Fields(), length: undefined });
    assert.throws(() => connection.end(new Fields({ [name]: "1" })), { code: "STATE" });
  });
}

test("a HEAD request that cannot be read is answered without a body", () => {
  const connection = new ServerConnection();
  connection.receive(Buffer.from("HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n"));
  assert.throws(() => connection.next(), { code: "HOST_INVALID" });
  connection.respond({ status: 400, fields: new Fields(), length: 5 });
  assert.equal(connection.takesBody, false);
});

test("what was read before does not tell the method of what cannot be read", () => {
  const connection = new ServerConnection();
  connection.receive(Buffer.from("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /a b HTTP/1.1\r\n\r\n"));
  connection.next();
  connection.next();
  connection.respond({ status: 204, fields: new Fields(), length: 0 });
  connection.end();
  assert.equal(connection.nextExchange(), true);
  assert.throws(() => connection.next(), { code: "TARGET_INVALID" });
  connection.respond({ status: 400, fields: new Fields(), length: 5 });
  assert.equal(connection.takesBody, true);
});

test("a limit of 0 is no limit, whichever it is", () => {
  const none: Limits = {
    maxStartLine: 0,
    maxFieldLine: 0,
    maxHead: 0,
    maxFields: 0,
    maxChunkExtensions: 0,
    maxTrailers: 0,
    maxBody: 0,
  };
  const long = "a".repeat(DEFAULT_LIMITS.maxHead + 1);
  const fields = Array.from({ length: DEFAULT_LIMITS.maxFields + 1 }, (_, i) => `F${i}: ${i}\r\n`).join("");
  const connection = new ServerConnection(none);
  connection.receive(
    Buffer.from(
      `POST /${long} HTTP/1.1\r\nHost: a\r\nX: ${long}\r\n${fields}Transfer-Encoding: chunked\r\n\r\n` +
        `1;${long}\r\nb\r\n0\r\nT: ${long}\r\n\r\n`,
    ),
  );
  const request = connection.next() as RequestEvent;
  assert.equal(request.fields.get("x"), long);
  assert.equal(connection.next()?.type, "data");
  const end = connection.next();
  assert.ok(end?.type === "end");
  assert.equal(end.trailers.get("t"), long);
});
