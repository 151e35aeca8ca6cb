// `sockeye run` from its inputs to its exit code: reads, runs, prints, reports.

import { availableParallelism } from "node:os";
import { FORMS, type Form } from "../../message/as/forms.ts";
import { hurlJson } from "../../suite/hurl/json.ts";
import { printHurlError } from "../../suite/hurl/print-error.ts";
import { failuresOf, failureText } from "../../suite/report/failures.ts";
import type { FailureLook } from "../../suite/report/print-failure.ts";
import { fileSummary, runSummary, type SummaryPainter } from "../../suite/report/summary.ts";
import type { Call, EntryOutcome, FileOutcome, SuiteFile } from "../../suite/run/outcome.ts";
import { runFile } from "../../suite/run/run-file.ts";
import type { Telling } from "../../suite/run/settings.ts";
import { shownCall } from "../../suite/run/shown-call.ts";
import { withoutSuccesses } from "../../suite/run/without-bodies.ts";
import { printable } from "../../text/printable.ts";
import { CommandError } from "../exit-codes.ts";
import { type Output, streamOutput } from "../output.ts";
import { goOnWithoutReader } from "../standard-output.ts";
import { type Painter, painter, wantsColor } from "../terminal.ts";
import { exitCodeOf, RUN_EXIT } from "./exit-codes.ts";
import type { RunFlags } from "./flags.ts";
import { type Input, parseInputs, readInputs, type Unreadable } from "./inputs.ts";
import { inParallel, repeated } from "./jobs.ts";
import { RunLog } from "./log.ts";
import { ProgressBar } from "./progress-bar.ts";
import { checkReports, wantsBodies, writeReports } from "./reports.ts";
import { printResult } from "./result-output.ts";
import { type SharedSettings, sharedSettings } from "./settings.ts";

/** Runs the files and returns the exit code. Throws CommandError, whose message commands no terminal. */
export async function runCommandLine(names: readonly string[], flags: RunFlags): Promise<number> {
  try {
    return await runAll(names, flags);
  } catch (error) {
    throw error instanceof CommandError ? withPrintableMessage(error) : error;
  }
}

/** Names of files and values of options are in it. */
function withPrintableMessage(error: CommandError): CommandError {
  return new CommandError(error.exitCode, printable(error.message), { cause: error });
}

async function runAll(names: readonly string[], flags: RunFlags): Promise<number> {
  // Whether the tests hold does not depend on who reads the bodies.
  goOnWithoutReader();
  const inputs = await readInputs(names, flags.glob ?? [], process.stdin);
  const settings = await sharedSettings(flags, process.env);
  const given = new Set([...settings.variables.keys(), ...settings.secrets.keys()]);
  const { files, unreadable } = parseInputs(inputs, given);
  const paint = painter(flags.color ?? wantsColor(process.stderr));
  if (unreadable.length > 0) {
    for (const one of unreadable) process.stderr.write(`${syntaxError(one, paint)}\n`);
    return RUN_EXIT.parse;
  }
  const out = streamOutput(process.stdout);
  if (flags.ast === true) {
    for (const { tree } of files) await out.write(hurlJson(tree));
    return RUN_EXIT.ok;
  }
  await checkReports(flags);
  const run = new Run(files, inputs, flags, settings, paint, out);
  return run.all();
}

class Run {
  readonly #files: readonly SuiteFile[];
  readonly #inputs: readonly Input[];
  readonly #flags: RunFlags;
  readonly #settings: SharedSettings;
  readonly #paint: Painter;
  readonly #out: Output;
  readonly #outcomes: FileOutcome[] = [];
  readonly #abort = new AbortController();
  readonly #bar: ProgressBar;
  #formsPrinted = 0;

