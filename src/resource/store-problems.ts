// What is answered when a store refuses. Knows the store's codes and what each means to a client.

import { Problem, type ProblemInit } from "../message/problem.ts";
import type { Response } from "../message/response.ts";
import { isSafe } from "../semantics/methods.ts";
import { type StoreCode, StoreError } from "../store/errors.ts";

/** Whether the request wanted to see something or to change it: to see what cannot be there is a plain 404. */
export type Intent = "read" | "write";

/** "fault": nobody but the server can do anything about it, and its log should tell. */
type Answer = number | "fault";

const ANSWERS: { readonly [code in StoreCode]: Answer | { readonly [intent in Intent]: Answer } } = {
  INVALID_PATH: 400,
  RESERVED_NAME: { read: 404, write: 403 },
  NAME_TOO_LONG: { read: 404, write: 414 },
  OUTSIDE: 403,
  NOT_FOUND: { read: 404, write: 409 },
  NOT_A_FILE: { read: 404, write: 409 },
  NOT_A_FOLDER: { read: 404, write: 409 },
  IS_FOLDER: 409,
  IS_ROOT: 403,
  FOLDER_NOT_EMPTY: 409,
  PERMISSION: 403,
  READ_ONLY: 403,
  NO_SPACE: 507,
  BUSY: 503,
  OFFSET_MISMATCH: 409,
  TRUNCATED: 503,
  INVALID_KEY: 400,
  KEY_TOO_LONG: { read: 404, write: 414 },
  VALUE_TOO_LARGE: 413,
  POINT_GONE: 410,
  NOT_A_STORE: "fault",
  UNREACHABLE: 503,
  CLOSED: 503,
  IO: "fault",
};

/**
 * What to throw for an error that came from a store: a Problem for what the client can know and act
 * on, and the error itself for everything else, a body that broke off included.
 */
export function storeProblem(error: unknown, intent: Intent): unknown {
  if (!(error instanceof StoreError)) return error;
  const entry = ANSWERS[error.code];
  const status = typeof entry === "object" ? entry[intent] : entry;
  if (status === "fault") return error;
  const init: ProblemInit = { detail: error.message, members: { code: error.code }, cause: error };
  return new Problem(status, status === 503 ? { ...init, fields: { "Retry-After": "1" } } : init);
}

/** Waits for an answer, and turns what the store refuses into what the client is told. */
export async function refusing(result: Promise<Response>, method: string): Promise<Response> {
  try {
    return await result;
  } catch (error) {
    throw storeProblem(error, isSafe(method) ? "read" : "write");
  }
}
