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
import { withoutBodies } from "./without-bodies.ts";

/** An entry that is repeated without end must not fill the memory: so many runs are kept, failed ones first. */
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
  const outcome = (success: boolean): FileOutcome => ({
    file,
    entries: run.outcomes,
    forgotten: run.forgotten,
    success,
    startedAt,
    duration: performance.now() - started,
    cookies: cookies?.all() ?? [],
    redact: secrets.redact,
  });
  try {
    return outcome(await run.all());
  } catch (error) {
    if (settings.signal.aborted && error === settings.signal.reason) {
      run.interrupted();
      settings.listener.interrupted?.(outcome(false));
    }
    throw error;
  } finally {
    await wire.close();
  }
}

class FileRun {
  readonly outcomes: EntryOutcome[] = [];
  /** Requests of outcomes that were not kept. */
  forgotten = 0;
  readonly #file: SuiteFile;
  readonly #session: FileSession;
  /** Number of the entry that is being run. */
  #at = 1;
  /** All outcomes before it failed. */
  #firstToForget = 0;

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
      this.#at = index;
      if (await this.#entry(entries[index - 1] as Entry, index, last)) continue;
      success = false;
      if (!settings.continueOnError) break;
    }
    return success;
  }

  /** The last outcome is then that of the entry which could not be run to its end. */
  interrupted(): void {
    const entry = this.#file.tree.entries[this.#at - 1];
    if (entry === undefined) return;
    const failure = new Failure("INTERRUPTED", entry.request.url.source, "the run ended here");
    this.outcomes.push(notRun(entry, this.#at, failure));
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
        const written = writeOutput(entry, outcome, options, this.#session, this.#file.name);
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
    if (this.outcomes.length >= MOST_RUNS_KEPT) this.#forgetOne();
    const before = this.outcomes.at(-1);
    const { keepBodies = true, listener } = this.#session.settings;
    if (!keepBodies && before !== undefined && !isFailed(before))
      this.outcomes[this.outcomes.length - 1] = withoutBodies(before);
    this.outcomes.push(outcome);
    listener.entryEnded?.(outcome, this.#telling(options));
  }

  /** The oldest that did not fail: what failed decides how the run ends. */
  #forgetOne(): void {
    while (isFailed(this.outcomes[this.#firstToForget])) this.#firstToForget++;
    if (this.#firstToForget === this.outcomes.length) this.#firstToForget = 1;
    const [gone] = this.outcomes.splice(this.#firstToForget, 1);
    this.forgotten += gone?.calls.length ?? 0;
  }

  async #wait(milliseconds: number): Promise<void> {
    const { signal } = this.#session.settings;
    await sleep(milliseconds, undefined, { signal }).catch((error: Error) => {
      throw signal.aborted ? signal.reason : error;
    });
  }
}

function isFailed(outcome: EntryOutcome | undefined): boolean {
  return outcome !== undefined && !outcome.retried && outcome.failures.length > 0;
}

function amount(count: number): string {
  return count === Number.POSITIVE_INFINITY ? "any number" : String(count);
}

function notRun(entry: Entry, index: number, failure: Failure): EntryOutcome {
  const source = entry.request.source;
  const nothing = { calls: [], captures: [], asserts: [], retried: false, duration: 0, curl: undefined };
  return { index, source, failures: [failure], ...nothing };
}