  constructor(
    files: readonly SuiteFile[],
    inputs: readonly Input[],
    flags: RunFlags,
    settings: SharedSettings,
    paint: Painter,
    out: Output,
  ) {
    this.#files = files;
    this.#inputs = inputs;
    this.#flags = flags;
    this.#settings = settings;
    this.#paint = paint;
    this.#out = out;
    const shown = flags.test === true && (flags.progressBar === true || process.stderr.isTTY === true);
    this.#bar = new ProgressBar(
      shown ? process.stderr : undefined,
      files.length * (flags.repeat ?? 1),
      paint,
    );
  }

  async all(): Promise<number> {
    const { test, parallel, repeat = 1, jobs = availableParallelism() } = this.#flags;
    const atOnce = test === true || parallel === true ? Math.min(jobs, this.#files.length * repeat) : 1;
    const started = performance.now();
    let fault: { readonly error: unknown } | undefined;
    const interrupt = (): void => {
      // Whoever presses it twice will not wait for anything.
      if (this.#abort.signal.aborted) process.exit(RUN_EXIT.interrupted);
      this.#abort.abort(INTERRUPTED);
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    try {
      const indexes = repeated([...this.#files.keys()], repeat);
      await inParallel(indexes, atOnce, (file, job) => this.#one(file, job));
    } catch (error) {
      if (error !== INTERRUPTED) fault = { error };
    } finally {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
      this.#bar.clear();
    }
    const outcomes = this.#outcomes.filter((outcome) => outcome !== undefined);
    if (test === true) process.stderr.write(runSummary(outcomes, performance.now() - started));
    // Whatever went wrong: what has been run is told of.
    await writeReports(this.#flags, outcomes);
    if (fault !== undefined) throw fault.error;
    return this.#abort.signal.aborted ? RUN_EXIT.interrupted : exitCodeOf(outcomes);
  }

  async #one(index: number, job: number): Promise<void> {
    const file = this.#files[index] as SuiteFile;
    const { folder } = this.#inputs[index] as Input;
    const { test, fileRoot } = this.#flags;
    let interrupted: FileOutcome | undefined;
    const alone = test !== true && this.#flags.parallel !== true;
    // What several files say at once must not be mixed.
    const said: string[] = [];
    const say = alone
      ? (text: string) => void process.stderr.write(text)
      : (text: string) => void said.push(text);
    const log = new RunLog(say, this.#paint);
    this.#bar.started(job, file.name);
    const running = runFile(file, {
      ...this.#settings,
      fileRoot: fileRoot ?? folder,
      signal: this.#abort.signal,
      print: (bytes) => void this.#out.write(bytes),
      listener: {
        entryStarted: (entry, last, telling) => {
          this.#bar.entry(job, entry, last);
          log.entryStarted(entry, last, telling);
        },
        called: (call, telling) => {
          this.#inForm(call, telling);
          log.called(call, telling);
        },
        entryEnded: (entry, telling) => log.entryEnded(entry, telling),
        note: (text, telling) => log.note(text, telling),
        interrupted: (outcome) => {
          interrupted = outcome;
        },
      },
    });
    try {
      await this.#ended(await running, job, said.join(""));
    } catch (error) {
      if (interrupted !== undefined) await this.#ended(interrupted, job, said.join(""));
      throw error;
    }
  }

  async #ended(outcome: FileOutcome, job: number, said: string): Promise<void> {
    this.#bar.ended(job);
    this.#outcomes[job] = wantsBodies(this.#flags) ? outcome : withoutSuccesses(outcome);
    process.stderr.write(said + this.#failures(outcome));
    if (this.#flags.test === true)
      process.stderr.write(`${fileSummary(outcome, summaryPainter(this.#paint))}\n`);
    else await printResult(outcome, this.#flags, this.#out);
  }

  /** The request as --as wants it. */
  #inForm(call: Call, { options, redact }: Telling): void {
    const { as } = this.#flags;
    if (as === undefined) return;
    const text = redact(FORMS[as](shownCall(call, options, redact)));
    const before = this.#formsPrinted++ === 0 ? "" : BETWEEN[as];
    void this.#out.write(`${before}${text.replace(/\n$/, "")}\n`);
  }

  #failures(outcome: FileOutcome): string {
    const look = failureLook(this.#paint);
    const { errorFormat } = this.#flags;
    const failures = failuresOf(outcome);
    const texts = failures.map((one, index) => {
      const text = `${failureText(one, outcome, look)}\n`;
      const more = failures[index + 1]?.entry === one.entry;
      return errorFormat !== "long" || more ? text : text + this.#lastAnswer(one.entry, outcome);
    });
    return texts.join("");
  }

  /** What came last of an entry, below what is wrong with it; nothing when nothing came. */
  #lastAnswer({ calls }: EntryOutcome, { redact }: FileOutcome): string {
    const lines: string[] = [];
    const log = new RunLog((text) => void lines.push(text), this.#paint);
    const last = calls.at(-1);
    if (last === undefined) return "";
    log.answer(last.response, redact);
    return `${lines.join("")}\n`;
  }
}

/** What stands between two requests, so that all of them together are a file of the form. */
const BETWEEN: Readonly<Record<Form, string>> = { curl: "", httpie: "", hurl: "\n", http: "\n###\n\n" };

const INTERRUPTED = new Error("Cannot go on: the run was interrupted");

function syntaxError({ input, error }: Unreadable, paint: Painter): string {
  return printHurlError(error, input.name, input.text, failureLook(paint));
}

function failureLook(paint: Painter): FailureLook {
  return {
    language: readerLanguage(process.env),
    title: (text) => paint("bold", text),
    frame: (text) => paint("blue", text),
    problem: (text) => paint("red", text),
    missing: (text) => paint("red", text),
    present: (text) => paint("green", text),
  };
}

/** As the locale has it (POSIX: the first of these that is set and not empty). */
function readerLanguage({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): "en" | "ko" {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((one) => one !== undefined && one !== "");
  return /^ko(?:$|[_.@-])/i.test(locale ?? "") ? "ko" : "en";
}

function summaryPainter(paint: Painter): SummaryPainter {
  return {
    name: (text) => paint("bold", text),
    success: (text) => paint("green", text),
    failure: (text) => paint("red", text),
  };
}
