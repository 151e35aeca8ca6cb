// How a file is run: what the command line says for all its entries. An entry's own [Options] come on top.

import type { Value } from "../values/value.ts";
import type { Call, EntryOutcome, FileOutcome, StoredCookie } from "./outcome.ts";

export type Verbosity = "quiet" | "brief" | "verbose" | "debug";

/** What holds for one entry. Times in milliseconds, 0 for no limit. Names as in Hurl's [Options]. */
export interface EntryOptions {
  readonly awsSigv4: string | undefined;
  readonly cacert: string | undefined;
  readonly cert: string | undefined;
  readonly compressed: boolean;
  readonly connectTimeout: number;
  readonly connectTo: readonly string[];
  /** Whether the kept cookies are sent and added to. */
  readonly cookieStore: boolean;
  readonly delay: number;
  readonly digest: boolean;
  /** `Name: value`, in addition to the request's own. */
  readonly headers: readonly string[];
  readonly http: "1.0" | "1.1";
  readonly insecure: boolean;
  readonly ipFamily: 4 | 6 | undefined;
  readonly key: string | undefined;
  /** Bytes a second; 0 for no limit. */
  readonly limitRate: number;
  readonly location: boolean;
  readonly locationTrusted: boolean;
  readonly maxRedirects: number;
  readonly maxTime: number;
  readonly netrc: "no" | "optional" | "required";
  readonly netrcFile: string | undefined;
  readonly output: string | undefined;
  readonly pathAsIs: boolean;
  readonly pinnedPublicKey: string | undefined;
  readonly proxy: string | undefined;
  readonly repeat: number;
  readonly resolve: readonly string[];
  readonly retry: number;
  readonly retryInterval: number;
  readonly skip: boolean;
  readonly unixSocket: string | undefined;
  readonly user: string | undefined;
  readonly verbosity: Verbosity;
}

export const DEFAULT_OPTIONS: EntryOptions = {
  awsSigv4: undefined,
  cacert: undefined,
  cert: undefined,
  compressed: false,
  connectTimeout: 10_000,
  connectTo: [],
  cookieStore: true,
  delay: 0,
  digest: false,
  headers: [],
  http: "1.1",
  insecure: false,
  ipFamily: undefined,
  key: undefined,
  limitRate: 0,
  location: false,
  locationTrusted: false,
  maxRedirects: 50,
  maxTime: 300_000,
  netrc: "no",
  netrcFile: undefined,
  output: undefined,
  pathAsIs: false,
  pinnedPublicKey: undefined,
  proxy: undefined,
  repeat: 1,
  resolve: [],
  retry: 0,
  retryInterval: 1000,
  skip: false,
  unixSocket: undefined,
  user: undefined,
  verbosity: "quiet",
};

/** How to tell of an entry. */
export interface Telling {
  readonly options: EntryOptions;
  /** Everything that is shown goes through this. */
  readonly redact: (text: string) => string;
}

/** Told of a run's steps as they happen. */
export interface RunListener {
  /** An entry begins; of a repeated or tried again one, each time. `last`: the number of the last entry to run. */
  entryStarted?(index: number, last: number, telling: Telling): void;
  /** A request was answered, and its body has come. */
  called?(call: Call, telling: Telling): void;
  entryEnded?(outcome: EntryOutcome, telling: Telling): void;
  /** Something that a reader of verbose output wants to know. */
  note?(text: string, telling: Telling): void;
  /** The signal has ended the run within an entry, which is the last of the outcome. */
  interrupted?(outcome: FileOutcome): void;
}

export interface RunSettings {
  readonly options: EntryOptions;
  readonly variables: ReadonlyMap<string, Value>;
  /** Variables, too, that are struck out wherever they would be shown. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The folder that file names in the test file are relative to, and stay in. */
  readonly fileRoot: string;
  /** Entries to run, from 1, both included. */
  readonly fromEntry: number;
  readonly toEntry: number;
  readonly continueOnError: boolean;
  readonly asserts: boolean;
  /** Whether cookies are kept from one entry to the next. */
  readonly cookieStore: boolean;
  readonly cookies: readonly StoredCookie[];
  readonly userAgent: string | undefined;
  /** Bytes an answer's body may have; 0 for no limit. */
  readonly maxFilesize: number;
  /** Whether the outcome has every body, every capture and every curl command (default), or those of failed entries and the last. */
  readonly keepBodies?: boolean;
  /** Hosts that are spoken to without the proxy; default: what the environment says. */
  readonly noProxy: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  /** Where `output: -` goes. */
  readonly print: (bytes: Uint8Array) => void;
}
