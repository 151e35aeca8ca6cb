// A file, run from its first entry to its last: each one skipped, repeated, delayed and tried again as it says.

import { setTimeout as sleep } from "node:timers/promises";
import { CookieStore } from "../../client/cookies/store.ts";
import { Failure } from "../failure.ts";
import type { Entry } from "../hurl/tree.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";
import { entryOptions } from "./options.ts";
import type { EntryOutcome, FileOutcome, SuiteFile } from "./outcome.ts";
import { writeOutput } from "./output.ts";
import { type FileSession, runEntry } from "./run-entry.ts";
import { Secrets } from "./secrets.ts";
import type { EntryOptions, RunSettings, Telling } from "./settings.ts";
import { Wire } from "./wire.ts";

/** An entry that is repeated without end must not fill the memory: so many of its runs are kept. */
const MOST_RUNS_KEPT = 10_000;

/**
 * Runs a file. What goes wrong is in the outcome; it rejects only with the reason of an aborted signal, and for
 * faults of the program's own.
 */
export async function runFile(file: SuiteFile, settings: RunSettings): Promise<FileOutcome> {
  const startedAt = new Date();
  const started = performance.now();
  const secrets = new Secrets();
  const cookies = settings.cookieStore ? new CookieStore() : undefined;
  for (const cookie of settings.cookies) cookies?.add(cookie);
  const context = new Context(new FileAccess(settings.fileRoot), settings.variables, settings.environment);
  for (const [name, value] of settings.secrets) {
    context.set(name, { kind: "string", value });
    secrets.add(value);
  }
  const wire = new Wire(settings);
  const run = new FileRun(file, { settings, context, secrets, cookies, wire });
  try {
    const success = await run.all();
    return {
      file,
      entries: run.outcomes,
      success,
      startedAt,
      duration: performance.now() - started,
      cookies: cookies?.all() ?? [],
      redact: secrets.redact,
    };
  } finally {
    await wire.close();
  }
}

class FileRun {
  readonly outcomes: EntryOutcome[] = [];
  readonly #file: SuiteFile;
  readonly #session: FileSession;

  constructor(file: SuiteFile, session: FileSession) {
    this.#file = file;
    this.#session = session;
  }

  /** True when nothing failed. */
  async all(): Promise<boolean> {
    const { settings } = this.#session;
    const { entries } = this.#file.tree;
    const last = Math.min(settings.toEntry, entries.length);
    let success = true;
    for (let index = settings.fromEntry; index <= last; index++) {
      if (await this.#entry(entries[index - 1] as Entry, index, last)) continue;
      success = false;
      if (!settings.continueOnError) break;
    }
    return success;
  }

  async #entry(entry: Entry, index: number, last: number): Promise<boolean> {
    const { settings, context } = this.#session;
    const { listener } = settings;
    let options: EntryOptions;
    try {
      options = entryOptions(settings.options, entry.request, context);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#keep(notRun(entry, index, error), settings.options);
      return false;
    }
    if (options.skip) {
      listener.note?.(`Entry ${index} is skipped`, this.#telling(options));
      return true;
    }
    let success = true;
    for (let round = 1; round <= options.repeat; round++) {
      if (options.repeat > 1)
        listener.note?.(
          `Repeat entry ${index}, ${round} of ${amount(options.repeat)}`,
          this.#telling(options),
        );
      if (options.delay > 0) await this.#wait(options.delay);
      if (await this.#tries(entry, index, last, options)) continue;
      success = false;
      if (!settings.continueOnError) break;
    }
    return success;
  }

  /** Runs the entry until it is well, or has been tried often enough. */
  async #tries(entry: Entry, index: number, last: number, options: EntryOptions): Promise<boolean> {
    const { listener } = this.#session.settings;
    const telling = this.#telling(options);
    for (let attempt = 1; ; attempt++) {
      listener.entryStarted?.(index, last, telling);
      const outcome = await runEntry(entry, index, options, this.#session);
      const failed = outcome.failures.length > 0;
      if (!failed || attempt > options.retry) {
        const written = writeOutput(entry, outcome, options, this.#session);
        this.#keep(written, options);
        return written.failures.length === 0;
      }
      this.#keep({ ...outcome, retried: true }, options);
      const which = `${attempt} of ${amount(options.retry)}`;
      listener.note?.(`Retry entry ${index} in ${options.retryInterval} ms, ${which}`, telling);
      await this.#wait(options.retryInterval);
    }
  }

  #telling(options: EntryOptions): Telling {
    return { options, redact: this.#session.secrets.redact };
  }

  #keep(outcome: EntryOutcome, options: EntryOptions): void {
    if (this.outcomes.length >= MOST_RUNS_KEPT) this.outcomes.shift();
    this.outcomes.push(outcome);
    this.#session.settings.listener.entryEnded?.(outcome, this.#telling(options));
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#session.settings;
    await sleep(milliseconds, undefined, { signal }).catch((error: Error) => {
      throw signal.aborted ? signal.reason : error;
    });
  }
}

function amount(count: number): string {
  return count === Number.POSITIVE_INFINITY ? "any number" : String(count);
}

function notRun(entry: Entry, index: number, failure: Failure): EntryOutcome {
  const source = entry.request.source;
  const nothing = { calls: [], captures: [], asserts: [], retried: false, duration: 0, curl: undefined };
  return { index, source, failures: [failure], ...nothing };
}
