// One entry, run once: its request is built and sent, then its answer is held against what the file says of it.

import { AwsSigv4Error } from "../../client/auth/aws-sigv4.ts";
import { basicAuthorization } from "../../client/auth/basic.ts";
import type { CookieStore } from "../../client/cookies/store.ts";
import { ClientError, type ClientErrorCode } from "../../client/errors.ts";
import { asCurl } from "../../message/as/curl.ts";
import { Failure, type FailureCode } from "../failure.ts";
import type { Entry } from "../hurl/tree.ts";
import { Answer } from "./answer.ts";
import { type AssertOutcome, assertResponseLine, assertRest } from "./asserts.ts";
import { credentialsOf } from "./authorization.ts";
import { buildRequest } from "./build-request.ts";
import { captureAll } from "./captures.ts";
import type { Context } from "./context.ts";
import { exchange } from "./exchange.ts";
import { optionSource } from "./options.ts";
import type { Call, EntryOutcome } from "./outcome.ts";
import type { Secrets } from "./secrets.ts";
import type { EntryOptions, RunSettings } from "./settings.ts";
import { shownCall } from "./shown-call.ts";
import type { Wire } from "./wire.ts";

/** What the entries of a file share. */
export interface FileSession {
  readonly settings: RunSettings;
  readonly context: Context;
  readonly secrets: Secrets;
  readonly cookies: CookieStore | undefined;
  readonly wire: Wire;
}

/** Throws only what is no fault of the file's, such as the reason of an aborted signal. */
export async function runEntry(
  entry: Entry,
  index: number,
  options: EntryOptions,
  session: FileSession,
): Promise<EntryOutcome> {
  const calls: Call[] = [];
  const captures: EntryOutcome["captures"][number][] = [];
  const asserts: AssertOutcome[] = [];
  const failures: Failure[] = [];
  const { redact } = session.secrets;
  const tell = (call: Call): void => session.settings.listener.called?.(call, { options, redact });
  // What is a secret once it is captured must not be told of before.
  const late = capturesSecrets(entry);
  try {
    await callAll(entry, options, session, (call) => {
      calls.push(call);
      if (!late) tell(call);
    });
    examine(entry, calls, session, captures, asserts);
    for (const { failure } of asserts) if (failure !== undefined) failures.push(failure);
  } catch (error) {
    failures.push(asFailure(error, entry, session.settings.signal));
  }
  if (late) for (const call of calls) tell(call);
  return {
    index,
    source: entry.request.source,
    calls,
    captures,
    asserts,
    failures,
    retried: false,
    duration: calls.reduce((sum, call) => sum + call.response.duration, 0),
    get curl() {
      const [first] = calls;
      return first === undefined ? undefined : asCurl(shownCall(first, options, redact));
    },
  };
}

function capturesSecrets({ response }: Entry): boolean {
  const sections = response?.sections ?? [];
  return sections.some(
    (section) => section.kind === "captures" && section.items.some((capture) => capture.redact),
  );
}

/** `answered` is called for each that was answered, whatever happens then. */
async function callAll(
  { request }: Entry,
  options: EntryOptions,
  { settings, context, secrets, cookies, wire }: FileSession,
  answered: (call: Call) => void,
): Promise<void> {
  const built = buildRequest(request, context);
  const source = request.url.source;
  const credentials = await credentialsOf(built.user, built.url, options, settings, source);
  // In this form, too, a secret is one.
  const pair = credentials && `${credentials.user}:${credentials.password}`;
  if (pair !== undefined && secrets.has(pair)) secrets.add(basicAuthorization(pair).slice("Basic ".length));
  await exchange({
    built,
    options,
    userAgent: settings.userAgent,
    credentials,
    cookies: options.cookieStore ? cookies : undefined,
    wire,
    source,
    answered,
  });
}

function examine(
  { response }: Entry,
  calls: readonly Call[],
  { settings, context, secrets }: FileSession,
  captures: EntryOutcome["captures"][number][],
  asserts: AssertOutcome[],
): void {
  if (response === undefined) return;
  const answer = Answer.make(calls.map((call) => call.response));
  if (settings.asserts) {
    asserts.push(...assertResponseLine(response, answer));
    if (asserts.some(({ failure }) => failure !== undefined)) return;
  }
  for (const captured of captureAll(response, answer, context, secrets)) captures.push(captured);
  if (settings.asserts) asserts.push(...assertRest(response, answer, context));
}

const CODES: { readonly [code in ClientErrorCode]?: FailureCode } = {
  OPTION_INVALID: "OPTION",
  TLS_MATERIAL: "OPTION",
  URL_INVALID: "INVALID_URL",
};

function asFailure(error: unknown, { request }: Entry, signal: AbortSignal): Failure {
  if (signal.aborted) throw signal.reason;
  if (error instanceof Failure) return error;
  if (error instanceof AwsSigv4Error)
    return new Failure("OPTION_VALUE", optionSource(request, "aws-sigv4"), error.message, { cause: error });
  if (error instanceof ClientError) {
    const code = CODES[error.code] ?? "HTTP_CONNECTION";
    return new Failure(code, request.url.source, error.message, { cause: error });
  }
  throw error;
}
