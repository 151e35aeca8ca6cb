import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf } from "../../test/fixtures/request.ts";
import { Body, NO_BODY } from "./body.ts";

const KOREAN = "연어는 거슬러 오른다";

describe("A body", () => {
  test("gives its pieces in order, each when it is asked for", async () => {
    let asked = 0;
    const body = new Body(async () => (asked < 3 ? Buffer.from(String(asked++)) : undefined), undefined);
    assert.equal(asked, 0);
    const seen: string[] = [];
    for await (const piece of body) {
      seen.push(Buffer.from(piece).toString());
      assert.equal(asked, seen.length);
    }
    assert.deepEqual(seen, ["0", "1", "2"]);
  });

  test("says whether somebody has begun to read it", async () => {
    const body = bodyOf(["a"], 1);
    assert.equal(body.used, false);
    await body.bytes();
    assert.equal(body.used, true);
  });

  test("is not asked for anything by who only takes its iterator", () => {
    const body = bodyOf(["a"], 1);
    body[Symbol.asyncIterator]();
    assert.equal(body.used, false);
  });

  for (const read of ["bytes", "text", "json"] as const) {
    test(`can be read once, not again with ${read}()`, async () => {
      const body = bodyOf(["1"], 1);
      await body.text();
      await assert.rejects(body[read](), { name: "BodyUsedError", code: "BODY_USED" });
    });
  }

  test("is UTF-8 text, however it is cut", async () => {
    const bytes = Buffer.from(KOREAN, "utf8");
    for (const size of [1, 2, 4, 100]) {
      let at = 0;
      const body = new Body(async () => {
        const piece = bytes.subarray(at, at + size);
        at += size;
        return piece.length > 0 ? piece : undefined;
      }, bytes.length);
      assert.equal(await body.text(), KOREAN);
    }
  });

  test("is JSON, or a SyntaxError", async () => {
    assert.deepEqual(await bodyOf(['{"a":', "[1]}"]).json(), { a: [1] });
    await assert.rejects(bodyOf(["{"]).json(), SyntaxError);
  });

  const limits: readonly {
    readonly pieces: readonly string[];
    readonly length: number | undefined;
    readonly limit: number;
    readonly fits: boolean;
  }[] = [
    { pieces: ["hello"], length: 5, limit: 5, fits: true },
    { pieces: ["hello"], length: 5, limit: 4, fits: false },
    { pieces: ["hel", "lo"], length: undefined, limit: 5, fits: true },
    { pieces: ["hel", "lo"], length: undefined, limit: 4, fits: false },
    { pieces: ["hello"], length: undefined, limit: 0, fits: true },
  ];
  for (const { pieces, length, limit, fits } of limits) {
    test(`of ${length ?? "unknown"} bytes ${fits ? "fits into" : "is refused by"} a limit of ${limit}`, async () => {
      const body = bodyOf(pieces, length);
      if (fits) assert.equal(await body.text(limit), "hello");
      else
        await assert.rejects(body.text(limit), {
          name: "BodyTooLargeError",
          code: "BODY_TOO_LARGE",
          status: 413,
        });
      // One that is refused by its length alone is not even begun.
      if (length !== undefined && !fits) assert.equal(body.used, false);
    });
  }

  test("fails with what its source fails with", async () => {
    const broken = new Error("broken");
    await assert.rejects(new Body(() => Promise.reject(broken), undefined).bytes(), broken);
  });

  test("gives bytes of its own, which nobody writes over", async () => {
    const piece = Buffer.from("hello");
    let given = false;
    const body = new Body(async () => {
      if (given) return undefined;
      given = true;
      return piece;
    }, 5);
    const bytes = await body.bytes();
    piece.fill("x");
    assert.equal(bytes.toString(), "hello");
  });
});

test("No body may be read by anybody, any number of times", async () => {
  for (let i = 0; i < 3; i += 1) {
    assert.equal(await NO_BODY.text(), "");
    for await (const _ of NO_BODY) assert.fail("a piece of nothing");
  }
});
