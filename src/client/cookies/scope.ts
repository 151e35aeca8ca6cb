// Which hosts and paths a cookie belongs to: RFC 6265, 5.1.3 and 5.1.4. Hosts are as in HttpUrl: lower case, IPv6 without
// brackets.

import type { HttpUrl } from "../url.ts";

/** Whether a host is the domain or below it. An address is never below anything. RFC 6265, 5.1.3 */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return host.endsWith(`.${domain}`) && !isAddress(host);
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function isAddress(host: string): boolean {
  return IPV4.test(host) || host.includes(":");
}

/** Whether a request's path is the cookie's or below it. RFC 6265, 5.1.4 */
export function pathMatches(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}

/** The path of a URL, without its query. */
export function pathOf(url: HttpUrl): string {
  const question = url.target.indexOf("?");
  return question === -1 ? url.target : url.target.slice(0, question);
}

/** The path of a cookie that names none: that of the request, without its last segment. RFC 6265, 5.1.4 */
export function defaultPath(requestPath: string): string {
  const slash = requestPath.lastIndexOf("/");
  return slash <= 0 ? "/" : requestPath.slice(0, slash);
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/;

/**
 * Whether Secure cookies may come from a URL and go to it: over TLS, or to this machine itself, as curl and browsers
 * have it, so that a service can be tried where it is written. RFC 6265, 5.4 leaves to the user agent what is secure.
 */
export function isSecureChannel(url: HttpUrl): boolean {
  return url.scheme === "https" || LOOPBACK.test(url.host);
}

// Under most countries' domains these belong to a registry. The whole list has ten thousand rows and changes every
// week; this is what most people meet of it. Below a suffix that is missing here, neighbours can set cookies for each other.
const OF_REGISTRIES = /^(?:ac|co|com|edu|gov|mil|net|org)\.[a-z]{2}$/;
const OF_REGISTRIES_BY_COUNTRY = /^(?:(?:go|hs|kg|ms|ne|or|pe|re|sc)\.kr|(?:ad|ed|go|gr|lg|ne|or)\.jp)$/;

/**
 * Whether a domain is one that strangers share, so that no cookie may be set for all of it: a top-level domain, or a
 * registry's below a country's. Not the whole Public Suffix List. RFC 6265, 5.3, step 5
 */
export function isPublicSuffix(domain: string): boolean {
  const name = domain.endsWith(".") ? domain.slice(0, -1) : domain;
  return !name.includes(".") || OF_REGISTRIES.test(name) || OF_REGISTRIES_BY_COUNTRY.test(name);
}
