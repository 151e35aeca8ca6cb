// What every kind of mount refuses in the same way: methods that are not for a resource, and coded bodies.

import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";

/** What can be done with anything that is only read. */
export const READ_METHODS = "GET, HEAD, OPTIONS";

/** The answer to a method that is not allowed here. `detail` says why, and what would be. */
export function notAllowed(allow: string, detail: string): Problem {
  return new Problem(405, { detail, fields: { Allow: allow } });
}

/** Throws a Problem, 415, for a body in a content coding: it would be stored as it comes.  RFC 9110, 8.4 */
export function requirePlainBody(request: Request): void {
  const coding = request.fields.get("content-encoding");
  if (coding === undefined || coding.toLowerCase() === "identity") return;
  throw new Problem(415, {
    detail: `Cannot take a body in the content coding ${JSON.stringify(coding)}: bytes are stored as they are sent. Send them uncoded`,
    fields: { "Accept-Encoding": "identity" },
  });
}
