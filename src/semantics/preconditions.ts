// Conditional requests: RFC 9110, 13. Each field gives a small verdict; one function puts them in the order
// of 13.2.2. Knows validators, not files: who calls it says what is there now, and does what the outcome
// says. It must be asked only where the request would succeed without its conditions (13.2.1).

import { parseHttpDate } from "./dates.ts";
import { isWeak, parseEntityTags, strongMatch, weakMatch } from "./entity-tags.ts";
import { isSafe } from "./methods.ts";

/** The conditional fields of a request; repeated lines joined by ", ", `undefined` when absent. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

/** What tells one version of the selected representation from another. */
export interface Validators {
  /** As in the ETag field, quotes included. */
  readonly etag?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly lastModified?: number | undefined;
  /**
   * Tells whether a strong tag names this very version under another content coding. A browser
   * that got the file compressed knows only the compressed tag, and must be able to say with it
   * which version its write is meant for. Asked for If-Match on a write, and nowhere else: on a
   * read the tag stands for the bytes, and those do differ.
   */
  readonly alsoKnownAs?: ((tag: string) => boolean) | undefined;
}

/** "not-modified" is answered with 304, "failed" with 412. */
export type Outcome = "proceed" | "not-modified" | "failed";

/** Whether the condition holds; `undefined` when the field is absent or has to be ignored. */
type Verdict = boolean | undefined;

/**
 * Evaluates the conditions of a request against the version that is there now; `current` is
 * `undefined` when the resource has no representation. It never throws: a field that cannot be
 * read is ignored, or fails where ignoring it could lose an update.  RFC 9110, 13.2.2
 */
export function evaluatePreconditions(
  conditions: Conditions,
  method: string,
  current: Validators | undefined,
): Outcome {
  // These select no representation, so no condition applies to them.  RFC 9110, 13.2.1
  if (method === "OPTIONS" || method === "TRACE" || method === "CONNECT") return "proceed";
  const reads = method === "GET" || method === "HEAD";

  // Steps 1 and 2. Presence decides which of the two is asked, not validity.
  const unchanged =
    conditions.ifMatch === undefined
      ? ifUnmodifiedSince(conditions.ifUnmodifiedSince, current)
      : ifMatch(conditions.ifMatch, method, current);
  if (unchanged === false) return "failed";

  // Step 3.
  if (conditions.ifNoneMatch !== undefined) {
    if (ifNoneMatch(conditions.ifNoneMatch, method, current)) return "proceed";
    return reads ? "not-modified" : "failed";
  }

  // Step 4.
  if (reads && ifModifiedSince(conditions.ifModifiedSince, current) === false) return "not-modified";
  return "proceed";
}

/**
 * Tells whether a Range field may be honoured. `value` is the If-Range field, `undefined` when
 * absent, which lets the range through. A weak tag never holds. A date holds only if it is
 * exactly Last-Modified and at least one second older than `dateNow` (milliseconds, the same
 * clock as the Date field): a file can change twice within a second, and its date cannot tell.
 * RFC 9110, 13.1.5 and 8.8.2.2
 */
export function ifRangeHolds(value: string | undefined, current: Validators, dateNow: number): boolean {
  if (value === undefined) return true;
  // Only a tag has a quote among its first three characters.
  if (value.slice(0, 3).includes('"')) return current.etag !== undefined && strongMatch(value, current.etag);
  if (current.lastModified === undefined) return false;
  const modified = wholeSeconds(current.lastModified);
  const date = parseHttpDate(value, dateNow);
  return date !== undefined && wholeSeconds(date) === modified && wholeSeconds(dateNow) - modified >= 1;
}

// RFC 9110, 13.1.1. A list that cannot be read names no tag that matches, so the condition is false: a client
// that tried to protect an update must not lose it to its own typing error.
function ifMatch(value: string, method: string, current: Validators | undefined): boolean {
  if (current === undefined) return false;
  const tags = parseEntityTags(value);
  if (tags === "*") return true;
  const { etag, alsoKnownAs } = current;
  const otherNames = isSafe(method) ? undefined : alsoKnownAs;
  return (tags ?? []).some(
    (tag) => (etag !== undefined && strongMatch(tag, etag)) || (!isWeak(tag) && otherNames?.(tag) === true),
  );
}

// RFC 9110, 13.1.2. The RFC does not say what a list that cannot be read means. For a read it matches nothing,
// and the whole representation is always a right answer. For a write it may be a damaged `*` that was to keep
// an existing file from being replaced, so it fails wherever there is something to lose.
function ifNoneMatch(value: string, method: string, current: Validators | undefined): boolean {
  if (current === undefined) return true;
  const tags = parseEntityTags(value);
  if (tags === "*") return false;
  if (tags === undefined) return isSafe(method);
  const { etag } = current;
  return etag === undefined || !tags.some((tag) => weakMatch(tag, etag));
}

// RFC 9110, 13.1.3. Two dates on a repeated line do not parse as one date, and so are ignored as asked.
function ifModifiedSince(value: string | undefined, current: Validators | undefined): Verdict {
  const date = value === undefined ? undefined : parseHttpDate(value);
  if (date === undefined || current?.lastModified === undefined) return undefined;
  return wholeSeconds(current.lastModified) > wholeSeconds(date);
}

// RFC 9110, 13.1.4. Where no modification date is known, for want of a representation too, the field must be
// ignored; a writer that must not bring a removed resource back uses If-Match.
function ifUnmodifiedSince(value: string | undefined, current: Validators | undefined): Verdict {
  const date = value === undefined ? undefined : parseHttpDate(value);
  if (date === undefined || current?.lastModified === undefined) return undefined;
  return wholeSeconds(current.lastModified) <= wholeSeconds(date);
}

// HTTP dates have no parts of a second; files do.
function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
