import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestOf } from "../../test/fixtures/request.ts";
import { Problem } from "../message/problem.ts";
import { type Handler, Response } from "../message/response.ts";
import { guardHosts } from "./guard.ts";
import { createRouter, type Mount } from "./router.ts";

const mount = (path: string, ...methods: string[]): Mount => ({
  path,
  methods,
  handler: () => new Response(200, { body: path }),
});

/** The body of the answer, or the status of the Problem. */
async function outcome(
  mounts: readonly Mount[],
  line: string,
  { host = "localhost", guard }: { host?: string; guard?: (handler: Handler) => Handler } = {},
): Promise<string> {
  try {
    const { body } = await createRouter(mounts, guard)(requestOf(line, { fields: { Host: host } }));
    return String(body);
  } catch (error) {
    assert.ok(error instanceof Problem);
    return String(error.status);
  }
}

describe("createRouter()", () => {
  const all = [mount("/"), mount("/a"), mount("/a/b"), mount("/%61")];
  const rows: readonly {
    readonly mounts?: readonly Mount[];
    readonly line: string;
    readonly gives: string;
  }[] = [
    { line: "GET /", gives: "/" },
    { line: "GET /x", gives: "/" },
    { line: "GET /a", gives: "/a" },
    { line: "GET /a/", gives: "/a" },
    { line: "GET /a?b", gives: "/a" },
    { line: "GET /ab", gives: "/" },
    { line: "GET /a/b/c", gives: "/a/b" },
    { line: "GET /a/bc", gives: "/a" },
    { line: "GET //a", gives: "/" },
    { line: "GET /A", gives: "/" },
    { line: "GET /%61/x", gives: "/%61" },
    { line: "GET http://h/a/b", gives: "/a/b" },
    { line: "GET http://h", gives: "/" },
    { line: "PROPFIND /a", gives: "/a" },
    { line: "BREW /a", gives: "501" },
    { line: "get /a", gives: "501" },
    { line: "CONNECT h:80", gives: "501" },
    { mounts: [mount("/a")], line: "GET /", gives: "404" },
    { mounts: [mount("/a")], line: "GET /ab", gives: "404" },
    { mounts: [], line: "GET /", gives: "404" },
    { mounts: [], line: "BREW /", gives: "501" },
  ];
  for (const { mounts = all, line, gives } of rows) {
    const where = mounts.map(({ path }) => path).join(" ") || "nothing";
    test(`gives ${gives} for ${line} when ${where} is mounted`, async () => {
      assert.equal(await outcome(mounts, line), gives);
      assert.equal(await outcome(mounts.toReversed(), line), gives);
    });
  }

  test("answers OPTIONS * with what any mount can do, once each", async () => {
    const router = createRouter([mount("/", "GET", "HEAD"), mount("/a", "GET", "PUT")]);
    const response = await router(requestOf("OPTIONS *"));
    assert.equal(response.status, 200);
    assert.equal(response.fields.get("allow"), "GET, HEAD, PUT");
    assert.equal(response.fields.get("content-length"), "0");
  });

  test("tells a lost visitor what is mounted", async () => {
    await assert.rejects(async () => createRouter([mount("/a"), mount("/b")])(requestOf("GET /c")), {
      status: 404,
      message: "Nothing is mounted at /c. Mounts: /a, /b",
    });
  });

  describe("with a guard, and a mount that takes everything", () => {
    const routes = [mount("/"), { ...mount("/form"), takesAll: true }, mount("/form/deep")];
    const guard = (handler: Handler): Handler => guardHosts(handler, (host) => host === "ours");
    const rows: readonly { readonly line: string; readonly host?: string; readonly gives: string }[] = [
      { line: "GET /form", gives: "/form" },
      { line: "GET /form", host: "foreign", gives: "/form" },
      { line: "PRRT /form/x", gives: "/form" },
      { line: "PRRT /form/x", host: "foreign", gives: "/form" },
      { line: "GET http://foreign/form", host: "foreign", gives: "/form" },
      { line: "GET /", gives: "/" },
      { line: "GET /", host: "foreign", gives: "421" },
      { line: "PRRT /", gives: "501" },
      { line: "PRRT /", host: "foreign", gives: "421" },
      { line: "GET /formal", host: "foreign", gives: "421" },
      { line: "GET /form/deep", gives: "/form/deep" },
      { line: "GET /form/deep", host: "foreign", gives: "421" },
      { line: "PRRT /form/deep", gives: "501" },
      { line: "OPTIONS *", host: "foreign", gives: "421" },
      { line: "CONNECT ours:80", gives: "501" },
      { line: "CONNECT foreign:80", host: "foreign", gives: "421" },
    ];
    for (const { line, host = "ours", gives } of rows) {
      test(`gives ${gives} for ${line} to ${host}`, async () => {
        assert.equal(await outcome(routes, line, { host, guard }), gives);
      });
    }

    test("lets such a mount at / have all but what is not under any", async () => {
      const all = [{ ...mount("/"), takesAll: true }];
      assert.equal(await outcome(all, "PRRT /x", { host: "foreign", guard }), "/");
      assert.equal(await outcome(all, "OPTIONS *", { host: "foreign", guard }), "421");
    });

    test("refuses what nothing is mounted for as elsewhere", async () => {
      const some = [{ ...mount("/form"), takesAll: true }];
      assert.equal(await outcome(some, "GET /x", { host: "foreign", guard }), "421");
      assert.equal(await outcome(some, "GET /x", { host: "ours", guard }), "404");
      assert.equal(await outcome(some, "PRRT /x", { host: "ours", guard }), "501");
    });

    test("is the guarded handler itself where no mount takes everything", () => {
      const guarded: Handler = () => new Response(200);
      assert.equal(
        createRouter([mount("/")], () => guarded),
        guarded,
      );
    });
  });
});
