// What a method promises: RFC 9110, 9.2. Names are case-sensitive; an unknown method promises nothing.

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const IDEMPOTENT: ReadonlySet<string> = new Set([...SAFE, "PUT", "DELETE"]);

// The Hypertext Transfer Protocol (HTTP) Method Registry of IANA, but for PRI, which is there so that nobody uses it.
const REGISTERED: ReadonlySet<string> = new Set([
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"],
  ...["ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE"],
  ...["MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND"],
  ...[
    "PROPPATCH",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
  ],
  ...["UPDATEREDIRECTREF", "VERSION-CONTROL"],
]);

/**
 * Tells whether a method is registered, so that a resource which does not allow it answers 405; any
 * other is answered 501.  RFC 9110, 9.1 and 16.1.1
 */
export function isKnownMethod(method: string): boolean {
  return REGISTERED.has(method);
}

/** Tells whether a method asks for no change of state.  RFC 9110, 9.2.1 */
export function isSafe(method: string): boolean {
  return SAFE.has(method);
}

/** Tells whether sending a request twice has the effect of sending it once.  RFC 9110, 9.2.2 */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}
