import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestOf } from "../../test/fixtures/request.ts";
import { Response } from "../message/response.ts";
import { headsOf, LOG_FORMATS, logLine, type Paint } from "./access-log.ts";
import type { ExchangeRecord } from "./options.ts";

const AT = new Date(Date.UTC(2025, 7, 6, 12, 34, 56, 789));
const plain: Paint = (_, text) => text;
const marked: Paint = (style, text) => `<${style}>${text}</>`;

function recordOf(
  line: string | undefined,
  status: number | undefined,
  more: Partial<ExchangeRecord> = {},
): ExchangeRecord {
  return {
    request: line === undefined ? undefined : requestOf(line),
    response: status === undefined ? undefined : new Response(status),
    sentHead: "",
    bodyBytes: 0,
    complete: true,
    duration: 1.23456,
    remote: { address: "127.0.0.1", port: 40_000 },
    ...more,
  };
}

describe("The dev log", () => {
  /** The line without its time, which is local. */
  const dev = (record: ExchangeRecord, paint: Paint = plain): string =>
    logLine("dev", record, AT, paint)?.replace(/\d\d:\d\d:\d\d/, "TIME") ?? "";
  const rows: readonly { readonly name: string; readonly record: ExchangeRecord; readonly line: string }[] = [
    {
      name: "an answer",
      record: recordOf("GET /a", 200, { bodyBytes: 5 }),
      line: "TIME  GET     /a  200  5 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "kilobytes",
      record: recordOf("PUT /a", 201, { bodyBytes: 12_345 }),
      line: "TIME  PUT     /a  201  12 kB  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "megabytes",
      record: recordOf("GET /", 200, { bodyBytes: 1.5e8 }),
      line: "TIME  GET     /  200  150 MB  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "gigabytes",
      record: recordOf("GET /", 200, { bodyBytes: 1.25e10 }),
      line: "TIME  GET     /  200  12.5 GB  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a Korean name",
      record: recordOf("GET /%EC%97%B0%EC%96%B4.txt", 200),
      line: "TIME  GET     /연어.txt  200  0 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a name that would move the cursor, left encoded",
      record: recordOf("GET /%1B%5B2J", 200),
      line: "TIME  GET     /%1B%5B2J  200  0 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a name that would turn the writing round, left encoded",
      record: recordOf("GET /%E2%80%AEa", 200),
      line: "TIME  GET     /%E2%80%AEa  200  0 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a name that is no UTF-8, left encoded",
      record: recordOf("GET /%FF", 200),
      line: "TIME  GET     /%FF  200  0 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a request that could not be read",
      record: recordOf(undefined, 400),
      line: "TIME  -       (no request)  400  0 B  1.2 ms  127.0.0.1:40000",
    },
    {
      name: "a client that left",
      record: recordOf("GET /", undefined, { complete: false }),
      line: "TIME  GET     /  ---  0 B  1.2 ms  127.0.0.1:40000  client gone",
    },
    {
      name: "an answer that was cut short",
      record: recordOf("GET /", 200, { complete: false, bodyBytes: 7 }),
      line: "TIME  GET     /  200  7 B  1.2 ms  127.0.0.1:40000  cut short",
    },
    {
      name: "an IPv6 peer",
      record: recordOf("GET /", 200, { remote: { address: "::1", port: 5 } }),
      line: "TIME  GET     /  200  0 B  1.2 ms  [::1]:5",
    },
    {
      name: "a UNIX socket",
      record: recordOf("GET /", 200, { remote: { address: "/run/x.sock", port: 0 } }),
      line: "TIME  GET     /  200  0 B  1.2 ms  /run/x.sock",
    },
  ];
  for (const { name, record, line } of rows) test(`writes ${name}`, () => assert.equal(dev(record), line));

  for (const [status, colour] of [
    [204, "green"],
    [304, "cyan"],
    [404, "yellow"],
    [500, "red"],
  ] as const) {
    test(`paints ${status} ${colour}`, () =>
      assert.ok(dev(recordOf("GET /", status), marked).includes(`<${colour}>${status}</>`)));
  }
});

