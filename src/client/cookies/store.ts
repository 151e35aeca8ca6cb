// The cookies that a client keeps: which it takes from an answer, and which go with a request. RFC 6265, 5.3 and 5.4, with
// what 6265bis added: name prefixes, Secure cookies that plain HTTP cannot touch, a longest age. Knows no files.

import type { HttpUrl } from "../url.ts";
import { defaultPath, domainMatches, isPublicSuffix, isSecureChannel, pathMatches, pathOf } from "./scope.ts";
import { parseSetCookie, type SetCookie } from "./set-cookie.ts";

/** A cookie of the store (RFC 6265, 5.3). Texts have a character for each byte. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  /** Lower case, without a dot before it. */
  readonly domain: string;
  /** Whether subdomains get it, too: it had a Domain attribute. */
  readonly includeSubdomains: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Undefined: until the run ends. */
  readonly expires: Date | undefined;
}

/** More than RFC 6265, 6.1 asks of everybody (50 and 3,000), and what browsers keep. */
const MOST_OF_A_DOMAIN = 180;
const MOST = 3300;
/** 6265bis, 5.5: nothing is kept for more than 400 days. */
const LONGEST_AGE = 400 * 86_400_000;

interface Kept {
  readonly cookie: StoredCookie;
  /** When it was first set; a new value keeps its place. */
  readonly created: number;
  used: number;
}

/** A cookie store. It belongs to whoever makes it: one for each user, one for each test run. */
export class CookieStore {
  readonly #kept = new Map<string, Kept>();
  // Counts instead of the time, which can stand still or go back.
  #count = 0;

