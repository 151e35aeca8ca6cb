// The client's side of a connection: what it may do when, what it writes, and when it can be used again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, textOf } from "../../test/transcript.ts";
import { ClientConnection, type ClientEvent } from "./client-connection.ts";
import { StateError } from "./errors.ts";
import { Fields } from "./fields.ts";
import type { RequestHead } from "./head-writer.ts";

const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const HOST = new Fields({ Host: "a" });
const GET: RequestHead = { method: "GET", target: "/", fields: HOST, length: 0 };
const POST: RequestHead = { method: "POST", target: "/", fields: HOST, length: 2 };
const CONNECT: RequestHead = { method: "CONNECT", target: "a:443", fields: HOST, length: 0 };
const UPGRADE: RequestHead = {
  ...GET,
  fields: new Fields({ Host: "a", Connection: "upgrade", Upgrade: "x" }),
};

/** A connection that has sent the head, and for one without a body its end. */
function sent(head: RequestHead): ClientConnection {
  const connection = new ClientConnection();
  connection.request(head);
  if (head.length === 0) connection.end();
  return connection;
}

function receive(connection: ClientConnection, text: string): ClientConnection {
  connection.receive(bytesOf(text));
  return connection;
}

function events(connection: ClientConnection): ClientEvent[] {
  const seen: ClientEvent[] = [];
  for (let event = connection.next(); event !== undefined; event = connection.next()) {
    seen.push(event);
    if (event.type === "eof" || event.type === "switch") break;
  }
  return seen;
}

function kinds(connection: ClientConnection): string {
  return events(connection)
    .map((event) => (event.type === "data" ? JSON.stringify(textOf(event.bytes)) : event.type))
    .join(" ");
}

/** A connection that has read all of the text. */
function answered(head: RequestHead, text: string): ClientConnection {
  const connection = receive(sent(head), text);
  events(connection);
  return connection;
}

function output(connection: ClientConnection): string {
  return connection
    .takeOutput()
    .map((piece) => (typeof piece === "string" ? piece : textOf(piece)))
    .join("");
}

function states(connection: ClientConnection): string {
  return `${connection.ours}/${connection.theirs}`;
}