describe("The combined log", () => {
  const fields = { "User-Agent": 'curl "8"\\', Referer: "http://a/\xe9" };
  const rows: readonly { readonly name: string; readonly record: ExchangeRecord; readonly line: string }[] = [
    {
      name: "as Apache does, quotes and what is no ASCII escaped",
      record: recordOf("GET /a?b", 200, { request: requestOf("GET /a?b", { fields }), bodyBytes: 5 }),
      line: '127.0.0.1 - - [06/Aug/2025:12:34:56 +0000] "GET /a?b HTTP/1.1" 200 5 "http://a/\\xe9" "curl \\"8\\"\\\\"',
    },
    {
      name: "a request that could not be read",
      record: recordOf(undefined, 400),
      line: '127.0.0.1 - - [06/Aug/2025:12:34:56 +0000] "-" 400 0 "-" "-"',
    },
    {
      name: "a client that left, as 499",
      record: recordOf("GET /", undefined, { complete: false }),
      line: '127.0.0.1 - - [06/Aug/2025:12:34:56 +0000] "GET / HTTP/1.1" 499 0 "-" "-"',
    },
  ];
  for (const { name, record, line } of rows)
    test(`writes ${name}`, () => assert.equal(logLine("combined", record, AT, marked), line));
});

describe("The JSON log", () => {
  test("writes one object a line, whatever the fields hold", () => {
    const request = requestOf("GET /a", { fields: { "User-Agent": 'a"\tb', Referer: "http://a/" } });
    const line = logLine("json", recordOf("GET /a", 200, { request, bodyBytes: 5 }), AT, marked) ?? "";
    assert.ok(!line.includes("\n"));
    assert.deepEqual(JSON.parse(line), {
      time: "2025-08-06T12:34:56.789Z",
      method: "GET",
      target: "/a",
      version: "HTTP/1.1",
      host: "localhost:3091",
      status: 200,
      bytes: 5,
      milliseconds: 1.235,
      complete: true,
      peer: "127.0.0.1",
      port: 40_000,
      userAgent: 'a"\tb',
      referer: "http://a/",
    });
  });

  test("leaves out what is not known", () => {
    const line = logLine("json", recordOf(undefined, 400), AT, plain) ?? "";
    assert.deepEqual(Object.keys(JSON.parse(line) as object), [
      "time",
      "status",
      "bytes",
      "milliseconds",
      "complete",
      "peer",
      "port",
    ]);
  });
});

test("No log writes nothing, and every format is known", () => {
  assert.equal(logLine("none", recordOf("GET /", 200), AT, plain), undefined);
  assert.deepEqual([...LOG_FORMATS], ["dev", "combined", "json", "none"]);
});

describe("The heads of an exchange", () => {
  test("are shown as received and as sent", () => {
    const request = requestOf("GET /a", {
      fields: [
        ["hOST", "b"],
        ["X", "1"],
        ["x", "2"],
      ],
    });
    const sentHead = "HTTP/1.1 200 OK\r\nA: b: c\r\nDate: now\r\n\r\n";
    assert.equal(
      headsOf(recordOf("GET /a", 200, { request, sentHead }), plain),
      [
        "> GET /a HTTP/1.1",
        "> hOST: b",
        "> X: 1",
        "> x: 2",
        ">",
        "< HTTP/1.1 200 OK",
        "< A: b: c",
        "< Date: now",
        "<",
      ].join("\n"),
    );
  });

  test("are only what was there", () => {
    assert.equal(
      headsOf(recordOf("GET /a", undefined), plain),
      ["> GET /a HTTP/1.1", "> Host: localhost:3091", ">"].join("\n"),
    );
    assert.equal(
      headsOf(recordOf(undefined, 400, { sentHead: "HTTP/1.1 400 Bad Request\r\n\r\n" }), plain),
      ["< HTTP/1.1 400 Bad Request", "<"].join("\n"),
    );
  });

  test("show UTF-8 as it reads, and nothing that a terminal would obey", () => {
    const fields = {
      A: Buffer.from("연어", "utf8").toString("latin1"),
      B: Buffer.from("\u202ea\u009bb", "utf8").toString("latin1"),
      C: "a\tb",
    };
    const text = headsOf(recordOf("GET /", undefined, { request: requestOf("GET /", { fields }) }), plain);
    assert.ok(text.includes("> A: 연어\n> B: \\u202ea\\u009bb\n> C: a\\u0009b\n"), text);
  });
});
