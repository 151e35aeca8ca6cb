import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { Answer, RawClient } from "../../../test/fixtures/raw-client.ts";
import { requestOf } from "../../../test/fixtures/request.ts";
import { type Served, serve } from "../../../test/fixtures/serving.ts";
import type { ListenAddress } from "../../net/listen.ts";
import { exactHostTest, guardHosts, guardOrigins, hostTest } from "../../server/guard.ts";
import { createRouter } from "../../server/router.ts";
import { StoreError } from "../../store/errors.ts";
import { createMemoryTable } from "../../store/memory/table.ts";
import type { Table } from "../../store/table.ts";
import { FORM_METHODS, type FormOptions, formHandler } from "./form.ts";

const WRONG_CREATE = "Select the appropriate method(Create mode => POST)";
const WRONG_UPDATE = "Select the appropriate method(Update mode => PUT)";
const WRONG_ADDRESS = "Invalid Address(url)";
const WRONG_METHOD = "Method not allowed";

interface Sent {
  readonly host?: string;
  readonly fields?: readonly string[];
  readonly body?: string | Uint8Array;
}

interface Form {
  readonly served: Served;
  readonly table: Table;
  readonly client: RawClient;
  /** Sends a request on the one connection. `line` is "GET /path". */
  send(line: string, sent?: Sent): void;
  /** The same, and reads the final answer, its body as UTF-8. */
  ask(line: string, sent?: Sent): Promise<Answer>;
}

interface Setup extends Partial<FormOptions> {
  readonly table?: Table;
  readonly where?: ListenAddress;
}

/** A form behind the guards of a server, with "files.example" among the names that it has. */
async function open(
  t: TestContext,
  { table = createMemoryTable(), where, ...options }: Setup = {},
): Promise<Form> {
  const names = ["files.example"];
  const path = options.base ?? "/";
  const handler = formHandler(table, { isOurHost: exactHostTest(names), ...options });
  const mount = {
    path,
    handler: guardOrigins(handler, { origins: [] }),
    methods: FORM_METHODS,
    takesAll: true,
  };
  const isOurs = hostTest(names);
  const served = await serve(
    t,
    { handler: createRouter([mount], (inner) => guardHosts(inner, isOurs)) },
    where,
  );
  const client = await served.connect();
  const send = (line: string, { host = "localhost", fields = [], body }: Sent = {}): void => {
    const bytes = Buffer.from(body ?? "");
    const length = body === undefined ? [] : [`Content-Length: ${bytes.length}`];
    client.send(`${[`${line} HTTP/1.1`, `Host: ${host}`, ...length, ...fields].join("\r\n")}\r\n\r\n`);
    client.send(bytes);
  };
  const ask = async (line: string, sent?: Sent): Promise<Answer> => {
    send(line, sent);
    const method = line.slice(0, line.indexOf(" "));
    for (;;) {
      const answer = await client.answer(method);
      if (answer.status >= 200)
        return { ...answer, body: Buffer.from(answer.body, "latin1").toString("utf8") };
    }
  };
  return { served, table, client, send, ask };
}

