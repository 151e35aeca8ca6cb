import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestOf } from "../../test/fixtures/request.ts";
import { Problem } from "../message/problem.ts";
import { Response } from "../message/response.ts";
import { createRouter, type Mount } from "./router.ts";

const mount = (path: string, ...methods: string[]): Mount => ({
  path,
  methods,
  handler: () => new Response(200, { body: path }),
});

/** The body of the answer, or the status of the Problem. */
async function outcome(mounts: readonly Mount[], line: string): Promise<string> {
  try {
    const { body } = await createRouter(mounts)(requestOf(line));
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
});
