import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { describe, test } from "node:test";
import { AnswerCutError } from "../../test/fixtures/raw-client.ts";
import { gate, pending, Source, serve, settled, until } from "../../test/fixtures/serving.ts";
import { BodyTooLargeError } from "../message/body.ts";
import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import { type Handler, Response, type ResponseInit } from "../message/response.ts";
import { Fields } from "../protocol/fields.ts";

const hello: Handler = () => new Response(200, { body: "hello" });
const echo: Handler = async (request) => new Response(200, { body: await request.body.bytes() });
const KIB = 1024;
const MIB = 1024 * KIB;

/** "first", and the rest when that has arrived: a reset that comes together with data is read as an end. */
async function* pieces(arrived: Promise<void>, ...rest: (string | Error)[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from("first");
  await arrived;
  for (const piece of rest) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

describe("A handler", () => {
  const refusals: readonly {
    readonly name: string;
    readonly handler: Handler;
    readonly status: number;
    readonly detail: RegExp;
    /** Whether it is a fault that the server's owner is told of. */
    readonly told: boolean;
  }[] = [
    {
      name: "that throws",
      handler: () => {
        throw new Error("secret");
      },
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that rejects",
      handler: async () => {
        throw new Error("secret");
      },
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that throws what is no error",
      handler: () => Promise.reject("secret"),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that throws nothing at all",
      handler: () => Promise.reject(),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that returns no Response",
      handler: (() => undefined) as unknown as Handler,
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that announces another length than its body has",
      handler: () => new Response(200, { body: "hello", fields: { "Content-Length": "4" } }),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that sets Transfer-Encoding itself",
      handler: () => new Response(200, { body: "hello", fields: { "Transfer-Encoding": "gzip" } }),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that puts a line end into a field",
      handler: () => new Response(200, { fields: { "X-A": "b\r\nSet-Cookie: c" } }),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that answers with an interim status",
      handler: () => new Response(103),
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that sends a final status as an interim one",
      handler: (request) => {
        request.interim(200);
        return new Response(200);
      },
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
    {
      name: "that switches to another protocol",
      handler: () => new Response(101, { fields: { Upgrade: "x" } }),
      status: 501,
      detail: /switch to another protocol/,
      told: false,
    },
    {
      name: "that throws a Problem",
      handler: () => {
        throw new Problem(418, { detail: "short and stout" });
      },
      status: 418,
      detail: /^short and stout$/,
      told: false,
    },
    {
      name: "that throws an error with a status",
      handler: async () => {
        throw new BodyTooLargeError(5);
      },
      status: 413,
      detail: /more than 5 bytes/,
      told: false,
    },
    {
      name: "that throws an error with a status that is none",
      handler: () => {
        throw Object.assign(new Error("secret"), { status: 200, code: "OK" });
      },
      status: 500,
      detail: /fault of its own/,
      told: true,
    },
  ];
  for (const { name, handler, status, detail, told } of refusals) {
    test(`${name} is answered for with a ${status} problem, and the server goes on`, async (t) => {
      const served = await serve(t, {
        handler: (request) => (request.rawTarget === "/" ? handler(request) : hello(request)),
      });
      const client = await served.connect();
      client.request("GET /", ["Upgrade: x", "Connection: upgrade"]);
      const answer = await client.answer();
      assert.equal(answer.status, status);
      assert.equal(answer.fields.get("content-type"), "application/problem+json");
      const problem = JSON.parse(answer.body) as { status: number; detail: string };
      assert.equal(problem.status, status);
      assert.match(problem.detail, detail);
      assert.doesNotMatch(answer.body, /secret/);
      assert.equal(served.errors.length, told ? 1 : 0);
      const next = await served.connect();
      next.request("GET /next");
      assert.equal((await next.answer()).body, "hello");
    });
  }

  test("that fails leaves the connection open for the next request", async (t) => {
    const served = await serve(t, {
      handler: () => {
        throw new Error("once more");
      },
    });
    const client = await served.connect();
    for (let i = 1; i <= 3; i += 1) {
      client.request("GET /");
      assert.equal((await client.answer()).status, 500);
      assert.equal(served.errors.length, i);
    }
  });

  const lost = new Error("out of pieces");
  const broken: readonly {
    readonly name: string;
    readonly line: string;
    readonly rest: readonly (string | Error)[];
    readonly init?: ResponseInit;
  }[] = [
    { name: "chunked", line: "GET / HTTP/1.1", rest: [lost] },
    { name: "of known length", line: "GET / HTTP/1.1", rest: [lost], init: { length: 10 } },
    { name: "shorter than announced", line: "GET / HTTP/1.1", rest: ["last"], init: { length: 10 } },
    { name: "longer than announced", line: "GET / HTTP/1.1", rest: ["second"], init: { length: 10 } },
    { name: "that the end of the connection ends", line: "GET / HTTP/1.0", rest: [lost] },
    {
      name: "whose trailers fail",
      line: "GET / HTTP/1.1",
      rest: [],
      init: {
        trailers: () => {
          throw lost;
        },
      },
    },
  ];
  for (const { name, line, rest, init } of broken) {
    test(`that fails in the middle of a body ${name} breaks the connection, never ends the body`, async (t) => {
      const arrived = gate();
      const served = await serve(t, {
        handler: (request) =>
          request.rawTarget === "/"
            ? new Response(200, { ...init, body: pieces(arrived.opened, ...rest) })
            : hello(request),
      });
      const client = await served.connect();
      client.send(`${line}\r\nHost: a\r\n\r\n`);
      await client.until("first");
      arrived.open();
      await assert.rejects(client.answer(), AnswerCutError);
      assert.equal(served.errors.length, 1);
      const record = await served.record();
      assert.equal(record.complete, false);
      assert.equal(record.response?.status, 200);
      const next = await served.connect();
      next.request("GET /next");
      assert.equal((await next.answer()).body, "hello");
    });
  }

  test("that answers a CONNECT like any request opens no tunnel", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    client.send("CONNECT b:80 HTTP/1.1\r\nHost: b:80\r\n\r\n");
    const { status, body } = await client.answer();
    assert.equal(status, 501);
    assert.match(body, /not a proxy/);
    assert.equal(await client.rest(), "");
  });

  test("may send interim answers with fields before its own", async (t) => {
    const served = await serve(t, {
      handler: async (request) => {
        request.interim(103, new Fields({ Link: "</a.css>; rel=preload" }));
        request.interim(102);
        return new Response(200, { body: "hello" });
      },
    });
    const client = await served.connect();
    client.request("GET /");
    const hints = await client.answer();
    assert.equal(hints.head, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload");
    assert.equal((await client.answer()).status, 102);
    assert.equal((await client.answer()).body, "hello");
  });

  test("sees the request as it came", async (t) => {
    let seen: Request | undefined;
    const served = await serve(t, {
      handler: (request) => {
        seen = request;
        return new Response(204);
      },
    });
    const client = await served.connect();
    client.send("PUT http://b:81/%41?q HTTP/1.1\r\nhOST: a\r\nX: 1\r\nx: 2\r\n\r\n");
    await client.answer();
    assert.ok(seen);
    assert.equal(seen.method, "PUT");
    assert.equal(seen.rawTarget, "http://b:81/%41?q");
    assert.equal(seen.authority, "b:81");
    assert.deepEqual(
      [...seen.fields],
      [
        ["hOST", "a"],
        ["X", "1"],
        ["x", "2"],
      ],
    );
    assert.deepEqual(seen.remote, { address: "127.0.0.1", port: client.socket.localPort });
    assert.deepEqual(seen.local, { address: "127.0.0.1", port: served.port });
    assert.equal(await seen.body.text(), "");
    assert.equal(seen.trailers.size, 0);
  });
});

describe("Bodies", () => {
  test("go in and out in any pieces, with trailers", async (t) => {
    const served = await serve(t, {
      handler: (request) =>
        new Response(200, {
          body: request.body,
          trailers: () => new Fields({ "X-Sum": `${request.trailers.get("x-sum")}!` }),
        }),
    });
    const client = await served.connect();
    client.request("POST /", ["Transfer-Encoding: chunked"]);
    const data = Array.from({ length: 300 }, (_, i) => "x".repeat(1 + ((i * 37) % 500)));
    await client.sendApart(data.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`));
    client.send("0\r\nX-Sum: 5\r\n\r\n");
    const answer = await client.answer();
    assert.equal(answer.body, data.join(""));
    assert.equal(answer.trailers, "X-Sum: 5!");
  });

  test("can be answered while they still come, through a stream of Node's", async (t) => {
    const served = await serve(t, {
      handler: async (request) => {
        const through = Readable.from(request.body).pipe(new PassThrough());
        // By now the next piece has been asked for, and has not come.
        await once(through, "readable");
        return new Response(200, { body: through });
      },
    });
    const client = await served.connect();
    client.request("POST /", ["Content-Length: 10"], "hello");
    await client.until("hello");
    client.send("world");
    assert.equal((await client.answer()).body, "helloworld");
  });

  test("begin with their head, even when the first piece takes long", async (t) => {
    const first = gate();
    const served = await serve(t, {
      handler: async () =>
        new Response(200, {
          body: (async function* () {
            await first.opened;
            yield Buffer.from("late");
          })(),
        }),
    });
    const client = await served.connect();
    client.request("GET /");
    await client.until("\r\n\r\n");
    first.open();
    assert.equal((await client.answer()).body, "late");
  });

  test("may have empty pieces, which do not end them", async (t) => {
    const served = await serve(t, {
      handler: () =>
        new Response(200, {
          body: (async function* () {
            yield Buffer.alloc(0);
            yield Buffer.from("a");
            yield Buffer.alloc(0);
            yield Buffer.from("b");
          })(),
        }),
    });
    const client = await served.connect();
    client.request("GET /");
    assert.equal((await client.answer()).body, "ab");
  });

  test("that are not sent are released, and not asked for a piece", async (t) => {
    let released = 0;
    const served = await serve(t, {
      handler: () => {
        const body: AsyncIterable<Uint8Array> = {
          [Symbol.asyncIterator]: () => ({
            next: () => Promise.reject(new Error("asked for")),
            return: async () => {
              released += 1;
              return { done: true, value: undefined };
            },
          }),
        };
        return new Response(200, { body });
      },
    });
    const client = await served.connect();
    client.request("HEAD /");
    await client.answer("HEAD");
    assert.equal(released, 1);
    assert.deepEqual(served.errors, []);
  });

  test("can be read once", async (t) => {
    const served = await serve(t, {
      handler: async (request) => {
        await request.body.text();
        const again = await request.body.text().catch((error: { code: string }) => error.code);
        return new Response(200, { body: again });
      },
    });
    const client = await served.connect();
    client.request("POST /", ["Content-Length: 5"], "hello");
    assert.equal((await client.answer()).body, "BODY_USED");
  });

  test("that grow beyond what the handler takes are refused with 413, and the connection closes", async (t) => {
    const served = await serve(t, {
      handler: async (request) => new Response(200, { body: await request.body.bytes(3) }),
    });
    for (const [fields, body] of [
      ["Content-Length: 1000000", "hello"],
      ["Transfer-Encoding: chunked", "5\r\nhello\r\n"],
    ] as const) {
      const client = await served.connect();
      client.request("POST /", [fields], body);
      const answer = await client.answer();
      assert.equal(answer.status, 413);
      assert.equal(answer.fields.get("connection"), "close");
      assert.equal(await client.rest(), "");
    }
    assert.deepEqual(served.errors, []);
  });

  test("of several mebibytes arrive whole in both directions", async (t) => {
    const served = await serve(t, { handler: echo });
    const client = await served.connect();
    const data = "0123456789abcdef".repeat(256 * KIB);
    client.request("POST /", [`Content-Length: ${data.length}`], data);
    const answer = await client.answer();
    assert.equal(answer.body.length, data.length);
    assert.equal(answer.body, data);
  });
});

describe("Backpressure:", () => {
  const TOTAL = 48 * MIB;

  test("a handler that does not read stops the sender, and one that reads again lets it go on", async (t) => {
    const reading = gate();
    const served = await serve(t, {
      handler: async (request) => {
        await reading.opened;
        let bytes = 0;
        for await (const piece of request.body) bytes += piece.length;
        return new Response(200, { body: String(bytes) });
      },
    });
    const client = await served.connect();
    client.request("PUT /", [`Content-Length: ${TOTAL}`]);
    const piece = Buffer.alloc(64 * KIB, "x");
    let sent = 0;
    const sending = (async () => {
      while (sent < TOTAL) {
        await new Promise<unknown>((resolve) => client.socket.write(piece, resolve));
        sent += piece.length;
      }
    })();
    // What is taken up is in the kernel's buffers on both sides.
    assert.ok((await settled(() => sent, TOTAL)) < TOTAL / 2, `${sent} of ${TOTAL} bytes were taken`);
    reading.open();
    assert.equal((await client.answer()).body, String(TOTAL));
    await sending;
  });

  test("a client that does not read stops the source, and one that reads again gets it all", async (t) => {
    const most = TOTAL / (64 * KIB);
    const source = new Source(64 * KIB, most);
    const served = await serve(t, { handler: () => new Response(200, { body: source }) });
    const client = await served.connect();
    client.socket.pause();
    client.request("GET /");
    const asked = await settled(() => source.count, most);
    assert.ok(asked > 0 && asked < most / 2, `${asked} of ${most} pieces were asked for`);
    client.socket.resume();
    assert.equal((await client.answer()).body.length, TOTAL);
    assert.ok(source.stopped);
  });

  test("a client that sends requests and reads no answer is not read any more", async (t) => {
    let answered = 0;
    const body = Buffer.alloc(20 * KIB, "x");
    const served = await serve(t, {
      handler: () => {
        answered += 1;
        return new Response(200, { body });
      },
    });
    const client = await served.connect();
    client.socket.pause();
    const requests = Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2000));
    let sent = 0;
    const flood = async (): Promise<void> => {
      for (; sent < TOTAL && !client.socket.destroyed; sent += requests.length) {
        await new Promise<unknown>((resolve) => client.socket.write(requests, resolve));
      }
    };
    flood();
    assert.ok((await settled(() => sent, TOTAL)) < TOTAL / 2, `${sent} of ${TOTAL} bytes were taken`);
    assert.ok(answered * body.length < TOTAL, `${answered} answers were made`);
    client.destroy();
  });
});

describe("Expect: 100-continue", () => {
  const expecting = ["Expect: 100-continue", "Content-Length: 5"];

  test("is met when the handler reads, not before", async (t) => {
    const reading = gate();
    const served = await serve(t, {
      handler: async (request) => {
        request.interim(103);
        await reading.opened;
        return new Response(200, { body: await request.body.text() });
      },
    });
    const client = await served.connect();
    client.request("POST /", expecting);
    assert.equal((await client.answer()).status, 103);
    assert.equal(client.received, "");
    reading.open();
    assert.equal((await client.answer()).head, "HTTP/1.1 100 Continue");
    client.send("hello");
    const answer = await client.answer();
    assert.equal(answer.body, "hello");
    assert.equal(answer.fields.get("connection"), undefined);
  });

  test("is spared when the handler answers at once, and the connection closes", async (t) => {
    const served = await serve(t, {
      handler: () => {
        throw new Problem(403);
      },
    });
    const client = await served.connect();
    client.request("POST /", expecting);
    const answer = await client.answer();
    assert.equal(answer.status, 403);
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await client.rest(), "");
  });

  test("is spared when the body has come already", async (t) => {
    const begun = pending();
    const served = await serve(t, {
      handler: async (request) => {
        await begun.handler();
        return new Response(200, { body: await request.body.text() });
      },
    });
    const client = await served.connect();
    client.request("POST /", expecting, "hello");
    await begun.begun;
    begun.answer(new Response(200));
    const first = await client.answer();
    const last = first.status === 100 ? await client.answer() : first;
    assert.equal(last.body, "hello");
  });
});

describe("A body that the handler did not read", () => {
  test("is read away when it is small, and the next request is answered", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    client.request("POST /", ["Content-Length: 1000"]);
    const first = await client.answer();
    assert.equal(first.body, "hello");
    assert.equal(first.fields.get("connection"), undefined);
    await client.sendApart(Array.from({ length: 10 }, () => "x".repeat(100)));
    client.request("GET /");
    assert.equal((await client.answer()).body, "hello");
  });

  test("closes the connection when it is large; the answer is read although the client still sends", async (t) => {
    const served = await serve(t, {
      handler: () => {
        throw new Problem(413);
      },
    });
    const client = await served.connect();
    client.socket.pause();
    client.request("PUT /", [`Content-Length: ${64 * MIB}`]);
    const piece = Buffer.alloc(64 * KIB);
    // More than the kernel's buffers hold: somebody has to read it.
    for (let i = 0; i < 512; i += 1) {
      await new Promise<void>((resolve, reject) =>
        client.socket.write(piece, (error) => (error ? reject(error) : resolve())),
      );
    }
    client.socket.resume();
    const answer = await client.answer();
    assert.equal(answer.status, 413);
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await client.rest(), "");
    client.end();
    await until(() => served.server.connections === 0);
  });

  test("that turns out malformed while it is read away closes the connection quietly", async (t) => {
    const served = await serve(t, {
      handler: async (request) => {
        for await (const _ of request.body) break;
        return new Response(200, { body: "enough" });
      },
    });
    const client = await served.connect();
    client.request("POST /", ["Transfer-Encoding: chunked"], "5\r\nhello\r\nnonsense");
    assert.equal((await client.answer()).body, "enough");
    assert.equal(await client.rest(), "");
    assert.deepEqual(served.errors, []);
  });
});

describe("Timeouts:", () => {
  test("a connection on which no request begins is closed without a word", async (t) => {
    const served = await serve(t, { handler: hello, headTimeout: 30 });
    const client = await served.connect();
    assert.equal(await client.rest(), "");
  });

  test("an idle connection is closed without a word", async (t) => {
    const served = await serve(t, { handler: hello, idleTimeout: 30 });
    const client = await served.connect();
    client.request("GET /");
    assert.equal((await client.answer()).fields.get("connection"), undefined);
    assert.equal(await client.rest(), "");
    assert.equal(served.records.length, 1);
  });

  test("the second request's head is timed, too", async (t) => {
    const served = await serve(t, { handler: hello, headTimeout: 30 });
    const client = await served.connect();
    client.request("GET /");
    await client.answer();
    client.send("GET");
    const answer = await client.answer();
    assert.equal(answer.status, 408);
    assert.equal(await client.rest(), "");
  });

  test("a handler may take longer than any of them", async (t) => {
    const slow = pending();
    const served = await serve(t, {
      handler: slow.handler,
      headTimeout: 10,
      idleTimeout: 10,
      bodyTimeout: 10,
      lingerTimeout: 10,
    });
    const client = await served.connect();
    client.request("GET /");
    await new Promise((resolve) => setTimeout(resolve, 60));
    slow.answer(new Response(200, { body: "at last" }));
    assert.equal((await client.answer()).body, "at last");
  });

  test("a request's body that stops coming is answered with 408", async (t) => {
    const served = await serve(t, { handler: echo, bodyTimeout: 30 });
    const client = await served.connect();
    client.request("POST /", ["Content-Length: 10"], "hello");
    const answer = await client.answer();
    assert.equal(answer.status, 408);
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await client.rest(), "");
    assert.deepEqual(served.errors, []);
  });

  test("an answer as a stream that the client does not read breaks the connection, and stops the source", async (t) => {
    const source = new Source(64 * KIB);
    const served = await serve(t, { handler: () => new Response(200, { body: source }), bodyTimeout: 50 });
    const client = await served.connect();
    client.socket.pause();
    client.request("GET /");
    const record = await served.record();
    assert.equal(record.complete, false);
    assert.equal(record.response?.status, 200);
    assert.ok(record.bodyBytes > 0);
    await until(() => source.stopped && served.server.connections === 0);
    assert.deepEqual(served.errors, []);
  });

  for (const connection of ["keep-alive", "close"]) {
    test(`an answer from memory that the client does not read breaks the connection (${connection})`, async (t) => {
      const served = await serve(t, {
        handler: () => new Response(200, { body: Buffer.alloc(32 * MIB) }),
        bodyTimeout: 50,
      });
      const client = await served.connect();
      client.socket.pause();
      client.request("GET /", [`Connection: ${connection}`]);
      await served.record();
      await until(() => served.server.connections === 0);
    });

    test(`a client that reads slowly gets the whole answer, however short the other times are (${connection})`, async (t) => {
      const served = await serve(t, {
        handler: () => new Response(200, { body: Buffer.alloc(32 * MIB, "x") }),
        idleTimeout: 20,
        lingerTimeout: 20,
        headTimeout: 20,
      });
      const client = await served.connect();
      client.socket.pause();
      client.request("GET /", [`Connection: ${connection}`]);
      await served.record();
      await new Promise((resolve) => setTimeout(resolve, 100));
      client.socket.resume();
      assert.equal((await client.answer()).body.length, 32 * MIB);
      assert.equal(await client.rest(), "");
    });
  }
});

describe("The connection's end:", () => {
  test("a client that closes its side right after the request gets its answer", async (t) => {
    const slow = pending();
    const served = await serve(t, { handler: slow.handler });
    const client = await served.connect();
    client.request("GET /");
    client.end();
    await slow.begun;
    slow.answer(new Response(200, { body: new Source(1000, 10) }));
    assert.equal((await client.answer()).body.length, 10_000);
    assert.equal(await client.rest(), "");
    await until(() => served.server.connections === 0);
  });

  test("a client that leaves aborts the signal, and its exchange is reported without an answer", async (t) => {
    const begun = gate();
    const aborted = gate();
    const served = await serve(t, {
      handler: (request) =>
        new Promise<Response>((_, reject) => {
          request.signal.addEventListener("abort", () => {
            aborted.open();
            reject(request.signal.reason);
          });
          begun.open();
        }),
    });
    const client = await served.connect();
    const port = client.socket.localPort;
    client.request("GET /");
    await begun.opened;
    client.reset();
    await aborted.opened;
    const record = await served.record();
    assert.equal(record.response, undefined);
    assert.equal(record.complete, false);
    assert.equal(record.bodyBytes, 0);
    assert.deepEqual(record.remote, { address: "127.0.0.1", port });
    await until(() => served.server.connections === 0);
    assert.deepEqual(served.errors, []);
    assert.equal(served.records.length, 1);
  });

  test("a signal asked for after the client has left is aborted already", async (t) => {
    const begun = gate();
    const going = gate();
    const seen: { aborted: boolean; code: unknown }[] = [];
    const served = await serve(t, {
      handler: async () => {
        begun.open();
        await going.opened;
        return new Response(200);
      },
      onExchange: ({ request }) => {
        const reason = request?.signal.reason as { code?: unknown } | undefined;
        seen.push({ aborted: request?.signal.aborted ?? false, code: reason?.code });
      },
    });
    const client = await served.connect();
    client.request("GET /");
    await begun.opened;
    client.reset();
    await served.record();
    going.open();
    assert.deepEqual(seen, [{ aborted: true, code: "CONNECTION_LOST" }]);
  });

  test("a client that leaves in the middle of its body makes the reader fail, and nobody else", async (t) => {
    const begun = gate();
    const failed = gate();
    let code: unknown;
    const served = await serve(t, {
      handler: async (request) => {
        begun.open();
        try {
          await request.body.bytes();
        } catch (error) {
          code = (error as { code: unknown }).code;
          failed.open();
          throw error;
        }
        return new Response(200);
      },
    });
    const client = await served.connect();
    client.request("PUT /", ["Content-Length: 1000"], "hello");
    await begun.opened;
    client.reset();
    await failed.opened;
    assert.equal(code, "CONNECTION_LOST");
    await until(() => served.server.connections === 0);
    assert.deepEqual(served.errors, []);
  });

  test("a client that leaves in the middle of a stream stops its source", async (t) => {
    const source = new Source(64 * KIB);
    const served = await serve(t, { handler: () => new Response(200, { body: source }) });
    const client = await served.connect();
    client.request("GET /");
    await client.until(100_000);
    client.reset();
    const record = await served.record();
    assert.equal(record.complete, false);
    await until(() => source.stopped);
    assert.deepEqual(served.errors, []);
  });

  test("garbage on a connection does no harm to another", async (t) => {
    const served = await serve(t, { handler: hello });
    const good = await served.connect();
    const bad = await served.connect();
    bad.send("\x00\x00");
    assert.equal((await bad.answer()).status, 400);
    good.request("GET /");
    assert.equal((await good.answer()).body, "hello");
  });
});

describe("What is reported of an exchange:", () => {
  test("an answer from memory", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    client.request("GET /a");
    const { head } = await client.answer();
    const record = await served.record();
    assert.equal(record.request?.rawTarget, "/a");
    assert.equal(record.response?.status, 200);
    assert.equal(record.sentHead, `${head}\r\n\r\n`);
    assert.equal(record.bodyBytes, 5);
    assert.equal(record.complete, true);
    assert.ok(record.duration >= 0);
    assert.deepEqual(record.remote, { address: "127.0.0.1", port: client.socket.localPort });
  });

  test("a chunked answer, its framing not counted", async (t) => {
    const served = await serve(t, { handler: () => new Response(200, { body: new Source(7, 3) }) });
    const client = await served.connect();
    client.request("GET /");
    const { head } = await client.answer();
    const record = await served.record();
    assert.equal(record.bodyBytes, 21);
    assert.equal(record.complete, true);
    assert.equal(record.sentHead, `${head}\r\n\r\n`);
  });

  test("HEAD, with no bytes", async (t) => {
    const served = await serve(t, {
      handler: ({ rawTarget }) =>
        new Response(200, { body: "hello", fields: rawTarget === "/a" ? {} : { "Content-Length": "4" } }),
    });
    const client = await served.connect();
    client.request("HEAD /a");
    assert.equal((await client.answer("HEAD")).fields.get("content-length"), "5");
    assert.equal((await served.record()).bodyBytes, 0);
  });

  test("a request that could not be read, with its answer and no request", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    client.send("nonsense\r\n\r\n");
    const { head, body } = await client.answer();
    const record = await served.record();
    assert.equal(record.request, undefined);
    assert.equal(record.response?.status, 400);
    assert.equal(record.bodyBytes, body.length);
    assert.equal(record.sentHead, `${head}\r\n\r\n`);
    assert.equal(record.complete, true);
  });

  test("every request of a pipeline, once and in order", async (t) => {
    const served = await serve(t, { handler: hello });
    const client = await served.connect();
    for (let i = 0; i < 50; i += 1) client.request(`GET /${i}`);
    for (let i = 0; i < 50; i += 1) await client.answer();
    assert.deepEqual(
      served.records.map(({ request }) => request?.rawTarget),
      Array.from({ length: 50 }, (_, i) => `/${i}`),
    );
  });
});