describe("A form, when it has ID and Grade, answers", () => {
  const rows: readonly (Sent & {
    readonly line: string;
    readonly status: number;
    readonly text: string;
    readonly allow?: string;
  })[] = [
    { line: "GET /", status: 200, text: "The data in DB is as follows.\nID:20182793\nGrade:A" },
    {
      line: "GET http://localhost/",
      status: 200,
      text: "The data in DB is as follows.\nID:20182793\nGrade:A",
    },
    {
      line: "GET /",
      host: "LocalHost:10000",
      status: 200,
      text: "The data in DB is as follows.\nID:20182793\nGrade:A",
    },
    {
      line: "GET /",
      host: "Files.Example",
      status: 200,
      text: "The data in DB is as follows.\nID:20182793\nGrade:A",
    },
    { line: "OPTIONS /", status: 200, text: "", allow: "GET, HEAD, OPTIONS" },
    // Addresses
    ...[
      "/a",
      "/??",
      "/?",
      "/create?x",
      "/create/",
      "/update?",
      "/Create",
      "//",
      "//create",
      "/create/x",
      "/%63reate",
    ].flatMap((target) =>
      ["GET", "POST", "PRRT"].map((method) => ({
        line: `${method} ${target}`,
        status: 404,
        text: WRONG_ADDRESS,
      })),
    ),
    // Methods
    ...["PRRT", "get", "END", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"].map((method) => ({
      line: `${method} /`,
      status: 405,
      text: WRONG_METHOD,
      allow: "GET, HEAD, OPTIONS",
    })),
    ...["GET", "PUT", "DELETE", "OPTIONS", "PRRT", "END"].map((method) => ({
      line: `${method} /create`,
      status: 404,
      text: WRONG_CREATE,
    })),
    ...["GET", "POST", "DELETE", "OPTIONS", "PRRT", "END"].map((method) => ({
      line: `${method} /update`,
      status: 404,
      text: WRONG_UPDATE,
    })),
    { line: "HEAD /create", status: 404, text: "" },
    // Hosts, which are looked at before anything else
    { line: "GET /", host: "127.0.5.1", status: 400, text: "Not allowed host: 127.0.5.1" },
    { line: "GET /", host: "127.0.5.1:10000", status: 400, text: "Not allowed host: 127.0.5.1" },
    { line: "GET /", host: "[::2]:80", status: 400, text: "Not allowed host: [::2]" },
    { line: "GET /", host: "Evil.Example", status: 400, text: "Not allowed host: Evil.Example" },
    { line: "GET http://127.0.5.1/", status: 400, text: "Not allowed host: 127.0.5.1" },
    { line: "PRRT /??", host: "evil.example", status: 400, text: "Not allowed host: evil.example" },
    {
      line: "POST /create",
      host: "evil.example",
      body: "a: 1",
      status: 400,
      text: "Not allowed host: evil.example",
    },
    // Bodies
    ...["POST /create", "PUT /update"].flatMap((line) => [
      { line, status: 400, text: "There is no content. Please check" },
      { line, body: "", status: 400, text: "There is no content. Please check" },
      { line, body: "\r\n", status: 400, text: "There is no content. Please check" },
      { line, body: "middle_exam70", status: 400, text: "Key-value format is not valid." },
      { line, body: "a: 1&b", status: 400, text: "Key-value format is not valid." },
      { line, body: ": 95", status: 400, text: "Key value does not exist or is blank." },
      { line, body: "a: 1&: 95", status: 400, text: "Key value does not exist or is blank." },
      {
        line,
        body: `${"k".repeat(1025)}: 1`,
        status: 400,
        text: "The key is too long: it can have 1024 bytes of UTF-8.",
      },
      {
        line,
        body: Buffer.from([0x61, 0x3a, 0xff]),
        status: 400,
        text: "The content is not UTF-8 text. Please check",
      },
      {
        line,
        body: `a: ${"x".repeat(1 << 20)}`,
        status: 413,
        text: "Cannot take a body of more than 1048576 bytes here",
      },
      {
        line,
        body: "a: 1",
        fields: ["Content-Encoding: gzip"],
        status: 415,
        text: 'Cannot take a body in the content coding "gzip": bytes are stored as they are sent. Send them uncoded',
      },
      {
        line,
        body: "a: 1",
        fields: ['If-Match: "x"'],
        status: 412,
        text: `Cannot do this ${line.split(" ")[0]}: it asks for a version of something that is not there`,
      },
      // Conditions count where nothing else is wrong
      {
        line,
        body: "a: 1",
        fields: ["Content-Encoding: gzip", "If-Match: *"],
        status: 415,
        text: 'Cannot take a body in the content coding "gzip": bytes are stored as they are sent. Send them uncoded',
      },
      {
        line,
        body: `a: ${"x".repeat(1 << 20)}`,
        fields: ["If-Match: *"],
        status: 413,
        text: "Cannot take a body of more than 1048576 bytes here",
      },
    ]),
    {
      line: "PUT /update",
      body: "ID: 1",
      fields: ["Content-Range: bytes 0-4/5"],
      status: 400,
      text: "Cannot take a part of a body: PUT takes the whole of it, without Content-Range",
    },
    { line: "POST /create", body: "ID: 1", status: 400, text: "The key already exists!" },
    { line: "POST /create", body: "new: 1&Grade: B", status: 400, text: "The key already exists!" },
    { line: "POST /create", body: "new: 1& new : 2", status: 400, text: "The key already exists!" },
  ];
  for (const { line, status, text, allow, ...sent } of rows) {
    const { host, body, fields } = sent;
    const shown = [
      host && `Host: ${host}`,
      fields?.[0],
      body !== undefined && JSON.stringify(String(body).slice(0, 30)),
    ];
    test(`${[line, ...shown].filter(Boolean).join(", ")} with ${status}, and changes nothing`, async (t) => {
      const form = await open(t);
      await form.ask("POST /create", { body: "ID: 20182793&Grade: A" });
      const answer = await form.ask(line, { ...sent, fields: [...(fields ?? []), "Accept: text/html"] });
      assert.equal(answer.status, status);
      assert.equal(answer.body, text);
      assert.equal(answer.fields.get("allow"), allow);
      if (text !== "") assert.equal(answer.fields.get("content-type"), "text/plain; charset=utf-8");
      const { rows: left } = await form.table.scan({ order: "created" });
      assert.deepEqual(
        left.map(({ key, value }) => `${key}:${Buffer.from(value)}`),
        ["ID:20182793", "Grade:A"],
      );
      assert.deepEqual(form.served.errors, []);
    });
  }

  test("a write that another site's page sends with 403", async (t) => {
    const form = await open(t);
    const answer = await form.ask("POST /create", { body: "a: 1", fields: ["Origin: http://evil.example"] });
    assert.equal(answer.status, 403);
    assert.equal((await form.ask("GET /")).body, "No data in DB");
  });

  test("a request of HTTP/1.0 without a Host", async (t) => {
    const { client } = await open(t);
    client.send("GET / HTTP/1.0\r\n\r\n");
    assert.match(await client.rest(), /^HTTP\/1\.1 200 .*\r\n\r\nNo data in DB$/s);
  });
});

