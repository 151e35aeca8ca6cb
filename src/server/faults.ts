// What a client is told when something goes wrong.

import { Problem } from "../message/problem.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { ConnectionLostError } from "./errors.ts";

/** The problem that an error of a handler's is answered with; undefined when it is a fault of the server's, which is not the client's business. */
export function problemOf(error: unknown, requestFailed: boolean): Problem | undefined {
  if (error instanceof Problem) return error;
  // Nobody will see it.
  if (error instanceof ConnectionLostError) return serverFault();
  // A field of the handler's own that cannot be sent is no fault of the client's.
  if (error instanceof ProtocolError && !requestFailed) return undefined;
  if (!hasStatus(error)) return undefined;
  return new Problem(error.status, { detail: error.message, members: { code: error.code }, cause: error });
}

/** The request could not be read. */
export function unreadable(error: ProtocolError): Problem {
  return new Problem(error.status, { detail: error.message, members: { code: error.code }, cause: error });
}

export function serverFault(): Problem {
  return new Problem(500, {
    detail: "Cannot answer this request: the server met a fault of its own. Its log tells more.",
  });
}

/** A handler answered with a status that would end HTTP on the connection. */
export function notATunnel(method: string): Problem {
  const what = method === "CONNECT" ? "open a tunnel: this is not a proxy" : "switch to another protocol";
  return new Problem(501, { detail: `Cannot ${what}` });
}

function hasStatus(error: unknown): error is Error & { readonly status: number; readonly code: string } {
  if (!(error instanceof Error)) return false;
  const { status, code } = error as { status?: unknown; code?: unknown };
  return typeof code === "string" && typeof status === "number" && status >= 400 && status < 600;
}
