// Taking away rows whose time is over, some time after readers have ceased to see them.

import type { Plan } from "../planning.ts";
import type { Step } from "../table.ts";
import type { Environment } from "./environment.ts";
import { expiredKeys, nextExpiry } from "./reading.ts";

/** Rows that are swept in one transaction: who reads waits while they are chosen. */
const AT_ONCE = 1000;
/** Milliseconds until the next ones, when there are more. */
const SOON = 10;
/** Milliseconds between two looks: short enough for those who watch, long enough to sweep many at once. */
const SOONEST = 100;
/** The same: other processes put rows too, and do not tell. */
const LATEST = 1000;

/** Plans something, and writes it. */
export type Commit = <T>(bytes: number, add: (plan: Plan) => T) => Promise<T>;

export class Sweeper {
  readonly #environment: Environment;
  readonly #commit: Commit;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(environment: Environment, commit: Commit, now: () => number) {
    this.#environment = environment;
    this.#commit = commit;
    this.#now = now;
    this.#plan(SOONEST);
  }

  /** Sweeps in time for what has been put. */
  expect(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind !== "put" || step.row.expires === undefined) continue;
      this.#plan(step.row.expires - this.#now());
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #plan(wait: number, soonest = SOONEST): void {
    const delay = Math.min(Math.max(wait, soonest), LATEST);
    const at = performance.now() + delay;
    if (at >= this.#at || this.#stopped) return;
    this.#at = at;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sweep(), delay).unref();
  }

  async #sweep(): Promise<void> {
    this.#at = Number.POSITIVE_INFINITY;
    let wait = LATEST;
    let isBehind = false;
    try {
      this.#environment.refresh();
      const next = nextExpiry(this.#environment) ?? Number.POSITIVE_INFINITY;
      wait = next - this.#now();
      if (wait <= 0) {
        // Chosen when it is their turn: another process may have swept them by then.
        await this.#commit(0, (plan) => {
          const keys = expiredKeys(this.#environment, this.#now(), AT_ONCE);
          isBehind = keys.length === AT_ONCE;
          plan.sweep(keys);
        });
      }
    } catch {
      // Nobody waits for this, readers do not see the rows, and it is tried again; who writes is told what is amiss.
      wait = LATEST;
      isBehind = false;
    }
    this.#plan(wait, isBehind ? SOON : SOONEST);
  }
}
