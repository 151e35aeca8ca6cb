// The URL of a request as a test file gives it: what is wrong with it, in Hurl's words, and how parameters are
// added to it. Knows nothing of templates.

import { parseUrl } from "../../client/url.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";

export type Param = readonly [name: string, value: string];

/** Checks that a URL can be asked for: Failure INVALID_URL at `source`. */
export function requireUrl(url: string, source: Span): void {
  try {
    if (schemeOf(url) === "http") {
      parseUrl(url);
      return;
    }
  } catch {
    // Told below, in other words.
  }
  throw new Failure("INVALID_URL", source, `invalid URL <${url}> (${faultOf(url)})`);
}

/** The URL with parameters after those that it has, before its fragment. */
export function withQuery(url: string, params: readonly Param[]): string {
  if (params.length === 0) return url;
  const hash = url.indexOf("#");
  const [address, fragment] = hash === -1 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  const joint = !address.includes("?") ? "?" : /[?&]$/.test(address) ? "" : "&";
  return `${address}${joint}${encodedParams(params)}${fragment}`;
}

/** `name=value&…` in UTF-8, percent-encoded: a query, and what application/x-www-form-urlencoded has, too. */
export function encodedParams(params: readonly Param[]): string {
  return params
    .map(([name, value]) => `${percentEncoded(name, NAME_BYTE)}=${percentEncoded(value, VALUE_BYTE)}`)
    .join("&");
}

// The unreserved characters (RFC 3986, 2.3): all that curl keeps, for which a space is %20.
const VALUE_BYTE = /[A-Za-z0-9\-._~]/;
// In a name also what a server may read a structure from: `values[0]`, `$top`.
const NAME_BYTE = /[A-Za-z0-9\-._~[\]$@]/;

function percentEncoded(text: string, kept: RegExp): string {
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const char = String.fromCharCode(byte);
    encoded += kept.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

function schemeOf(url: string): "http" | "other" | undefined {
  if (/^https?:\/\//i.test(url)) return "http";
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url) ? "other" : undefined;
}

/** Why a URL is none. */
function faultOf(url: string): string {
  const scheme = schemeOf(url);
  if (scheme === undefined) return "Missing scheme <http://> or <https://>";
  if (scheme === "other") return "Only <http://> and <https://> schemes are supported";
  const authority = url.replace(/^[^:]*:\/\//, "").replace(/[/?#\\].*$/s, "");
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const [, name = "", port = ""] = /^(\[[^\]]*\]?|[^:]*):?(.*)$/s.exec(host) ?? [];
  if (name === "") return "empty host";
  if (!/^[0-9]*$/.test(port) || Number(port) > 0xffff) return "invalid port number";
  // With a host that can be asked, only a name or password is left to be wrong.
  if (URL.canParse(`http://${name}`)) return "invalid user information";
  if (name.startsWith("[")) return "invalid IPv6 address";
  return /(?:^|\.)[0-9]+\.?$/.test(name) ? "invalid IPv4 address" : "invalid international domain name";
}
