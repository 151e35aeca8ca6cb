// The conditional fields of a request, and the answer when they fail. What holds and what does not is
// decided in semantics/preconditions.ts.

import { Problem } from "../message/problem.ts";
import type { Fields } from "../protocol/fields.ts";
import { isSafe } from "../semantics/methods.ts";
import { type Conditions, evaluatePreconditions, type Validators } from "../semantics/preconditions.ts";

/** The conditions of a request; undefined when it has none, which is the usual case. */
export function conditionsOf(fields: Fields): Conditions | undefined {
  const ifMatch = fields.get("if-match");
  const ifNoneMatch = fields.get("if-none-match");
  const ifModifiedSince = fields.get("if-modified-since");
  const ifUnmodifiedSince = fields.get("if-unmodified-since");
  if (
    ifNoneMatch === undefined &&
    ifModifiedSince === undefined &&
    ifMatch === undefined &&
    ifUnmodifiedSince === undefined
  ) {
    return undefined;
  }
  return { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince };
}

/**
 * Holds the conditions against what is there now, and tells whether the answer is a 304. Throws a Problem,
 * 412, when they fail.  RFC 9110, 13.2
 */
export function isNotModified(
  conditions: Conditions | undefined,
  method: string,
  current: Validators | undefined,
): boolean {
  if (conditions === undefined) return false;
  const outcome = evaluatePreconditions(conditions, method, current);
  if (outcome !== "failed") return outcome === "not-modified";
  // HEAD says of its answer what GET's would be, so the two share one sentence.
  const action = isSafe(method) ? "send it" : `do this ${method}`;
  throw new Problem(412, { detail: `Cannot ${action}: ${reason(conditions, current)}` });
}

function reason(conditions: Conditions, current: Validators | undefined): string {
  if (current === undefined) return "it asks for a version of something that is not there";
  const { ifMatch, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined || ifUnmodifiedSince !== undefined) {
    return "what is there is not the version that it asks for. Get the present one, and try again with its ETag";
  }
  return "it asks that this is not there yet, or not in this version, and it is";
}
