// The requests of one entry: with its cookies and credentials, again with a digest when it is asked for, and
// on along redirects. Knows how they follow from each other, not how they are carried.

import type { CookieStore } from "../../client/cookies/store.ts";
import { redirectFields, redirectLocation, redirectMethod, redirectTarget } from "../../client/redirects.ts";
import { type HttpUrl, parseUrl, targetAsWritten } from "../../client/url.ts";
import { Fields } from "../../protocol/fields.ts";
import { fieldBytes, fieldText } from "../../text/field-text.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { answerChallenge, authorize, type Credentials } from "./authorization.ts";
import type { BuiltRequest } from "./build-request.ts";
import { headerOption, userAgentOption } from "./header-option.ts";
import type { Call } from "./outcome.ts";
import { requireUrl } from "./request-url.ts";
import type { EntryOptions } from "./settings.ts";
import type { Wire } from "./wire.ts";

export interface Exchange {
  readonly built: BuiltRequest;
  readonly options: EntryOptions;
  readonly userAgent: string | undefined;
  readonly credentials: Credentials | undefined;
  /** Undefined: no cookies are kept. */
  readonly cookies: CookieStore | undefined;
  readonly wire: Wire;
  /** Of the URL: what goes wrong on the way is said there. */
  readonly source: Span;
  readonly answered: (call: Call) => void;
}

/** One request of the chain. */
interface Hop {
  readonly method: string;
  readonly url: HttpUrl;
  readonly target: string;
  readonly fields: Fields;
  readonly cookies: BuiltRequest["cookies"];
  readonly body: Uint8Array | undefined;
  readonly credentials: Credentials | undefined;
}

/** Makes the requests, and tells of each answer. Throws Failure and ClientError. */
export async function exchange(parts: Exchange): Promise<void> {
  const { options, source } = parts;
  let hop = firstHop(parts);
  for (let redirects = 0; ; ) {
    const { response } = await send(hop, parts);
    const location = options.location ? redirectLocation(response) : undefined;
    if (location === undefined) return;
    if (++redirects > options.maxRedirects) throw tooMany(options.maxRedirects, source);
    hop = nextHop(hop, response.status, followed(location, hop.url, source), options);
  }
}

function firstHop({ built, options, userAgent, credentials, source }: Exchange): Hop {
  const url = parseUrl(built.url);
  const fields = new Fields(built.fields);
  for (const header of options.headers) fields.append(...headerOption(header, source));
  const byDefault = (name: string, value: string | undefined): void => {
    if (value !== undefined && !fields.has(name)) fields.append(name, value);
  };
  byDefault("User-Agent", userAgent === undefined ? undefined : userAgentOption(userAgent, source));
  byDefault("Accept-Encoding", options.compressed ? "gzip, deflate, br, zstd" : undefined);
  byDefault("Content-Type", built.contentType);
  const target = options.pathAsIs ? targetAsWritten(built.url) : url.target;
  return { method: built.method, url, target, fields, cookies: built.cookies, body: built.body, credentials };
}

async function send(hop: Hop, parts: Exchange): Promise<Call> {
  const { options } = parts;
  const first = await sendOnce(hop, authorize(hop, hop.credentials, options), parts);
  if (first.response.status !== 401 || !options.digest || hop.credentials === undefined) return first;
  const again = answerChallenge(first.response.fields, hop, hop.credentials);
  return again === undefined ? first : sendOnce(hop, again, parts);
}

async function sendOnce(
  hop: Hop,
  authorization: Iterable<readonly [string, string]>,
  { options, cookies, wire, source, answered }: Exchange,
): Promise<Call> {
  const fields = new Fields(hop.fields);
  for (const [name, value] of authorization) if (!fields.has(name)) fields.append(name, value);
  addCookies(fields, cookies?.header(hop.url), hop.cookies);
  const call = await wire.send({ ...hop, fields }, options, source);
  cookies?.receive(hop.url, call.response.fields.values("set-cookie"));
  answered(call);
  return call;
}

/** One field for all of them (RFC 6265, 5.4): the request's own, the store's, those of [Cookies]. */
function addCookies(fields: Fields, stored: string | undefined, given: BuiltRequest["cookies"]): void {
  if (stored === undefined && given.length === 0) return;
  const all = fields.values("cookie").slice();
  if (stored !== undefined) all.push(stored);
  for (const [name, value] of given) all.push(fieldBytes(`${name}=${value}`));
  fields.delete("cookie");
  fields.append("Cookie", all.join("; "));
}

/** Where a Location leads. Failure INVALID_URL, in the words for a test file's own URL; ClientError `REDIRECT_INVALID`. */
function followed(location: string, from: HttpUrl, source: Span): HttpUrl {
  try {
    return redirectTarget(location, from);
  } catch (error) {
    const text = fieldText(location);
    requireUrl(URL.canParse(text, from.href) ? new URL(text, from.href).href : text, source);
    throw error;
  }
}

function nextHop(hop: Hop, status: number, url: HttpUrl, { locationTrusted }: EntryOptions): Hop {
  const method = redirectMethod(status, hop.method);
  const content = method !== hop.method;
  const elsewhere = url.origin !== hop.url.origin;
  const untrusted = elsewhere && !locationTrusted;
  const fields = redirectFields(hop.fields, { origin: untrusted, content });
  if (elsewhere) fields.delete("host");
  return {
    method,
    url,
    target: url.target,
    fields,
    cookies: untrusted ? [] : hop.cookies,
    body: content ? undefined : hop.body,
    credentials: untrusted ? undefined : hop.credentials,
  };
}

function tooMany(limit: number, source: Span): Failure {
  return new Failure("TOO_MANY_REDIRECTS", source, `too many redirects: ${limit} are allowed`);
}
