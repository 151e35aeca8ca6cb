// The time of packets: nanoseconds that never go back.

import type { Instant } from "../model.ts";

export interface TapClock {
  /** What `now` counts from. */
  readonly origin: Instant;
  /** Nanoseconds since the origin, as a whole number; never less than before. */
  now(): number;
  /** Is called now and then, to put right what has gone wrong with the time meanwhile. */
  correct(): void;
}

/** Milliseconds by which the time of day may be ahead before it is followed. */
const TOLERATED = 1000;

/** The system's clock: the time of day at the start, and a monotonic clock from there. */
export function systemClock(): TapClock {
  const start = performance.now();
  // timeOrigin is exact, unless the machine has slept or its clock was set since the process began.
  const expected = performance.timeOrigin + start;
  const slip = Date.now() - expected;
  const begun = Math.abs(slip) < 2 ? expected : expected + slip;
  let lead = -start;
  return {
    origin: BigInt(Math.round(begun * 1000)) * 1000n,
    now: () => Math.round((performance.now() + lead) * 1e6),
    correct() {
      // A monotonic clock may stand still while the machine sleeps. Backwards it is never put.
      const ahead = Date.now() - begun - (performance.now() + lead);
      if (ahead > TOLERATED) lead += ahead;
    },
  };
}
