// What came of running a file: the one thing that the runner makes and that reports, printing and exit codes read.

import type { StoredCookie } from "../../client/cookies/store.ts";
import type { Timing } from "../../client/options.ts";
import type { PeerCertificate } from "../../net/certificate.ts";
import type { Endpoint } from "../../net/transport.ts";
import type { Fields } from "../../protocol/fields.ts";
import type { Version } from "../../protocol/start-line.ts";
import type { Failure } from "../failure.ts";
import type { HurlFile, Span } from "../hurl/tree.ts";
import type { Value } from "../values/value.ts";

export type { StoredCookie };

/** A file to run: `name` as it was given, for messages. */
export interface SuiteFile {
  readonly name: string;
  readonly text: string;
  readonly tree: HurlFile;
}

export interface FileOutcome {
  readonly file: SuiteFile;
  readonly entries: readonly EntryOutcome[];
  /** Requests of runs that are not in `entries` any more, of which there were too many. Default 0. */
  readonly forgotten?: number;
  readonly success: boolean;
  readonly startedAt: Date;
  /** Milliseconds. */
  readonly duration: number;
  /** What was in the cookie store at the end. */
  readonly cookies: readonly StoredCookie[];
  /** What is secret in all of it: everything that is printed goes through this. */
  readonly redact: (text: string) => string;
}

/** One run of an entry; one that is tried or repeated several times has several. */
export interface EntryOutcome {
  /** In the file, from 1. */
  readonly index: number;
  /** Of its request. */
  readonly source: Span;
  /** The request, and those that redirects led to. Empty when nothing was sent. */
  readonly calls: readonly Call[];
  readonly captures: readonly { readonly name: string; readonly value: Value }[];
  /** Of the response line, headers and body as well as of [Asserts], in the file's order. */
  readonly asserts: readonly { readonly source: Span; readonly failure: Failure | undefined }[];
  /** Everything that went wrong, failed asserts included. */
  readonly failures: readonly Failure[];
  /** Whether this run was followed by another try. */
  readonly retried: boolean;
  /** Milliseconds that its calls took. */
  readonly duration: number;
  /** The first call as a curl command, without what is secret; undefined, too, where bodies are not kept. */
  readonly curl: string | undefined;
}

/** One request and its answer. */
export interface Call {
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** As it was sent, with every CRLF; a character for each byte. */
    readonly head: string;
    readonly fields: Fields;
    readonly body: Uint8Array;
  };
  readonly response: CallResponse;
  readonly startedAt: Date;
  readonly timing: Timing;
}

export interface CallResponse {
  readonly url: string;
  readonly version: Version;
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  /** As it came, its content codings not undone. */
  readonly rawBody: Uint8Array;
  /** With its content codings undone; as it came when they cannot be, and `undecoded` says why. */
  readonly body: Uint8Array;
  readonly undecoded: string | undefined;
  readonly remote: Endpoint;
  readonly certificate: PeerCertificate | undefined;
  /** Milliseconds from the request to the answer's end. */
  readonly duration: number;
}
