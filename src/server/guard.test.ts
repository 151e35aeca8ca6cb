import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestOf } from "../../test/fixtures/request.ts";
import { Problem } from "../message/problem.ts";
import { type Handler, Response } from "../message/response.ts";
import { exactHostTest, guardHosts, guardOrigins, hostTest } from "./guard.ts";

const served: Handler = () => new Response(200, { body: "served", fields: { Vary: "Accept" } });

/** What a handler answers: the status, or that of the Problem it throws, and the response if there is one. */
async function outcome(
  handler: Handler,
  request: Parameters<Handler>[0],
): Promise<{ status: number; detail: string; response: Response | undefined }> {
  try {
    const response = await handler(request);
    return { status: response.status, detail: "", response };
  } catch (error) {
    assert.ok(error instanceof Problem);
    return { status: error.status, detail: error.message, response: undefined };
  }
}

describe("hostTest()", () => {
  const rows: readonly {
    readonly allowed: readonly string[];
    readonly yes: readonly string[];
    readonly no: readonly string[];
  }[] = [
    {
      allowed: [],
      yes: ["localhost", "localhost.", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"],
      no: [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "xlocalhost",
        "128.0.0.1",
        "127.0.0.1.",
        "::2",
        "127.0.0",
      ].filter((host) => host !== "127.0.0.1."),
    },
    {
      allowed: ["Box.Example", "[2001:DB8::1]", "10.0.0.5"],
      yes: ["box.example", "2001:db8::1", "10.0.0.5", "localhost"],
      no: ["a.box.example", "box.example.evil", "2001:db8::2", "10.0.0.50"],
    },
    {
      allowed: [".Example.com"],
      yes: ["example.com", "a.example.com", "a.b.example.com"],
      no: ["badexample.com", "example.com.evil", "com"],
    },
    {
      allowed: ["files.example:8080", "[::2]:80"],
      yes: ["files.example", "::2"],
      no: ["files.example:8080"],
    },
    { allowed: ["*"], yes: ["anything", "evil.example", ""], no: [] },
  ];
  for (const { allowed, yes, no } of rows) {
    test(`with ${JSON.stringify(allowed)} takes ${yes.join(" ")}, not ${no.join(" ")}`, () => {
      const isOurs = hostTest(allowed);
      assert.deepEqual(
        yes.filter((host) => !isOurs(host)),
        [],
      );
      assert.deepEqual(
        no.filter((host) => isOurs(host)),
        [],
      );
    });
  }
});

describe("exactHostTest()", () => {
  const rows: readonly {
    readonly allowed: readonly string[];
    readonly yes: readonly string[];
    readonly no: readonly string[];
  }[] = [
    {
      allowed: [],
      yes: ["localhost", "127.0.0.1", "::1"],
      no: ["", "127.0.5.1", "127.1.2.3", "a.localhost", "localhost.", "192.168.0.14"],
    },
    { allowed: ["127.0.5.1", "[2001:DB8::1]"], yes: ["127.0.5.1", "2001:db8::1", "::1"], no: ["127.0.5.2"] },
    {
      allowed: [".example.com", "box.example:80"],
      yes: ["a.example.com", "box.example"],
      no: ["badexample.com"],
    },
    { allowed: ["*"], yes: ["127.0.5.1", "evil.example", ""], no: [] },
  ];
  for (const { allowed, yes, no } of rows) {
    test(`with ${JSON.stringify(allowed)} takes ${yes.join(" ")}, not ${no.join(" ")}`, () => {
      const isOurs = exactHostTest(allowed);
      assert.deepEqual(
        yes.filter((host) => !isOurs(host)),
        [],
      );
      assert.deepEqual(
        no.filter((host) => isOurs(host)),
        [],
      );
    });
  }
});

describe("guardHosts()", () => {
  const guarded = guardHosts(served, hostTest(["box.example"]));
  const rows: readonly { readonly line?: string; readonly host: string; readonly status: number }[] = [
    { host: "localhost:3091", status: 200 },
    { host: "LOCALHOST", status: 200 },
    { host: "[::1]:3091", status: 200 },
    { host: "Box.Example:80", status: 200 },
    { host: "box.example:", status: 200 },
    { host: "evil.example", status: 421 },
    { host: "evil.example:3091", status: 421 },
    { host: "127.0.0.1.evil.example", status: 421 },
    { line: "GET http://evil.example/", host: "localhost", status: 421 },
    { line: "GET http://localhost/", host: "evil.example", status: 200 },
    { line: "OPTIONS *", host: "evil.example", status: 421 },
    { host: "", status: 200 },
  ];
  for (const { line = "GET /", host, status } of rows) {
    test(`answers ${line} for Host ${JSON.stringify(host)} with ${status}, each time`, async () => {
      for (let i = 0; i < 2; i += 1)
        assert.equal((await outcome(guarded, requestOf(line, { fields: { Host: host } }))).status, status);
    });
  }

  test("names the way out", async () => {
    const { detail } = await outcome(guarded, requestOf("GET /", { fields: { Host: "evil.example:81" } }));
    assert.match(detail, /--allow-host evil\.example$/);
  });

  test("still refuses when more names have been asked for than it remembers", async () => {
    const open = guardHosts(served, (host) => host.startsWith("good"));
    for (let i = 0; i < 300; i += 1) {
      assert.equal((await outcome(open, requestOf("GET /", { fields: { Host: `good${i}` } }))).status, 200);
      assert.equal((await outcome(open, requestOf("GET /", { fields: { Host: `bad${i}` } }))).status, 421);
    }
  });
});

describe("guardOrigins()", () => {
  const guarded = guardOrigins(served, { origins: ["http://Friend.example"] });
  const rows: readonly {
    readonly name: string;
    readonly line: string;
    readonly fields: { readonly [name: string]: string };
    readonly status: number;
    readonly open?: boolean;
  }[] = [
    { name: "a write that no browser sent", line: "PUT /", fields: {}, status: 200 },
    {
      name: "a write from our own page",
      line: "PUT /",
      fields: { Origin: "http://localhost:3091", "Sec-Fetch-Site": "same-origin" },
      status: 200,
    },
    {
      name: "a write from our own page, in capitals",
      line: "PUT /",
      fields: { Origin: "http://LOCALHOST:3091" },
      status: 200,
    },
    {
      name: "a write from another port of this machine",
      line: "PUT /",
      fields: { Origin: "http://localhost:8080" },
      status: 403,
    },
    {
      name: "a write from another site",
      line: "PUT /",
      fields: { Origin: "http://evil.example" },
      status: 403,
    },
    {
      name: "a form from another site",
      line: "POST /",
      fields: { Origin: "http://evil.example", "Content-Type": "text/plain" },
      status: 403,
    },
    { name: "a delete from a sandboxed frame", line: "DELETE /", fields: { Origin: "null" }, status: 403 },
    {
      name: "a write from an origin of another kind",
      line: "PUT /",
      fields: { Origin: "chrome-extension://localhost:3091" },
      status: 403,
    },
    {
      name: "a write from another site without Origin",
      line: "POST /",
      fields: { "Sec-Fetch-Site": "cross-site" },
      status: 403,
    },
    {
      name: "a write from another host of the site",
      line: "POST /",
      fields: { "Sec-Fetch-Site": "same-site" },
      status: 403,
    },
    { name: "a write that the user made", line: "POST /", fields: { "Sec-Fetch-Site": "none" }, status: 200 },
    {
      name: "an unknown method from another site",
      line: "BREW /",
      fields: { Origin: "http://evil.example" },
      status: 403,
    },
    {
      name: "a read from another site, which cannot see the answer",
      line: "GET /",
      fields: { Origin: "http://evil.example" },
      status: 200,
    },
    {
      name: "a link from another site",
      line: "GET /",
      fields: { "Sec-Fetch-Site": "cross-site" },
      status: 200,
    },
    {
      name: "a preflight from another site, which gets no permission",
      line: "OPTIONS /",
      fields: { Origin: "http://evil.example", "Access-Control-Request-Method": "PUT" },
      status: 200,
    },
    {
      name: "a write from a friend",
      line: "PUT /",
      fields: { Origin: "http://friend.example" },
      status: 200,
      open: true,
    },
    {
      name: "a read from a friend",
      line: "GET /",
      fields: { Origin: "http://friend.example" },
      status: 200,
      open: true,
    },
  ];
  for (const { name, line, fields, status, open } of rows) {
    test(`answers ${name} with ${status}`, async () => {
      const { response, ...rest } = await outcome(guarded, requestOf(line, { fields }));
      assert.equal(rest.status, status);
      assert.equal(response?.fields.get("access-control-allow-origin"), open ? fields.Origin : undefined);
      // Who may read it depends on Origin, whether the field was there or not: a cache must know.
      if (response !== undefined) assert.equal(response.fields.get("vary"), "Accept, Origin");
    });
  }

  test("takes an allowed origin with the slash that a browser's address bar shows behind it", async () => {
    const fields = { Origin: "http://friend.example:5173" };
    const slashed = guardOrigins(served, { origins: ["http://Friend.example:5173/"] });
    assert.equal((await outcome(slashed, requestOf("PUT /", { fields }))).status, 200);
  });

  test("leaves answers as they are where no origin is allowed", async () => {
    const { response } = await outcome(guardOrigins(served, { origins: [] }), requestOf("GET /"));
    assert.equal(response?.fields.get("vary"), "Accept");
  });

  test("names the way out", async () => {
    const { detail } = await outcome(
      guarded,
      requestOf("PUT /", { fields: { Origin: "http://evil.example" } }),
    );
    assert.match(detail, /--cors http:\/\/evil\.example$/);
  });

  test("answers a friend's preflight itself, for what it asks", async () => {
    const fields = {
      Origin: "http://friend.example",
      "Access-Control-Request-Method": "PATCH",
      "Access-Control-Request-Headers": "if-match",
      "Access-Control-Request-Private-Network": "true",
    };
    const { status, response } = await outcome(guarded, requestOf("OPTIONS /a", { fields }));
    assert.equal(status, 204);
    assert.deepEqual(Object.fromEntries(response?.fields ?? []), {
      "Access-Control-Allow-Origin": "http://friend.example",
      "Access-Control-Allow-Methods": "PATCH",
      "Access-Control-Allow-Headers": "if-match",
      "Access-Control-Allow-Private-Network": "true",
      "Access-Control-Max-Age": "600",
      Vary: "Origin",
    });
  });

  test("lets a page read what every kind of mount tells in fields", async () => {
    const request = requestOf("GET /", { fields: { Origin: "http://friend.example" } });
    const { response } = await outcome(guarded, request);
    const exposed = (response?.fields.get("access-control-expose-headers") ?? "").toLowerCase().split(", ");
    for (const name of ["etag", "location", "link", "age", "x-total-count", "accept-patch", "upload-offset"])
      assert.ok(exposed.includes(name), name);
  });

  test("lets a friend read a refusal, too, and leaves other errors to the server", async () => {
    const fields = { Origin: "http://friend.example" };
    const refusing = guardOrigins(() => Promise.reject(new Problem(404)), { origins: ["*"] });
    const { status, response } = await outcome(refusing, requestOf("GET /", { fields }));
    assert.equal(status, 404);
    assert.equal(response?.fields.get("access-control-allow-origin"), "http://friend.example");
    const failing = guardOrigins(
      () => {
        throw new TypeError("a fault");
      },
      { origins: ["*"] },
    );
    await assert.rejects(async () => failing(requestOf("GET /", { fields })), TypeError);
  });
});