const situations: { readonly [name: string]: () => ClientConnection } = {
  "nothing was sent": () => new ClientConnection(),
  "the request is being sent": () => sent(POST),
  "the request was sent": () => sent(GET),
  "the answer has begun": () => answered(GET, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
  "the answer has begun before the request was sent": () =>
    answered(POST, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
  "the answer is complete before the request was sent": () => answered(POST, EMPTY),
  "both are done": () => answered(GET, EMPTY),
  "the server ends the connection": () =>
    answered(GET, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
  "the server has closed": () => {
    const connection = new ClientConnection();
    connection.receiveEof();
    connection.next();
    return connection;
  },
  "the answer was faulty": () => {
    const connection = receive(sent(GET), "\x00");
    assert.throws(() => connection.next(), { name: "ProtocolError" });
    return connection;
  },
  "the request was given up": () => {
    const connection = sent(POST);
    connection.abandonRequest();
    return connection;
  },
  "HTTP has ended": () => answered(UPGRADE, "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
};

const calls: { readonly [name: string]: (connection: ClientConnection) => void } = {
  request: (connection) => connection.request(POST),
  data: (connection) => connection.data(bytesOf("ab")),
  end: (connection) => {
    // Whether the body is complete is another question than whether it may end now.
    if (connection.ours === "body") connection.data(bytesOf("ab"));
    connection.end();
  },
  nextExchange: (connection) => assert.equal(connection.nextExchange(), true),
};

/** Where each situation begins, and where each call leads from there; what is not named is refused. */
const transitions: {
  readonly [situation: string]: { readonly at: string; readonly leads: { readonly [call: string]: string } };
} = {
  "nothing was sent": { at: "idle/idle", leads: { request: "body/answer" } },
  "the request is being sent": { at: "body/answer", leads: { data: "body/answer", end: "done/answer" } },
  "the request was sent": { at: "done/answer", leads: {} },
  "the answer has begun": { at: "done/body", leads: {} },
  "the answer has begun before the request was sent": {
    at: "body/body",
    leads: { data: "body/body", end: "done/body" },
  },
  "the answer is complete before the request was sent": {
    at: "body/done",
    leads: { data: "body/done", end: "done/done" },
  },
  "both are done": { at: "done/done", leads: { nextExchange: "idle/idle" } },
  "the server ends the connection": { at: "done/ended", leads: {} },
  "the server has closed": { at: "idle/closed", leads: {} },
  "the answer was faulty": { at: "done/failed", leads: {} },
  "the request was given up": { at: "failed/answer", leads: {} },
  "HTTP has ended": { at: "switched/switched", leads: {} },
};

for (const [situation, { at, leads }] of Object.entries(transitions)) {
  for (const [call, run] of Object.entries(calls)) {
    const to = leads[call];
    test(`when ${situation}, ${call}() ${to === undefined ? "is refused" : `leads to ${to}`}`, () => {
      const connection = (situations[situation] as () => ClientConnection)();
      assert.equal(states(connection), at);
      connection.takeOutput();
      if (call === "nextExchange" && to === undefined) assert.equal(connection.nextExchange(), false);
      else if (to === undefined) assert.throws(() => run(connection), { name: "StateError", code: "STATE" });
      else run(connection);
      assert.equal(states(connection), to ?? at);
      if (to === undefined) assert.equal(output(connection), "", "a refused call sends nothing");
    });
  }
}

const requests: {
  readonly name: string;
  readonly head: RequestHead;
  readonly body?: readonly string[];
  readonly trailers?: Fields;
  readonly written: string;
}[] = [
  { name: "GET", head: GET, written: "GET / HTTP/1.1\r\nHost: a\r\n\r\n" },
  {
    name: "a length",
    head: POST,
    body: ["a", "", "b"],
    written: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
  },
  ...["POST", "PUT", "PATCH"].map((method) => ({
    name: `${method} without a body says so`,
    head: { ...GET, method },
    written: `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`,
  })),
  ...["DELETE", "OPTIONS", "HEAD", "post"].map((method) => ({
    name: `${method} without a body says nothing`,
    head: { ...GET, method },
    written: `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`,
  })),
  {
    name: "GET with a body",
    head: { ...GET, length: 1 },
    body: ["a"],
    written: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
  },
  {
    name: "an unknown length, with trailers",
    head: { ...POST, length: undefined },
    body: ["a", "", "bcdefghijk"],
    trailers: new Fields({ A: "b" }),
    written:
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\na\r\nbcdefghijk\r\n0\r\nA: b\r\n\r\n",
  },
  {
    name: "a length in a field",
    head: { ...POST, length: undefined, fields: new Fields({ Host: "a", "content-length": "2" }) },
    body: ["ab"],
    written: "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 2\r\n\r\nab",
  },
  {
    name: "order and case of the fields",
    head: {
      ...GET,
      fields: new Fields([
        ["b", "1"],
        ["HOST", "a"],
        ["B", "2"],
      ]),
    },
    written: "GET / HTTP/1.1\r\nb: 1\r\nHOST: a\r\nB: 2\r\n\r\n",
  },
  {
    name: "the target *",
    head: { ...GET, method: "OPTIONS", target: "*" },
    written: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
  },
  { name: "HTTP/1.0", head: { ...GET, version: "1.0" }, written: "GET / HTTP/1.0\r\nHost: a\r\n\r\n" },
  {
    name: "HTTP/1.0 with a length",
    head: { ...POST, version: "1.0" },
    body: ["a", "b"],
    written: "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
  },
];
for (const { name, head, body = [], trailers, written } of requests) {
  test(`the request: ${name}`, () => {
    const connection = new ClientConnection();
    connection.request(head);
    for (const piece of body) connection.data(bytesOf(piece));
    connection.end(trailers);
    assert.equal(output(connection), written);
    assert.equal(output(connection), "");
  });
}

const unsendable: { readonly name: string; readonly head: Partial<RequestHead>; readonly code: string }[] = [
  { name: "an empty method", head: { method: "" }, code: "METHOD_INVALID" },
  { name: "a method with a space", head: { method: "GET /" }, code: "METHOD_INVALID" },
  { name: "a method with a line end", head: { method: "GET\r\n" }, code: "METHOD_INVALID" },
  { name: "an empty target", head: { target: "" }, code: "TARGET_INVALID" },
  { name: "a target with a space", head: { target: "/a b" }, code: "TARGET_INVALID" },
  { name: "a target with a line end", head: { target: "/\r\nEvil: a" }, code: "TARGET_INVALID" },
  { name: "a target with a line end at its end", head: { target: "/\n" }, code: "TARGET_INVALID" },
  { name: "a target outside ASCII", head: { target: "/우" }, code: "TARGET_INVALID" },
  {
    name: "a Transfer-Encoding of the caller's",
    head: { fields: new Fields({ "Transfer-Encoding": "chunked" }) },
    code: "TRANSFER_ENCODING_INVALID",
  },
  {
    name: "a Content-Length that is not the body's",
    head: { fields: new Fields({ "Content-Length": "3" }), length: 2 },
    code: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "a Content-Length that is no number",
    head: { fields: new Fields({ "Content-Length": "+3" }), length: undefined },
    code: "CONTENT_LENGTH_INVALID",
  },
  {
    name: "a body of unknown length in HTTP/1.0",
    head: { length: undefined, version: "1.0" },
    code: "CONTENT_LENGTH_INVALID",
  },
];
for (const { name, head, code } of unsendable) {
  test(`${name} cannot be sent, and a proper request still can`, () => {
    const connection = new ClientConnection();
    assert.throws(() => connection.request({ ...GET, ...head }), { name: "ProtocolError", code });
    assert.equal(output(connection), "");
    connection.request(GET);
    assert.equal(output(connection), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  });
}

const mismatches: { readonly name: string; readonly run: (connection: ClientConnection) => void }[] = [
  { name: "longer than announced", run: (connection) => connection.data(bytesOf("abc")) },
  {
    name: "longer than announced, in pieces",
    run: (connection) => {
      connection.data(bytesOf("ab"));
      connection.data(bytesOf("c"));
    },
  },
  {
    name: "shorter than announced",
    run: (connection) => {
      connection.data(bytesOf("a"));
      connection.end();
    },
  },
  {
    name: "with trailers that nothing has room for",
    run: (connection) => {
      connection.data(bytesOf("ab"));
      connection.end(new Fields({ A: "b" }));
    },
  },
];
for (const { name, run } of mismatches) {
  test(`a body ${name} is refused`, () => assert.throws(() => run(sent(POST)), StateError));
}

test("a connection carries one exchange after another", () => {
  const connection = new ClientConnection();
  for (const method of ["GET", "HEAD", "POST", "GET"]) {
    connection.request({ ...GET, method });
    connection.end();
    receive(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    if (method !== "HEAD") receive(connection, "ab");
    assert.equal(kinds(connection), method === "HEAD" ? "response end" : 'response "ab" end');
    assert.equal(connection.nextExchange(), true, method);
  }
});

test("bytes that come when nothing was asked are never an answer", () => {
  const connection = receive(new ClientConnection(), EMPTY);
  assert.equal(connection.next(), undefined);
  assert.equal(connection.unread, EMPTY.length);
  assert.throws(() => connection.request(GET), StateError);
  assert.equal(output(connection), "");
});

test("bytes behind an answer make the connection useless", () => {
  const connection = answered(GET, EMPTY + EMPTY);
  assert.equal(connection.unread, EMPTY.length);
  assert.equal(connection.next(), undefined);
  assert.equal(connection.nextExchange(), false);
});

test("bytes that come between two exchanges make the connection useless", () => {
  const connection = answered(GET, EMPTY);
  assert.equal(connection.nextExchange(), true);
  receive(connection, EMPTY);
  assert.equal(connection.next(), undefined);
  assert.throws(() => connection.request(GET), StateError);
});

test("the close between two exchanges is an event, not an error", () => {
  const connection = answered(GET, EMPTY);
  assert.equal(connection.nextExchange(), true);
  connection.receiveEof();
  assert.equal(kinds(connection), "eof");
  assert.equal(states(connection), "idle/closed");
  assert.equal(connection.keepAlive, false);
});

test("interim answers come as they are, and the answer after them", () => {
  const connection = receive(
    sent(POST),
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n`,
  );
  assert.equal(kinds(connection), "interim interim");
  assert.equal(states(connection), "body/answer");
  connection.data(bytesOf("ab"));
  connection.end();
  receive(connection, EMPTY);
  assert.equal(kinds(connection), "response end");
  assert.equal(connection.nextExchange(), true);
});

test("a request that the server answers early can be given up, and ends the connection", () => {
  const connection = answered(POST, EMPTY);
  assert.equal(connection.nextExchange(), false);
  connection.abandonRequest();
  assert.equal(states(connection), "failed/done");
  assert.equal(connection.keepAlive, false);
  assert.equal(connection.nextExchange(), false);
  assert.throws(() => connection.data(bytesOf("ab")), StateError);
});

test("a request that is complete cannot be given up", () => {
  const connection = answered(GET, EMPTY);
  connection.abandonRequest();
  assert.equal(connection.keepAlive, true);
  assert.equal(connection.nextExchange(), true);
});

test("a request that asks for the close is the last", () => {
  const connection = answered({ ...GET, fields: new Fields({ Host: "a", Connection: "x, Close" }) }, EMPTY);
  assert.equal(connection.keepAlive, false);
  assert.equal(connection.nextExchange(), false);
});

test("an error is thrown again for ever", () => {
  const connection = receive(sent(GET), "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n");
  for (let i = 0; i < 3; i++) assert.throws(() => connection.next(), { code: "CONTENT_LENGTH_INVALID" });
  receive(connection, EMPTY);
  assert.throws(() => connection.next(), { code: "CONTENT_LENGTH_INVALID" });
  assert.equal(connection.keepAlive, false);
  assert.equal(connection.nextExchange(), false);
});

test("an upgrade hands over the bytes behind the answer", () => {
  const connection = answered(UPGRADE, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x00rest");
  assert.equal(states(connection), "switched/switched");
  assert.equal(kinds(connection), "switch");
  receive(connection, " and more");
  assert.equal(textOf(connection.takeRest()), "\x00rest and more");
  assert.equal(connection.unread, 0);
});

test("a tunnel hands over the bytes behind the answer", () => {
  const connection = answered(CONNECT, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nrest");
  assert.equal(kinds(connection), "switch");
  assert.equal(textOf(connection.takeRest()), "rest");
});

test("an upgrade asked for once does not allow a 101 later", () => {
  const connection = answered(UPGRADE, EMPTY);
  assert.equal(connection.nextExchange(), true);
  connection.request(GET);
  connection.end();
  receive(connection, "HTTP/1.1 101 Switching Protocols\r\n\r\n");
  assert.throws(() => connection.next(), { code: "UPGRADE_UNASKED" });
});

for (const { asked, answer, kept } of [
  { asked: undefined, answer: "1.1", kept: false },
  { asked: "keep-alive", answer: "1.1", kept: true },
  { asked: "Keep-Alive, close", answer: "1.1", kept: false },
  { asked: "keep-alive", answer: "1.0", kept: false },
]) {
  test(`after HTTP/1.0 with ${asked ?? "no Connection"} an answer of HTTP/${answer} ${kept ? "keeps" : "ends"} the connection`, () => {
    const fields = new Fields({ Host: "a", ...(asked === undefined ? {} : { Connection: asked }) });
    const connection = answered(
      { ...GET, fields, version: "1.0" },
      `HTTP/${answer} 200 OK\r\nContent-Length: 0\r\n\r\n`,
    );
    assert.equal(connection.nextExchange(), kept);
  });
}

test("HEAD asked once does not take the body off the next answer", () => {
  const connection = answered({ ...GET, method: "HEAD" }, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  assert.equal(connection.nextExchange(), true);
  connection.request(GET);
  connection.end();
  receive(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
  assert.equal(kinds(connection), 'response "ab" end');
});
