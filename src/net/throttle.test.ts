// Rates, by a clock that the test moves.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Clock } from "./pacer.ts";
import { throttled } from "./throttle.ts";
import type { Receiver, Transport } from "./transport.ts";

/** Jumps from timer to timer. */
class TestClock implements Clock {
  time = 1_000_000;
  #timers: { readonly at: number; readonly act: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, act: () => void): () => void {
    const timer = { at: this.time + milliseconds, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** Runs the next timer, as late as said. False when there is none. */
  step(late = 0): boolean {
    const [next, ...rest] = this.#timers.sort((a, b) => a.at - b.at);
    if (next === undefined) return false;
    this.#timers = rest;
    this.time = Math.max(this.time, next.at + late);
    next.act();
    return true;
  }

  /** Runs all timers, and tells how many there were. */
  run(late = 0): number {
    let count = 0;
    while (this.step(late)) count++;
    return count;
  }
}

/** The connection below: what is asked of it, in order. */
class Below implements Transport {
  readonly local = { address: "127.0.0.1", port: 1 };
  readonly remote = { address: "127.0.0.1", port: 2 };
  readonly seen: string[] = [];
  sent = 0;
  paused = false;
  flowing = true;
  above: Receiver | undefined;

  attach(receiver: Receiver): void {
    this.above = receiver;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  write(piece: string | Uint8Array, written?: () => void): boolean {
    this.seen.push(`write ${Buffer.from(piece as Uint8Array).toString()}`);
    this.sent += piece.length;
    written?.();
    return this.flowing;
  }
  cork(): void {}
  uncork(): void {}
  stallTimeout(): void {}
  end(sent?: () => void): void {
    this.seen.push("end");
    sent?.();
  }
  destroy(): void {
    this.seen.push("destroy");
  }
  reset(): void {
    this.seen.push("reset");
  }
}

interface Made {
  readonly clock: TestClock;
  readonly below: Below;
  readonly transport: Transport;
  /** What the receiver was told. */
  readonly told: string[];
}

function made(rate: number): Made {
  const clock = new TestClock();
  const below = new Below();
  const transport = throttled(below, rate, clock);
  const told: string[] = [];
  transport.attach({
    received: (bytes) => void told.push(`received ${Buffer.from(bytes).toString()}`),
    ended: () => void told.push("ended"),
    drained: () => void told.push("drained"),
    stalled: () => void told.push("stalled"),
    closed: (error) => void told.push(`closed ${error?.message ?? ""}`),
  });
  return { clock, below, transport, told };
}

test("what is written goes in pieces of a tenth of a second", () => {
  const { clock, below, transport, told } = made(40);
  assert.equal(
    transport.write("abcdefghij", () => void told.push("written")),
    false,
  );
  assert.deepEqual(below.seen, ["write abcd"]);
  clock.step();
  assert.equal(clock.time, 1_000_100);
  assert.deepEqual(below.seen, ["write abcd", "write efgh"]);
  assert.deepEqual(told, []);
  clock.step();
  assert.deepEqual(below.seen, ["write abcd", "write efgh", "write ij"]);
  assert.deepEqual(told, ["written", "drained"]);
  assert.equal(clock.waiting, 0);
});

test("what comes is handed over in pieces, and the other side held back meanwhile", () => {
  const { clock, below, told } = made(30);
  below.above?.received(Buffer.from("abcdefg"));
  assert.deepEqual(told, ["received abc"]);
  assert.equal(below.paused, true);
  clock.run();
  assert.deepEqual(told, ["received abc", "received def", "received g"]);
  assert.equal(below.paused, false);
});

test("the end comes behind the bytes that came before it", () => {
  const { clock, below, told } = made(10);
  below.above?.received(Buffer.from("ab"));
  below.above?.ended();
  below.above?.closed(new Error("reset"));
  assert.deepEqual(told, ["received a"]);
  clock.run();
  assert.deepEqual(told, ["received a", "received b", "ended", "closed reset"]);
});

test("an end of ours goes behind what was written before it", () => {
  const { clock, below, transport } = made(10);
  transport.write("ab");
  transport.end();
  assert.deepEqual(below.seen, ["write a"]);
  clock.run();
  assert.deepEqual(below.seen, ["write a", "write b", "end"]);
  transport.end();
  assert.equal(below.seen.at(-1), "end");
});

for (const how of ["destroy", "reset"] as const) {
  test(`${how}() leaves neither bytes nor timers behind`, () => {
    const { clock, below, transport, told } = made(10);
    transport.write("abc");
    below.above?.received(Buffer.from("abc"));
    transport[how]();
    assert.equal(clock.waiting, 0);
    assert.deepEqual(below.seen, ["write a", how]);
    assert.deepEqual(told, ["received a"]);
  });
}

test("a reader's pause outlasts the throttle's own", () => {
  const { clock, below, transport } = made(10);
  below.above?.received(Buffer.from("ab"));
  transport.pause();
  clock.run();
  assert.equal(below.paused, true);
  transport.resume();
  assert.equal(below.paused, false);
});

test("a connection that is slow by itself drains when it says so", () => {
  const { below, transport, told } = made(1_000_000);
  below.flowing = false;
  assert.equal(transport.write("abc"), false);
  assert.deepEqual(told, []);
  below.above?.drained();
  assert.deepEqual(told, ["drained"]);
});

test("an idle second is not saved up for later", () => {
  const { clock, below, transport } = made(10);
  transport.write("a");
  clock.time += 1000;
  transport.write("bcd");
  assert.deepEqual(below.seen, ["write a", "write b"]);
});

test("the rate is kept on average, however late timers are, with ten of them in a second at most", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 0, max: 500 }),
      (rate, sizes, late) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        fc.pre(total / rate < 1000);
        const { clock, below, transport } = made(rate);
        const started = clock.time;
        for (const size of sizes) transport.write(Buffer.alloc(size));
        const timers = clock.run(late);
        assert.equal(below.sent, total);
        const seconds = (clock.time - started) / 1000;
        // The last piece leaves when its time begins; the last timer may have been late.
        const piece = Math.max(1, rate / 10);
        assert.ok(seconds >= (total - piece) / rate - 0.001, `${seconds} s are too few`);
        assert.ok(seconds <= total / rate + late / 1000 + 0.001, `${seconds} s are too many`);
        assert.ok(timers <= Math.ceil(total / Math.floor(piece)) + sizes.length);
      },
    ),
  );
});
