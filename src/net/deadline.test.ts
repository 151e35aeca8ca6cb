import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Deadline } from "./deadline.ts";

/** A deadline whose end can be waited for, and a timer that says when a time has surely passed. */
function watched(): { deadline: Deadline; expired: Promise<void>; count: () => number } {
  let times = 0;
  let tell: () => void = () => undefined;
  const expired = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const deadline = new Deadline(() => {
    times += 1;
    tell();
  });
  return { deadline, expired, count: () => times };
}

const passing = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("A deadline", () => {
  test("expires once", async () => {
    const { deadline, expired, count } = watched();
    deadline.set(5);
    await expired;
    await passing(20);
    assert.equal(count(), 1);
  });

  test("never expires early", async () => {
    const { deadline, expired } = watched();
    const began = performance.now();
    deadline.set(20, began);
    await expired;
    assert.ok(performance.now() >= began + 20);
  });

  test("can be moved later, without expiring at the first time", async () => {
    const { deadline, expired, count } = watched();
    const began = performance.now();
    deadline.set(5, began);
    deadline.set(60, began);
    await passing(20);
    if (performance.now() < began + 60) assert.equal(count(), 0);
    await expired;
    assert.ok(performance.now() >= began + 60);
    assert.equal(count(), 1);
  });

  test("can be moved earlier", async () => {
    const { deadline, expired, count } = watched();
    deadline.set(1_000_000);
    deadline.set(5);
    await expired;
    assert.equal(count(), 1);
    deadline.stop();
  });

  for (const [what, take] of [
    ["cleared", (deadline: Deadline) => deadline.clear()],
    ["set to 0", (deadline: Deadline) => deadline.set(0)],
    ["stopped", (deadline: Deadline) => deadline.stop()],
  ] as const) {
    test(`does not expire once it is ${what}, and can be set again`, async () => {
      const { deadline, expired, count } = watched();
      deadline.set(5);
      take(deadline);
      await passing(30);
      assert.equal(count(), 0);
      deadline.set(5);
      await expired;
      assert.equal(count(), 1);
    });
  }

  test("can be set anew by what it calls", async () => {
    let times = 0;
    await new Promise<void>((resolve) => {
      const deadline = new Deadline(() => {
        times += 1;
        if (times === 3) resolve();
        else deadline.set(1);
      });
      deadline.set(1);
    });
    assert.equal(times, 3);
  });
});
