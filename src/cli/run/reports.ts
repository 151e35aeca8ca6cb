// Files that a run leaves behind: reports, cookies, curl commands. A file appears when it is whole; what a report that
// was there holds stays in it.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatNetscapeCookies } from "../../client/cookies/netscape-file.ts";
import { CookieStore } from "../../client/cookies/store.ts";
import { jsonReport } from "../../suite/report/json.ts";
import type { ReportFile } from "../../suite/report/report-file.ts";
import { tapReport } from "../../suite/report/tap.ts";
import type { FileOutcome } from "../../suite/run/outcome.ts";
import { CommandError } from "../exit-codes.ts";
import { RUN_EXIT } from "./exit-codes.ts";
import type { RunFlags } from "./flags.ts";
import { checkWritable, isKept, writeWhole } from "./whole-file.ts";

/** Finds out before anything is sent whether the reports can be added to what is there. Throws CommandError. */
export async function checkReports(flags: RunFlags): Promise<void> {
  for (const { make } of await reportsOf(flags)) for (const [path] of await make([])) await check(path);
  const { cookieJar, curl, output } = flags;
  for (const path of [cookieJar, curl, typeof output === "string" && output !== "-" ? output : undefined])
    if (path !== undefined) await check(path);
}

async function check(path: string): Promise<void> {
  await checkWritable(path).catch((error: Error) => {
    throw unusable(`Cannot write ${JSON.stringify(path)}: ${error.message}`, error);
  });
}

/** Whether more of the outcomes is wanted than what is printed. */
export function wantsBodies({ reportHtml, reportJson, curl }: RunFlags): boolean {
  return reportHtml !== undefined || reportJson !== undefined || curl !== undefined;
}

/** Writes all of them, and only then throws CommandError for those that could not be written. */
export async function writeReports(flags: RunFlags, outcomes: readonly FileOutcome[]): Promise<void> {
  const { cookieJar, curl } = flags;
  const writings = (await reportsOf(flags)).map(({ make }) => async () => {
    for (const [path, content] of await make(outcomes)) await write(path, content);
  });
  if (cookieJar !== undefined) writings.push(() => write(cookieJar, cookieFile(outcomes), FOR_ME_ONLY));
  if (curl !== undefined) writings.push(() => write(curl, curlCommands(outcomes), FOR_ME_ONLY));
  const problems: string[] = [];
  for (const writing of writings) {
    await writing().catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      problems.push(error.message);
    });
  }
  if (problems.length > 0) throw new CommandError(RUN_EXIT.runtime, problems.join("\n"));
}

/** The mode of a new file that may hold credentials. */
const FOR_ME_ONLY = 0o600;

interface Report {
  /** The files of the report, with what is in those that are there; the one that names the others comes last. */
  readonly make: (
    outcomes: readonly FileOutcome[],
  ) => Promise<(readonly [path: string, content: string | Uint8Array])[]>;
}

/** The libraries behind a report are loaded when it is wanted. */
async function reportsOf({ reportHtml, reportJson, reportJunit, reportTap }: RunFlags): Promise<Report[]> {
  const reports: Report[] = [];
  if (reportJunit !== undefined) {
    const { junitReport } = await import("../../suite/report/junit.ts");
    const make: Report["make"] = async (outcomes) => {
      return [[reportJunit, await adding(reportJunit, (before) => junitReport(outcomes, before))]];
    };
    reports.push({ make });
  }
  if (reportTap !== undefined) {
    const make: Report["make"] = async (outcomes) => {
      return [[reportTap, await adding(reportTap, (before) => tapReport(outcomes, before))]];
    };
    reports.push({ make });
  }
  if (reportJson !== undefined) {
    const index = await indexOf(reportJson, "report.json");
    const make: Report["make"] = async (outcomes) => {
      const { report, files } = await adding(index, (before) => jsonReport(outcomes, before));
      return [...inFolder(reportJson, files), [index, report]];
    };
    reports.push({ make });
  }
  if (reportHtml !== undefined) {
    const { htmlReport } = await import("../../suite/report/html.ts");
    const index = await indexOf(reportHtml, "index.html");
    const make: Report["make"] = async (outcomes) => {
      const files = await adding(index, (before) => htmlReport(outcomes, before));
      return inFolder(reportHtml, files.toReversed());
    };
    reports.push({ make });
  }
  return reports;
}

async function indexOf(folder: string, name: string): Promise<string> {
  const facts = await stat(folder).catch(() => undefined);
  if (facts?.isDirectory() === false)
    throw new CommandError(
      RUN_EXIT.usage,
      `Cannot write a report to ${JSON.stringify(folder)}: it is no folder`,
    );
  return join(folder, name);
}

function inFolder(
  folder: string,
  files: readonly ReportFile[],
): (readonly [path: string, content: string | Uint8Array])[] {
  return files.map(([name, content]) => [join(folder, name), content]);
}

async function adding<R>(path: string, make: (before: string) => R): Promise<R> {
  const before = await existing(path);
  try {
    return make(before);
  } catch (error) {
    throw unusable(`${path}: ${(error as Error).message}`, error);
  }
}

async function existing(path: string): Promise<string> {
  try {
    if (!(await isKept(path))) return "";
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw unusable(`Cannot read ${JSON.stringify(path)}: ${(error as Error).message}`, error);
  }
}

async function write(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  try {
    await writeWhole(path, content, mode);
  } catch (error) {
    throw unusable(`Cannot write ${JSON.stringify(path)}: ${(error as Error).message}`, error);
  }
}

/** Of all files; what a later one set wins. */
function cookieFile(outcomes: readonly FileOutcome[]): Uint8Array {
  const store = new CookieStore();
  for (const { cookies } of outcomes) for (const cookie of cookies) store.add(cookie);
  return formatNetscapeCookies([{ cookies: store.all() }]);
}

function curlCommands(outcomes: readonly FileOutcome[]): string {
  const commands = outcomes.flatMap(({ entries, redact }) =>
    entries.flatMap(({ curl }) => (curl === undefined ? [] : [redact(curl)])),
  );
  return commands.map((command) => `${command}\n`).join("");
}

function unusable(message: string, cause: unknown): CommandError {
  return new CommandError(RUN_EXIT.usage, message, { cause });
}
