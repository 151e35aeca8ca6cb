// From the options of the command line, and the environment, to how files are run.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseNetscapeCookies } from "../../client/cookies/netscape-file.ts";
import type { StoredCookie } from "../../client/cookies/store.ts";
import { NOT_SPOKEN } from "../../suite/run/options.ts";
import {
  DEFAULT_OPTIONS,
  type EntryOptions,
  type RunSettings,
  type Verbosity,
} from "../../suite/run/settings.ts";
import { parseVariable, parseVariablesFile } from "../../suite/run/variables.ts";
import type { Value } from "../../suite/values/value.ts";
import { CommandError } from "../exit-codes.ts";
import { RUN_EXIT } from "./exit-codes.ts";
import type { RunFlags } from "./flags.ts";
import { wantsBodies } from "./reports.ts";

/** What is the same for all files; what is not is each file's own. */
export type SharedSettings = Omit<RunSettings, "fileRoot" | "listener" | "print" | "signal">;

/** Throws CommandError for options that cannot be used. */
export async function sharedSettings(
  flags: RunFlags,
  environment: NodeJS.ProcessEnv,
): Promise<SharedSettings> {
  const { fromEntry = 1, toEntry = Number.POSITIVE_INFINITY } = flags;
  if (fromEntry > toEntry)
    throw usage(`Cannot run from entry ${fromEntry} to entry ${toEntry}: the first is behind the last`);
  const secrets = await secretsOf(flags, environment);
  const variables = await variablesOf(flags, environment);
  for (const name of secrets.keys())
    if (variables.has(name))
      throw usage(`Cannot use ${name} as a variable and as a secret: name one of them otherwise`);
  return {
    options: entryOptionsOf(flags),
    variables,
    secrets,
    fromEntry,
    toEntry,
    continueOnError: flags.continueOnError === true,
    asserts: flags.assert,
    cookieStore: flags.cookieStore,
    cookies: flags.cookie === undefined ? [] : await cookiesOf(flags.cookie),
    userAgent: flags.userAgent,
    maxFilesize: flags.maxFilesize ?? 0,
    keepBodies: flags.json === true || wantsBodies(flags),
    noProxy: flags.noProxy,
    environment,
  };
}

/** How much a run says on standard error. */
export function verbosityOf(flags: RunFlags): Verbosity {
  if (flags.veryVerbose === true) return "debug";
  return flags.verbosity ?? (flags.verbose === true ? "verbose" : "quiet");
}

function entryOptionsOf(flags: RunFlags): EntryOptions {
  const base = DEFAULT_OPTIONS;
  for (const [name, why] of Object.entries(NOT_SPOKEN))
    if (flags[name as keyof RunFlags] !== undefined) throw usage(`Cannot use --${name}: ${why}`);
  for (const header of flags.header ?? [])
    if (!header.includes(":"))
      throw usage(`Cannot use --header ${JSON.stringify(header)}: it takes NAME:VALUE`);
  return {
    ...base,
    awsSigv4: flags.awsSigv4,
    cacert: fromHere(flags.cacert),
    cert: fromHere(flags.cert),
    compressed: flags.compressed ?? base.compressed,
    connectTimeout: flags.connectTimeout ?? base.connectTimeout,
    connectTo: flags.connectTo ?? base.connectTo,
    delay: flags.delay ?? base.delay,
    digest: flags.digest ?? base.digest,
    headers: flags.header ?? base.headers,
    http: flags["http1.0"] === true ? "1.0" : base.http,
    insecure: flags.insecure ?? base.insecure,
    ipFamily: flags.ipv4 === true ? 4 : flags.ipv6 === true ? 6 : undefined,
    key: fromHere(flags.key),
    limitRate: flags.limitRate ?? base.limitRate,
    location: flags.location === true || flags.locationTrusted === true,
    locationTrusted: flags.locationTrusted ?? base.locationTrusted,
    maxRedirects: flags.maxRedirs ?? base.maxRedirects,
    maxTime: flags.maxTime ?? base.maxTime,
    netrc: netrcOf(flags),
    netrcFile: fromHere(flags.netrcFile),
    pathAsIs: flags.pathAsIs ?? base.pathAsIs,
    pinnedPublicKey: flags.pinnedpubkey?.startsWith("sha256//")
      ? flags.pinnedpubkey
      : fromHere(flags.pinnedpubkey),
    proxy: flags.proxy,
    resolve: flags.resolve ?? base.resolve,
    retry: flags.retry ?? base.retry,
    retryInterval: flags.retryInterval ?? base.retryInterval,
    unixSocket: flags.unixSocket,
    user: flags.user,
    verbosity: verbosityOf(flags),
  };
}

/** Files of the command line are relative to where it was typed, not to the test file. */
function fromHere(file: string | undefined): string | undefined {
  return file === undefined ? undefined : resolve(file);
}

function netrcOf({ netrc, netrcFile, netrcOptional }: RunFlags): EntryOptions["netrc"] {
  if (netrcOptional === true) return "optional";
  return netrc === true || netrcFile !== undefined ? "required" : "no";
}

/** In the environment, in files, on the command line: what comes later wins over the environment only. */
async function variablesOf(
  flags: RunFlags,
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, Value>> {
  const given = new Map<string, Value>();
  for (const file of flags.variablesFile ?? [])
    for (const [name, value] of await named(file, parseVariablesFile)) define(given, name, value, "variable");
  for (const text of flags.variable ?? []) {
    const [name, value] = checked(() => parseVariable(text));
    define(given, name, value, "variable");
  }
  const all = new Map<string, Value>();
  for (const [name, text] of fromEnvironment(environment, "HURL_VARIABLE_"))
    all.set(...checked(() => parseVariable(`${name}=${text}`)));
  for (const [name, value] of given) all.set(name, value);
  return all;
}

async function secretsOf(
  flags: RunFlags,
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, string>> {
  const given = new Map<string, string>();
  const add = ([name, value]: readonly [string, Value]): void => {
    if (value.kind === "string") define(given, name, value.value, "secret");
  };
  for (const file of flags.secretsFile ?? [])
    for (const one of await named(file, (text) => parseVariablesFile(text, false))) add(one);
  for (const text of flags.secret ?? []) add(checked(() => parseVariable(text, false)));
  return new Map([...fromEnvironment(environment, "HURL_SECRET_"), ...given]);
}

function define<V>(all: Map<string, V>, name: string, value: V, what: string): void {
  if (all.has(name)) throw usage(`Cannot define the ${what} ${name} twice`);
  all.set(name, value);
}

function* fromEnvironment(environment: NodeJS.ProcessEnv, prefix: string): Generator<[string, string]> {
  for (const [name, text] of Object.entries(environment))
    if (name.startsWith(prefix) && text !== undefined) yield [name.slice(prefix.length), text];
}

async function cookiesOf(file: string): Promise<StoredCookie[]> {
  return [...(await named(file, parseNetscapeCookies))];
}

async function named<R>(file: string, read: (text: string) => R): Promise<R> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw usage(`Cannot read ${JSON.stringify(file)}: ${why}`, error);
  }
  return checked(() => read(text), `${file}: `);
}

function checked<R>(read: () => R, where: string = ""): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw usage(where + (error as Error).message, error);
  }
}

function usage(message: string, cause?: unknown): CommandError {
  return new CommandError(RUN_EXIT.usage, message, { cause });
}
