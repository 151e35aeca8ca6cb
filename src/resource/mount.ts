// Where a mount stands among the paths of a server: the way from a request target to the names below the
// mount, and back. It knows nothing of what is kept there.

import { Problem } from "../message/problem.ts";
import { Response } from "../message/response.ts";
import { decodePath, encodePath, PathError } from "../semantics/paths.ts";

/** What a target names: `/a/b` is `["a", "b"]`, `/a/` is `["a"]` with a slash, the mount itself is `[]`. */
export interface Place {
  readonly segments: readonly string[];
  /** Whether the path ends with a slash. */
  readonly slash: boolean;
}

/**
 * Reads the path that something is mounted under, "/" or "/files" (a slash at its end counts for
 * nothing), into what stands before the paths below it: "" or "/files". Throws a TypeError for any other text.
 */
export function mountPrefix(base: string): string {
  if (!/^\/[\x21-\x7e]*$/.test(base) || /[?#]|\/\//.test(base)) {
    throw new TypeError(
      `Cannot mount under ${JSON.stringify(base)}: it takes a path such as "/" or "/files", percent-encoded as in a URL`,
    );
  }
  return base.endsWith("/") ? base.slice(0, -1) : base;
}

/** Finds what a target's path names below the mount. Throws a Problem: 400 for a path that nothing is looked up for, 404 outside. */
export function locate(prefix: string, path: string): Place {
  if (path === prefix) return { segments: [], slash: false };
  if (!path.startsWith(`${prefix}/`))
    throw new Problem(404, { detail: "Cannot find it: nothing is served here" });
  let names: readonly string[];
  try {
    names = decodePath(path.slice(prefix.length));
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw new Problem(400, { detail: error.message, members: { code: error.code }, cause: error });
  }
  const slash = names.at(-1) === "";
  return { segments: slash ? names.slice(0, -1) : names, slash };
}

/** Writes a place as the path that it is reached by, percent-encoded. It never begins with two slashes. */
export function hrefOf(prefix: string, place: Place): string {
  const { segments, slash } = place;
  if (segments.length === 0) return `${prefix}/`;
  return `${prefix}${encodePath(segments)}${slash ? "/" : ""}`;
}

/** A place as a person reads it, below the mount: for messages. */
export function nameOf(place: Place): string {
  return `/${place.segments.join("/")}${place.slash && place.segments.length > 0 ? "/" : ""}`;
}

/** Sends on from a path without a slash at its end to the same with it. It need not stay so, hence no cache keeps it. */
export function movedTo(path: string, query: string | undefined): Response {
  const location = query === undefined ? path : `${path}?${query}`;
  return new Response(301, {
    fields: {
      Location: location,
      "Content-Type": "text/plain; charset=utf-8",
      "Cache-Control": "no-cache",
    },
    body: `Moved to ${location}\n`,
  });
}
