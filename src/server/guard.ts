// Who may be served: requests for a host that is ours, and writes that no other web page has a hand in.
// A page from anywhere can make its visitor's browser send requests to 127.0.0.1: it must not reach the
// visitor's disk that way, neither by a form, nor by a name that its owner points at 127.0.0.1.

import { appendVary, Problem, problemResponse } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import { type Handler, Response } from "../message/response.ts";
import { Fields } from "../protocol/fields.ts";
import { isAuthority, splitAuthority } from "../protocol/target.ts";
import { isSafe } from "../semantics/methods.ts";

/** Tells whether a host, lower case and without port or brackets, is served here. */
export type HostTest = (host: string) => boolean;

const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)\.?$/;

const LOCAL = ["localhost", "127.0.0.1", "::1"];

/** Loopback names, the given names and addresses; "*" allows all, ".example.com" a domain with everything below it. */
export function hostTest(allowed: readonly string[]): HostTest {
  const isNamed = exactHostTest(allowed);
  return (host) => LOOPBACK.test(host) || isNamed(host);
}

/**
 * The same for a server that is known by a list of names: of the loopback, only localhost, 127.0.0.1 and ::1 are
 * on it unless it names others.
 */
export function exactHostTest(allowed: readonly string[]): HostTest {
  // A port counts for nothing: requests come to ours.
  const names = new Set(
    [...LOCAL, ...allowed].map((name) =>
      isAuthority(name) ? splitAuthority(name).host : name.toLowerCase(),
    ),
  );
  if (names.has("*")) return () => true;
  const domains = [...names].filter((name) => name.startsWith("."));
  return (host) =>
    names.has(host) || domains.some((domain) => host.endsWith(domain) || host === domain.slice(1));
}

/** Answers 421 to a request for a host that is not ours (RFC 9110, 15.5.20), and passes the others on. */
export function guardHosts(handler: Handler, isOurs: HostTest): Handler {
  // The same few values come again and again: what was found to be ours is remembered.
  const known = new Set<string>();
  return (request) => {
    const { authority } = request;
    if (!known.has(authority)) {
      // HTTP/1.0 need not send a Host; such a request cannot come from a browser of today.
      if (authority !== "" && !isOurs(splitAuthority(authority).host)) throw notOurs(authority);
      if (known.size < 100) known.add(authority);
    }
    return handler(request);
  };
}

function notOurs(authority: string): Problem {
  return new Problem(421, {
    detail: `Cannot answer for ${authority}: this server is not that host. To serve it by this name, start it with --allow-host ${splitAuthority(authority).host}`,
  });
}

export interface CrossOriginOptions {
  /** Origins that may read and write: "http://localhost:5173", or "*" for all. */
  readonly origins: readonly string[];
}

/**
 * Refuses requests with an effect that come from another site's page (403), and answers the preflight
 * requests (CORS) of the origins that are allowed.
 */
export function guardOrigins(handler: Handler, { origins }: CrossOriginOptions): Handler {
  const allowed = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
  const isAllowed = (origin: string): boolean => allowed.has("*") || allowed.has(origin.toLowerCase());
  // A cache must not give a page of an allowed origin what it got for somebody else: that cannot be read by it.
  const pass: Handler = allowed.size === 0 ? handler : (request) => told(handler(request));
  return (request) => {
    const origin = request.fields.get("origin");
    if (origin === undefined && isSafe(request.method)) return pass(request);
    const welcome = origin !== undefined && isAllowed(origin);
    if (!welcome && !isSafe(request.method) && isForeign(request, origin)) throw foreign(request, origin);
    if (!welcome) return pass(request);
    if (request.method === "OPTIONS" && request.fields.has("access-control-request-method")) {
      return preflight(request, origin);
    }
    return openTo(origin, request, handler);
  };
}

function told(result: Response | Promise<Response>): Response | Promise<Response> {
  return result instanceof Response ? varying(result) : result.then(varying);
}

function varying(response: Response): Response {
  return withFields(response, (fields) => appendVary(fields, "Origin"));
}

/** Whether a page of another site sent this. What no browser sent has neither field. */
function isForeign(request: Request, origin: string | undefined): boolean {
  if (origin !== undefined) {
    const host = /^https?:\/\/(.*)$/i.exec(origin)?.[1];
    // "null" is what a sandboxed frame and a file:// page send.
    return host === undefined || host.toLowerCase() !== request.authority.toLowerCase();
  }
  const site = request.fields.get("sec-fetch-site");
  return site !== undefined && site !== "same-origin" && site !== "none";
}

function foreign(request: Request, origin: string | undefined): Problem {
  const from = origin ?? "another site";
  return new Problem(403, {
    detail: `Cannot ${request.method} on behalf of a page from ${from}. To allow that origin, start the server with --cors ${origin ?? "ORIGIN"}`,
  });
}

function preflight(request: Request, origin: string): Response {
  const fields = new Fields({
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Methods": request.fields.get("access-control-request-method"),
    "Access-Control-Allow-Headers": request.fields.get("access-control-request-headers"),
    // A page on the public web that asks for a private address needs this answer, too.
    "Access-Control-Allow-Private-Network": request.fields.has("access-control-request-private-network")
      ? "true"
      : undefined,
    "Access-Control-Max-Age": "600",
    Vary: "Origin",
  });
  return new Response(204, { fields });
}

/** Lets the page read the answer, a refusal included. */
async function openTo(origin: string, request: Request, handler: Handler): Promise<Response> {
  try {
    return opened(await handler(request), origin);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return opened(problemResponse(request, error), origin);
  }
}

/** What the kinds of mount tell in fields that no page may read without being let. */
const EXPOSED = [
  ...["ETag", "Location", "Content-Location", "Link", "Age", "Allow", "X-Total-Count"],
  ...["Content-Range", "Accept-Ranges", "Accept-Post", "Accept-Patch", "Upload-Offset", "Upload-Complete"],
].join(", ");

function opened(response: Response, origin: string): Response {
  return withFields(response, (fields) => {
    fields.set("Access-Control-Allow-Origin", origin);
    fields.set("Access-Control-Expose-Headers", EXPOSED);
    appendVary(fields, "Origin");
  });
}

/** The same answer with other fields: the handler may send its own again. */
function withFields(response: Response, change: (fields: Fields) => void): Response {
  const fields = new Fields(response.fields);
  change(fields);
  const { status, reason, body, length, trailers } = response;
  return new Response(status, { fields, reason, body, length, trailers });
}