describe("HEAD of a form", () => {
  for (const body of ["", "ID: 1&이름: 김연어"]) {
    test(`is answered with 100, then with the head that GET has, when ${body || "nothing"} is there`, async (t) => {
      const form = await open(t);
      if (body !== "") await form.ask("POST /create", { body });
      form.send("HEAD /");
      await form.client.until("Content-Length");
      assert.match(form.client.received, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
      assert.equal((await form.client.answer("HEAD")).status, 100);
      const head = await form.client.answer("HEAD");
      const get = await form.ask("GET /");
      const undated = ({ head: text }: Answer): string => text.replace(/\r\nDate: [^\r]*/, "");
      assert.equal(undated(head), undated(get));
      assert.equal(head.fields.get("content-length"), String(Buffer.byteLength(get.body)));
    });
  }

  test("is answered without 100 where the client knows HTTP/1.0 only, and where it is refused", async (t) => {
    const form = await open(t);
    form.send("HEAD /", { host: "127.0.5.1" });
    assert.equal((await form.client.answer("HEAD")).status, 400);
    form.send("HEAD /?");
    assert.equal((await form.client.answer("HEAD")).status, 404);
    form.client.send("HEAD / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    assert.match(await form.client.rest(), /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s);
  });
});

describe("GET of a form shows", () => {
  test("keys in the order in which they came, those that were updated at their old place", async (t) => {
    const { ask } = await open(t);
    await ask("POST /create", { body: "b: 1&가: 2&a: 3" });
    await ask("PUT /update", { body: "b: 4&0: 5" });
    assert.equal((await ask("GET /")).body, "The data in DB is as follows.\nb:4\n가:2\na:3\n0:5");
  });

  test("a row that came by another way, on one line, with U+FFFD for what is not UTF-8", async (t) => {
    const { ask, table } = await open(t);
    const value = Buffer.from([0x61, 0x0a, 0xff, 0x1b, 0xea, 0xb0, 0x80]);
    await table.transact([{ kind: "put", key: "a\r\nb", row: { value, mediaType: "image/png" } }]);
    assert.equal(
      (await ask("GET /")).body,
      "The data in DB is as follows.\na\\x0d\\x0ab:a\\x0a\ufffd\\x1b가",
    );
  });

  test("a value that is empty", async (t) => {
    const { ask } = await open(t);
    assert.equal((await ask("POST /create", { body: "ID:" })).body, "ID:\nPost Successfully OK");
    assert.equal((await ask("GET /")).body, "The data in DB is as follows.\nID:");
  });

  test("all of several thousand rows, with their length", async (t) => {
    const { ask } = await open(t);
    const keys = Array.from({ length: 2500 }, (_, number) => `k${2500 - number}`);
    await ask("POST /create", { body: keys.map((key) => `${key}: v`).join("&") });
    const answer = await ask("GET /");
    assert.equal(answer.body, ["The data in DB is as follows.", ...keys.map((key) => `${key}:v`)].join("\n"));
    assert.equal(answer.fields.get("content-length"), String(answer.body.length));
  });

  test("more than a few megabytes piece by piece, and HEAD then has no length either", async (t) => {
    const { ask, table } = await open(t);
    const value = Buffer.alloc(700_000, "v");
    for (const key of ["a", "b", "c", "d", "e"])
      await table.transact([{ kind: "put", key, row: { value, mediaType: "text/plain" } }]);
    const answer = await ask("GET /");
    const lines = ["a", "b", "c", "d", "e"].map((key) => `${key}:${value}`);
    assert.equal(answer.body, ["The data in DB is as follows.", ...lines].join("\n"));
    assert.equal(answer.fields.get("transfer-encoding"), "chunked");
    const head = await ask("HEAD /");
    assert.equal(head.fields.get("content-length"), undefined);
    assert.equal(head.fields.get("transfer-encoding"), "chunked");
  });
});

describe("PUT /update", () => {
  const rows: readonly {
    readonly body: string;
    readonly report: readonly string[];
    readonly left: string;
  }[] = [
    {
      body: "ID: 20180434&final_exam: 90",
      report: [
        "Update Data as follow:",
        "ID: 20182793 => 20180434",
        "Update(New) Data as follow:",
        "final_exam: 90 (There's no key. New update)",
        "Update with new data Successfully OK",
      ],
      left: "ID:20180434\nGrade:A\nfinal_exam:90",
    },
    {
      body: "  Grade:B & ID: 1 ",
      report: ["Update Data as follow:", "Grade: A => B", "ID: 20182793 => 1", "Update Successfully OK"],
      left: "ID:1\nGrade:B",
    },
    {
      body: "이름: 김&도시: 서울",
      report: [
        "Update(New) Data as follow:",
        "이름: 김 (There's no key. New update)",
        "도시: 서울 (There's no key. New update)",
        "Update with new data Successfully OK",
      ],
      left: "ID:20182793\nGrade:A\n이름:김\n도시:서울",
    },
    {
      body: "x: 1&ID: 2&x: 3&ID: 4",
      report: [
        "Update Data as follow:",
        "ID: 20182793 => 2",
        "x: 1 => 3",
        "ID: 2 => 4",
        "Update(New) Data as follow:",
        "x: 1 (There's no key. New update)",
        "Update with new data Successfully OK",
      ],
      left: "ID:4\nGrade:A\nx:3",
    },
    {
      body: "ID: 20182793",
      report: ["Update Data as follow:", "ID: 20182793 => 20182793", "Update Successfully OK"],
      left: "ID:20182793\nGrade:A",
    },
  ];
  for (const { body, report, left } of rows) {
    test(`tells what became of ${JSON.stringify(body)}`, async (t) => {
      const { ask } = await open(t);
      await ask("POST /create", { body: "ID: 20182793&Grade: A" });
      const answer = await ask("PUT /update", { body });
      assert.equal(answer.status, 200);
      assert.equal(answer.body, [body, ...report].join("\n"));
      assert.equal((await ask("GET /")).body, `The data in DB is as follows.\n${left}`);
    });
  }

  test("writes texts, and leaves a row the end that it had", async (t) => {
    const { ask, table } = await open(t);
    const expires = Date.now() + 3_600_000;
    await table.transact([
      { kind: "put", key: "a", row: { value: Buffer.from("1"), mediaType: "image/png", expires } },
    ]);
    await ask("PUT /update", { body: "a: 김&b: 2" });
    const [a, b] = await table.getMany(["a", "b"]);
    assert.deepEqual([a?.mediaType, a?.expires], ["text/plain; charset=utf-8", expires]);
    assert.deepEqual([b?.mediaType, b?.expires], ["text/plain; charset=utf-8", undefined]);
  });

  test("from many at a time tells each what it replaced", async () => {
    const table = createMemoryTable();
    const handler = formHandler(table, { isOurHost: () => true });
    const values = Array.from({ length: 20 }, (_, number) => String(number));
    const answers = await Promise.all(
      values.map(async (value) => {
        const response = await handler(requestOf("PUT /update", { body: `n: ${value}` }));
        assert.equal(response.status, 200);
        return String(response.body);
      }),
    );
    // Who replaced nothing came first; from there each value but the last was replaced by exactly one other.
    const next = new Map(
      answers.map((text) => {
        const [, old, now] = /^n: (\d+) => (\d+)$/m.exec(text) ?? [
          undefined,
          "none",
          text.slice(3, text.indexOf("\n")),
        ];
        return [old, now];
      }),
    );
    assert.equal(next.size, values.length);
    let last = "none";
    for (let value = next.get("none"); value !== undefined; value = next.get(value)) last = value;
    assert.equal(Buffer.from((await table.get("n"))?.value ?? "").toString(), last);
  });
});

describe("A form that is read-only", () => {
  const rows = [
    { line: "POST /create", status: 405, text: WRONG_METHOD, allow: "" },
    { line: "PUT /update", status: 405, text: WRONG_METHOD, allow: "" },
    { line: "PUT /create", status: 404, text: WRONG_CREATE, allow: undefined },
    { line: "GET /", status: 200, text: "No data in DB", allow: undefined },
  ];
  for (const { line, status, text, allow } of rows) {
    test(`answers ${line} with ${status}`, async (t) => {
      const { ask } = await open(t, { readOnly: true });
      const body = line.startsWith("GET") ? undefined : "a: 1";
      const answer = await ask(line, body === undefined ? {} : { body });
      assert.deepEqual([answer.status, answer.body, answer.fields.get("allow")], [status, text, allow]);
      assert.equal((await ask("GET /")).body, "No data in DB");
    });
  }
});

describe("A form below a path", () => {
  const rows = [
    { line: "GET /form", status: 200, text: "No data in DB" },
    { line: "GET /form/", status: 200, text: "No data in DB" },
    { line: "PRRT /form", status: 405, text: WRONG_METHOD },
    { line: "POST /form/create", body: "a: 1", status: 200, text: "a:1\nPost Successfully OK" },
    { line: "PUT /form/create", status: 404, text: WRONG_CREATE },
    { line: "POST /form/form/create", status: 404, text: WRONG_ADDRESS },
    { line: "GET /form?", status: 404, text: WRONG_ADDRESS },
    { line: "GET /form//", status: 404, text: WRONG_ADDRESS },
  ];
  for (const { line, status, text, ...sent } of rows) {
    test(`answers ${line} with ${status}`, async (t) => {
      const { ask } = await open(t, { base: "/form" });
      const answer = await ask(line, sent);
      assert.deepEqual([answer.status, answer.body], [status, text]);
    });
  }

  test("leaves what is not below it to the guards and the router", async (t) => {
    const { ask } = await open(t, { base: "/form" });
    assert.equal((await ask("POST /create", { host: "evil.example" })).status, 421);
    assert.equal((await ask("PRRT /")).status, 501);
    assert.equal((await ask("GET /")).status, 404);
    const all = await ask("OPTIONS *");
    assert.deepEqual([all.status, all.fields.get("allow")], [200, "GET, HEAD, POST, PUT, OPTIONS"]);
  });
});

describe("END", () => {
  test("is answered whole before the server stops, even at once", async (t) => {
    const ended: string[] = [];
    let stopped: Promise<void> | undefined;
    const form: Form = await open(t, {
      onEnd: () => {
        ended.push("end");
        stopped = form.served.server.stop(0);
      },
    });
    assert.equal((await form.ask("OPTIONS /")).fields.get("allow"), "GET, HEAD, OPTIONS, END");
    const other = await form.ask("PRRT /");
    assert.deepEqual([other.status, other.fields.get("allow")], [405, "GET, HEAD, OPTIONS, END"]);
    assert.deepEqual(ended, []);
    const answer = await form.ask("END /");
    assert.deepEqual([answer.status, answer.body], [200, "The server ends."]);
    assert.equal(answer.fields.get("connection"), "close");
    assert.equal(await form.client.closed(), true);
    assert.deepEqual(ended, ["end"]);
    await stopped;
    assert.equal(form.served.server.connections, 0);
  });

  for (const { line, host = "localhost", status } of [
    { line: "END /create", status: 404 },
    { line: "END /?", status: 404 },
    { line: "END /", host: "evil.example", status: 400 },
    { line: "end /", status: 405 },
  ]) {
    test(`is not meant by ${line} to ${host}, which gets ${status}`, async (t) => {
      const form = await open(t, { onEnd: () => assert.fail("ended") });
      assert.equal((await form.ask(line, { host })).status, status);
      assert.equal((await form.ask("GET /")).status, 200);
    });
  }

  const remotes = [
    { address: "127.0.0.1", status: 200 },
    { address: "127.8.9.10", status: 200 },
    { address: "::1", status: 200 },
    { address: "::ffff:127.0.0.1", status: 200 },
    { address: "192.168.0.14", status: 405 },
    { address: "::ffff:192.168.0.14", status: 405 },
    { address: "1270.0.0.1", status: 405 },
    { address: "::11", status: 405 },
    { address: "", status: 405 },
  ];
  for (const { address, status } of remotes) {
    test(`from ${address || "nowhere"} gets ${status}`, async () => {
      let ended = false;
      const onEnd = (): void => {
        ended = true;
      };
      const handler = formHandler(createMemoryTable(), { isOurHost: () => true, onEnd });
      const response = await handler(requestOf("END /", { remote: { address, port: 40_000 } }));
      assert.equal(response.status, status);
      if (status === 405) assert.equal(response.fields.get("allow"), "GET, HEAD, OPTIONS");
      await new Promise<void>((resolve) => setImmediate(resolve));
      assert.equal(ended, status === 200);
    });
  }

  test("over a UNIX socket gets 405", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-form-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const form = await open(t, { where: { path: join(folder, "s") }, onEnd: () => assert.fail("ended") });
    assert.equal((await form.ask("END /")).status, 405);
    assert.equal((await form.ask("GET /")).status, 200);
  });
});

describe("A form whose store", () => {
  const broken = (error: Error): Table => {
    const fail = async (): Promise<never> => {
      throw error;
    };
    return { ...createMemoryTable(), scan: fail, transact: fail, getMany: fail } as Table;
  };

  for (const { code, status } of [
    { code: "UNREACHABLE", status: 503 },
    { code: "NO_SPACE", status: 507 },
    { code: "VALUE_TOO_LARGE", status: 413 },
  ] as const) {
    test(`says ${code} answers ${status} as a plain text`, async (t) => {
      const { ask, served } = await open(t, {
        table: broken(new StoreError(code, "Cannot keep it: no room")),
      });
      for (const line of ["GET /", "POST /create", "PUT /update"]) {
        const answer = await ask(line, { body: "a: 1" });
        assert.deepEqual([answer.status, answer.body], [status, "Cannot keep it: no room"]);
        assert.equal(answer.fields.get("retry-after"), status === 503 ? "1" : undefined);
      }
      assert.deepEqual(served.errors, []);
    });
  }

  test("fails otherwise answers 500, and the server's log is told", async (t) => {
    const error = new Error("no such thing");
    const { ask, served } = await open(t, { table: broken(error) });
    assert.equal((await ask("GET /")).status, 500);
    assert.deepEqual(served.errors, [error]);
  });
});

test("A form refuses a base that is no path", () => {
  assert.throws(() => formHandler(createMemoryTable(), { base: "form", isOurHost: () => true }), TypeError);
});