  /**
   * Takes over the cookies of an answer's Set-Cookie fields, in their order; those that it must not set are left out without
   * a word. `from` is the request's URL.  RFC 6265, 5.3
   */
  receive(from: HttpUrl, setCookieValues: readonly string[], now: Date = new Date()): void {
    for (const value of setCookieValues) {
      const parsed = parseSetCookie(value);
      const cookie = parsed && acceptedFrom(from, parsed, now);
      if (cookie === undefined || this.#wouldHideSecure(from, cookie)) continue;
      this.#keep(cookie);
      this.#dropExpired(now);
      this.#dropExcess(cookie.domain);
    }
  }

  /**
   * The Cookie field's value for a request; undefined when no cookie goes with it. Longer paths first, then those that
   * were set first.  RFC 6265, 5.4
   */
  header(to: HttpUrl, now: Date = new Date()): string | undefined {
    const cookies = this.matching(to, now);
    return cookies.length === 0 ? undefined : cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** The cookies that go with a request, in the order in which they are sent. */
  matching(to: HttpUrl, now: Date = new Date()): StoredCookie[] {
    this.#dropExpired(now);
    if (this.#kept.size === 0) return [];
    const path = pathOf(to);
    const secure = isSecureChannel(to);
    const found: Kept[] = [];
    for (const kept of this.#kept.values()) {
      const { cookie } = kept;
      const { domain } = cookie;
      if (cookie.includeSubdomains ? !domainMatches(to.host, domain) : to.host !== domain) continue;
      if (!pathMatches(path, cookie.path) || (cookie.secure && !secure)) continue;
      kept.used = ++this.#count;
      found.push(kept);
    }
    found.sort((a, b) => b.cookie.path.length - a.cookie.path.length || a.created - b.created);
    return found.map(({ cookie }) => cookie);
  }

  /** All that have not expired, in the order in which they were set. */
  all(now: Date = new Date()): StoredCookie[] {
    this.#dropExpired(now);
    return [...this.#kept.values()].sort((a, b) => a.created - b.created).map(({ cookie }) => cookie);
  }

  /**
   * Puts a cookie in that no server has set: from a file, or by hand. It takes the place of one of the same name, domain,
   * `includeSubdomains` and path; an expired one removes that.
   */
  add(cookie: StoredCookie): void {
    const dotless = cookie.domain.startsWith(".") ? cookie.domain.slice(1) : cookie.domain;
    const domain = dotless.toLowerCase();
    this.#keep(domain === cookie.domain ? cookie : { ...cookie, domain });
    this.#dropExcess(domain);
  }

  clear(): void {
    this.#kept.clear();
  }

  #keep(cookie: StoredCookie): void {
    const key = JSON.stringify([cookie.domain, cookie.includeSubdomains, cookie.path, cookie.name]);
    const used = ++this.#count;
    this.#kept.set(key, { cookie, created: this.#kept.get(key)?.created ?? used, used });
  }

  /** Whether a Secure cookie of that name would be overlaid by one that came over plain HTTP. 6265bis, 5.7 */
  #wouldHideSecure(from: HttpUrl, { name, domain, path, secure }: StoredCookie): boolean {
    if (secure || isSecureChannel(from)) return false;
    for (const { cookie } of this.#kept.values()) {
      if (!cookie.secure || cookie.name !== name) continue;
      const related = domainMatches(domain, cookie.domain) || domainMatches(cookie.domain, domain);
      if (related && pathMatches(path, cookie.path)) return true;
    }
    return false;
  }

  #dropExpired(now: Date): void {
    for (const [key, { cookie }] of this.#kept) {
      if (cookie.expires !== undefined && cookie.expires <= now) this.#kept.delete(key);
    }
  }

  /** Lets go of those that nobody has asked for the longest, of one domain first. RFC 6265, 5.3 */
  #dropExcess(domain: string): void {
    const ofDomain = [...this.#kept].filter(([, { cookie }]) => cookie.domain === domain);
    if (ofDomain.length > MOST_OF_A_DOMAIN) {
      // Those that are not Secure go before those that are: plain HTTP must not push these out.  6265bis, 5.7
      const open = ofDomain.filter(([, { cookie }]) => !cookie.secure);
      this.#dropUnused(open.length > 0 ? open : ofDomain);
    }
    if (this.#kept.size > MOST) this.#dropUnused([...this.#kept]);
  }

  #dropUnused(candidates: readonly (readonly [string, Kept])[]): void {
    const [key] = candidates.reduce((a, b) => (b[1].used < a[1].used ? b : a));
    this.#kept.delete(key);
  }
}

/** The cookie that a host may set with this field; undefined when it may not. RFC 6265, 5.3; 6265bis, 5.7 */
function acceptedFrom(from: HttpUrl, set: SetCookie, now: Date): StoredCookie | undefined {
  let { domain } = set;
  if (domain !== undefined) {
    if (/[^\x20-\x7e]/.test(domain)) return undefined;
    // A host that is itself a public suffix, localhost among them, may have cookies, but for nobody else.
    if (isPublicSuffix(domain) && domain === from.host) domain = undefined;
    else if (isPublicSuffix(domain) || !domainMatches(from.host, domain)) return undefined;
  }
  if (set.secure && !isSecureChannel(from)) return undefined;
  if (!keepsPrefix(set, domain)) return undefined;
  return {
    name: set.name,
    value: set.value,
    domain: domain ?? from.host,
    includeSubdomains: domain !== undefined,
    path: set.path ?? defaultPath(pathOf(from)),
    secure: set.secure,
    httpOnly: set.httpOnly,
    expires: expiryOf(set, now),
  };
}

/** Whether a name's prefix says the truth: 6265bis, 4.1.3. Its case does not matter, since servers may overlook it. */
function keepsPrefix({ name, secure, path }: SetCookie, domain: string | undefined): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith("__secure-")) return secure;
  if (lower.startsWith("__host-")) return secure && domain === undefined && path === "/";
  return true;
}

function expiryOf({ maxAge, expires }: SetCookie, now: Date): Date | undefined {
  const latest = now.getTime() + LONGEST_AGE;
  if (maxAge !== undefined) {
    // Before all times: RFC 6265, 5.2.2.
    return new Date(maxAge <= 0 ? 0 : Math.min(now.getTime() + maxAge * 1000, latest));
  }
  return expires && new Date(Math.min(expires.getTime(), latest));
}
