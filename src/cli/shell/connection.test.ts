import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { type ClosedBy, Connection } from "./connection.ts";

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

interface Peer {
  readonly url: string;
  readonly sockets: Socket[];
  /** What happened, in order. */
  readonly story: string[];
  readonly server: Server;
}

/** Answers every request, and closes its half only when it is told to. */
async function listen(t: TestContext, answer: string = ANSWER): Promise<Peer> {
  const sockets: Socket[] = [];
  const story: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    story.push("opened");
    socket.on("data", () => void socket.write(answer));
    socket.on("end", () => {
      story.push("FIN came");
      socket.end();
    });
    socket.on("error", () => story.push("broken"));
    socket.on("close", (failed) => story.push(failed ? "closed by an error" : "closed"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets, story, server };
}

async function ask(connection: Connection, url: string): Promise<string> {
  connection.record();
  const response = await connection.client.request(url);
  return (await response.body.bytes()).toString("utf8");
}

test("all requests go over one connection, which is closed FIN after FIN", async (t) => {
  const { url, sockets, story } = await listen(t);
  const told: ClosedBy[] = [];
  const connection = new Connection((by) => told.push(by));
  assert.equal(connection.open, false);
  for (let request = 0; request < 3; request += 1) assert.equal(await ask(connection, url), "ok");
  assert.equal(connection.open, true);
  const closed = once(sockets[0] as Socket, "close");
  await connection.close();
  await closed;
  assert.deepEqual(story, ["opened", "FIN came", "closed"]);
  assert.equal(connection.open, false);
  assert.deepEqual(told, []);
});

test("a server that never closes its half does not keep the shell", async (t) => {
  const { url, server } = await listen(t);
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => socket.on("data", () => void socket.write(ANSWER)));
  const connection = new Connection(() => undefined);
  await ask(connection, url);
  await connection.close();
});

test("it tells when the server closes, and the next request opens a new one", async (t) => {
  const { url, sockets, story } = await listen(t);
  const { promise, resolve } = settled<ClosedBy>();
  const connection = new Connection(resolve);
  await ask(connection, url);
  sockets[0]?.end();
  assert.equal(await promise, "server");
  assert.equal(connection.open, false);
  assert.equal(await ask(connection, url), "ok");
  assert.equal(sockets.length, 2);
  assert.equal(story[0], "opened");
  await connection.close();
});

test("it tells when the client has to close: the server said that it does not go on", async (t) => {
  const { url } = await listen(t, ANSWER.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  const { promise, resolve } = settled<ClosedBy>();
  const connection = new Connection(resolve);
  await ask(connection, url);
  assert.equal(await promise, "client");
  await connection.close();
});

test("every byte of the last exchange is kept, and none of those before", async (t) => {
  const { url } = await listen(t);
  const connection = new Connection(() => undefined);
  await ask(connection, `${url}first`);
  const { sent: before } = connection.recorded;
  await ask(connection, `${url}second`);
  const { sent, received } = connection.recorded;
  assert.match(before.bytes().toString(), /^GET \/first HTTP\/1\.1\r\n[\s\S]*\r\n\r\n$/);
  assert.match(sent.bytes().toString(), /^GET \/second HTTP\/1\.1\r\n[\s\S]*\r\n\r\n$/);
  assert.equal(received.bytes().toString(), ANSWER);
  await connection.close();
});

function settled<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
