// Finds the mount that a request is for: the longest path prefix wins.

import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import { type Handler, Response } from "../message/response.ts";
import { isKnownMethod } from "../semantics/methods.ts";

export interface Mount {
  /** "/" or "/name", without a slash at its end. */
  readonly path: string;
  readonly handler: Handler;
  /** What the mount's resources can do at most, for `OPTIONS *`. */
  readonly methods: readonly string[];
  /**
   * Whether its handler gets every request that is under its path: one with a method that nobody knows, and one that
   * the guard around the router would refuse. It has to look to both itself. Default false.
   */
  readonly takesAll?: boolean | undefined;
}

/**
 * A handler that hands each request to the mount whose path it is under. A method that nobody knows gets 501. `guard`
 * is put around all of it but the mounts that take everything: `(handler) => guardHosts(handler, isOurs)`.
 */
export function createRouter(
  mounts: readonly Mount[],
  guard: (handler: Handler) => Handler = (handler) => handler,
): Handler {
  const sorted = [...mounts].sort((a, b) => b.path.length - a.path.length);
  const methods = [...new Set(mounts.flatMap((mount) => mount.methods))];
  const guarded = guard((request) => {
    const { path } = request.target;
    if (!isKnownMethod(request.method)) throw unknownMethod(request);
    if (request.method === "CONNECT") throw noTunnel();
    if (path === "*") return serverOptions(methods);
    const mount = mountOf(sorted, path);
    if (mount !== undefined) return mount.handler(request);
    throw new Problem(404, { detail: nothingMounted(request, mounts) });
  });
  if (!mounts.some(({ takesAll }) => takesAll === true)) return guarded;
  return (request) => {
    // Neither "*" nor what CONNECT names is under any mount.
    const mount = mountOf(sorted, request.target.path);
    return mount?.takesAll === true ? mount.handler(request) : guarded(request);
  };
}

function mountOf(sorted: readonly Mount[], path: string): Mount | undefined {
  for (const mount of sorted) if (isUnder(path, mount.path)) return mount;
  return undefined;
}

function isUnder(path: string, mount: string): boolean {
  if (mount === "/") return path.startsWith("/");
  return path.startsWith(mount) && (path.length === mount.length || path.charCodeAt(mount.length) === 0x2f);
}

/** RFC 9110, 9.3.7: "*" asks about the server as a whole. */
function serverOptions(methods: readonly string[]): Response {
  return new Response(200, { fields: { Allow: methods.join(", "), "Content-Length": "0" } });
}

function unknownMethod(request: Request): Problem {
  return new Problem(501, { detail: `Cannot do ${request.method}: this server does not know the method` });
}

/** RFC 9110, 9.3.6: its target names another host, so no mount can be asked what it allows. */
function noTunnel(): Problem {
  return new Problem(501, { detail: "Cannot open a tunnel: this is not a proxy" });
}

function nothingMounted(request: Request, mounts: readonly Mount[]): string {
  return `Nothing is mounted at ${request.target.path}. Mounts: ${mounts.map((mount) => mount.path).join(", ")}`;
}
