// The form resource: a table edited by bodies such as "ID: 20182793&Grade: A". Its statuses and texts are those of
// the exercise that it comes from (docs/form.md), and hold here only: it refuses foreign hosts and unknown
// methods itself, and every answer is a plain text.

import { BodyTooLargeError } from "../../message/body.ts";
import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { type Handler, Response } from "../../message/response.ts";
import { Fields, type FieldsInit } from "../../protocol/fields.ts";
import { splitAuthority } from "../../protocol/target.ts";
import type { Table } from "../../store/table.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { mountPrefix } from "../mount.ts";
import { requirePlainBody } from "../refusals.ts";
import { storeProblem } from "../store-problems.ts";
import { decodeFormBody, FormBodyError, type Pair, parsePairs } from "./body.ts";
import { listRows } from "./listing.ts";
import { createRows, PLAIN_TEXT, updateRows } from "./writing.ts";

export interface FormOptions {
  /** The path that the form is mounted under, as in a URL: "/form". A slash at its end counts for nothing. Default "/". */
  readonly base?: string | undefined;
  /** Whether POST /create and PUT /update are answered with 405. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Whether a host, lower case and without port or brackets, is served; any other is answered with 400. */
  readonly isOurHost: (host: string) => boolean;
  /** What ends the server; called when the answer to an END from the loopback is out. Without it END is answered with 405. */
  readonly onEnd?: (() => void) | undefined;
  /** Bytes of the largest body; 413 beyond. Default 1,048,576. 0: no limit. */
  readonly maxBody?: number | undefined;
}

/** The methods that a form mount has for one address or another: for `OPTIONS *`. */
export const FORM_METHODS: readonly string[] = ["GET", "HEAD", "POST", "PUT", "OPTIONS"];

const ROOT_METHODS = "GET, HEAD, OPTIONS";
const DEFAULT_MAX_BODY = 1 << 20;
const PART = "Cannot take a part of a body: PUT takes the whole of it, without Content-Range";

/**
 * Serves a table as a form: `GET /` shows it, `POST /create` makes rows, `PUT /update` replaces values, `END /` ends
 * the server. It has to get every request under its path (`Mount.takesAll`). Throws a TypeError for a
 * `base` that is no path.
 */
export function formHandler(table: Table, options: FormOptions): Handler {
  const { readOnly = false, isOurHost, onEnd, maxBody = DEFAULT_MAX_BODY } = options;
  const prefix = mountPrefix(options.base ?? "/");

  async function answer(request: Request): Promise<Response> {
    const { authority, method } = request;
    // HTTP/1.0 need not send a Host, as elsewhere in this server.
    if (authority !== "" && !isOurHost(splitAuthority(authority).host))
      return plain(400, `Not allowed host: ${authority.replace(/:\d*$/, "")}`);
    switch (addressOf(request)) {
      case "root":
        return atRoot(request);
      case "create":
        if (method !== "POST") return plain(404, "Select the appropriate method(Create mode => POST)");
        return readOnly ? notAllowed("") : create(request);
      case "update":
        if (method !== "PUT") return plain(404, "Select the appropriate method(Update mode => PUT)");
        if (readOnly) return notAllowed("");
        // RFC 9110, 14.5
        return request.fields.has("content-range") ? plain(400, PART) : update(request);
      case undefined:
        return plain(404, "Invalid Address(url)");
    }
  }

  function addressOf({ target }: Request): "root" | "create" | "update" | undefined {
    if (target.query !== undefined) return undefined;
    switch (target.path) {
      case prefix:
      case `${prefix}/`:
        return "root";
      case `${prefix}/create`:
        return "create";
      case `${prefix}/update`:
        return "update";
      default:
        return undefined;
    }
  }

  async function atRoot(request: Request): Promise<Response> {
    const endable = onEnd !== undefined && isLoopback(request.remote.address);
    const allow = endable ? `${ROOT_METHODS}, END` : ROOT_METHODS;
    switch (request.method) {
      case "HEAD":
        request.interim(100);
        return new Response(200, { fields: textFields(), body: await listRows(table) });
      case "GET":
        return new Response(200, { fields: textFields(), body: await listRows(table) });
      case "OPTIONS":
        return new Response(200, { fields: { Allow: allow } });
      case "END":
        if (!endable) return notAllowed(allow);
        // By then the answer has been handed to the system, whatever patience the end has with open connections.
        setImmediate(onEnd);
        return plain(200, "The server ends.", { Connection: "close" });
      default:
        return notAllowed(allow);
    }
  }

  async function create(request: Request): Promise<Response> {
    const { pairs } = await sentPairs(request);
    const text = await createRows(table, pairs);
    return text === undefined ? plain(400, "The key already exists!") : plain(200, text);
  }

  async function update(request: Request): Promise<Response> {
    const { pairs, body } = await sentPairs(request);
    return plain(200, await updateRows(table, pairs, body));
  }

  async function sentPairs(
    request: Request,
  ): Promise<{ readonly pairs: readonly Pair[]; readonly body: string }> {
    requirePlainBody(request);
    if (maxBody > 0 && (request.body.length ?? 0) > maxBody) throw new BodyTooLargeError(maxBody);
    // Nothing can be read at these addresses, so that no condition on a version holds there. Conditions count only where
    // the request would not be refused without them.  RFC 9110, 13.2.1
    isNotModified(conditionsOf(request.fields), request.method, undefined);
    const body = decodeFormBody(await request.body.bytes(maxBody));
    return { pairs: parsePairs(body), body };
  }

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      return refusal(error, request.method);
    }
  };
}

/** The text that an error is answered with. Throws it again when it is none that the client can know of. */
function refusal(error: unknown, method: string): Response {
  if (error instanceof FormBodyError) return plain(400, error.message);
  if (error instanceof BodyTooLargeError) return plain(error.status, error.message);
  const problem = storeProblem(error, method === "GET" || method === "HEAD" ? "read" : "write");
  if (!(problem instanceof Problem)) throw problem;
  return plain(problem.status, problem.message, problem.init.fields);
}

function notAllowed(allow: string): Response {
  return plain(405, "Method not allowed", { Allow: allow });
}

/** An answer that is exactly this text. */
function plain(status: number, text: string, more?: FieldsInit): Response {
  const fields = textFields();
  for (const [name, value] of new Fields(more)) fields.append(name, value);
  return new Response(status, { fields, body: text });
}

/** The text is the client's own, or another's: no browser may take it for a page, and no cache keep it. */
function textFields(): Fields {
  return new Fields({
    "Content-Type": PLAIN_TEXT,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
}

// As the system writes addresses: an IPv4 client of a socket for both kinds has the second form. Who comes over a UNIX
// socket may be a proxy that speaks for anybody.
const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/;

function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}
