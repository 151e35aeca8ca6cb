// Where a redirect leads, and what of the request may go there (RFC 9110, 15.4). Pure rules.

import { Fields } from "../protocol/fields.ts";
import { ClientError } from "./errors.ts";
import type { ResponseHead } from "./options.ts";
import { type HttpUrl, parseUrl } from "./url.ts";

/** The Location that a response redirects to; undefined when it does not. */
export function redirectLocation(response: ResponseHead): string | undefined {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      // Two of them contradict each other: then the answer is the caller's to judge.
      return response.fields.values("location").length === 1 ? response.fields.get("location") : undefined;
    default:
      return undefined;
  }
}

/** The URL of a Location, resolved against that of the request; the fragment is inherited. Throws `REDIRECT_INVALID`. */
export function redirectTarget(location: string, from: HttpUrl): HttpUrl {
  // A field value is a character for each byte; what is beyond ASCII in it is, in practice, UTF-8.
  const text = Buffer.from(location, "latin1").toString("utf8");
  let url: HttpUrl;
  try {
    url = parseUrl(text, from.href);
    if (from.fragment !== "" && url.fragment === "") url = parseUrl(url.href + from.fragment);
  } catch (error) {
    throw unusable(from, (error as Error).message.replace(/^Cannot use the URL /, ""), error);
  }
  // Credentials that a server chose are nobody's intention (RFC 9110, 4.2.4).
  if (url.authorization !== undefined) {
    throw unusable(from, `${url.href}: its Location holds user information`, undefined);
  }
  return url;
}

function unusable(from: HttpUrl, why: string, cause: unknown): ClientError {
  return new ClientError("REDIRECT_INVALID", `Cannot follow the redirect from ${from.href} to ${why}`, {
    cause,
  });
}

/** The method of the request that follows: POST becomes GET after 301 and 302, as in browsers; 303 asks for GET (or HEAD). */
export function redirectMethod(status: number, method: string): string {
  if ((status === 301 || status === 302) && method === "POST") return "GET";
  if (status === 303 && method !== "HEAD") return "GET";
  return method;
}

const CREDENTIALS = new Set(["authorization", "cookie", "proxy-authorization"]);
const OF_CONTENT = new Set([
  "digest",
  "last-modified",
  "expect",
  "trailer",
  "upload-offset",
  "upload-complete",
]);

/** The caller's fields that go along: no credentials and no Host of another origin, nothing about content that is not sent. */
export function redirectFields(
  fields: Fields,
  change: { readonly origin: boolean; readonly content: boolean },
): Fields {
  const kept: [string, string][] = [];
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (change.origin && (CREDENTIALS.has(lower) || lower === "host")) continue;
    if (change.content && (lower.startsWith("content-") || OF_CONTENT.has(lower))) continue;
    kept.push([name, value]);
  }
  return new Fields(kept);
}
