// Where the shell is: the URL that targets are relative to, always a folder's, and what a typed target is there.

import { type HttpUrl, parseUrl } from "../../client/url.ts";
import { printableLine } from "../../text/printable.ts";
import { readWords } from "../command-words.ts";
import { CommandError, EXIT } from "../exit-codes.ts";

export interface Base {
  /** Its path ends with a slash. Without query, fragment and user information. */
  readonly url: HttpUrl;
  readonly socketPath: string | undefined;
  /** The Authorization value that the URL's user information stands for. */
  readonly authorization: string | undefined;
}

/** Reads a whole URL, or what one-shot commands take for one: ":3091/x". Throws CommandError, and ClientError `URL_INVALID`. */
export function readBase(text: string): Base {
  const { url, socketPath } = readWords([text]);
  const { origin, target, authorization } = parseUrl(url);
  const path = target.replace(/\?.*$/s, "").replace(/(?<!\/)$/, "/");
  return { url: parseUrl(origin + path), socketPath, authorization };
}

/** Where `cd WHERE` leads from a base. Throws as readBase(). */
export function changeBase(from: Base, where: string): Base {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/|^:\d|^unix:/.test(where)) return readBase(where);
  const { href } = resolveTarget(from, where);
  return { ...readBase(href), socketPath: from.socketPath };
}

/** Whether two bases are reached over one connection. */
export function isSameOrigin(one: Base, other: Base): boolean {
  return one.url.origin === other.url.origin && one.socketPath === other.socketPath;
}

/** What a typed target asks for. `target` is set for the "*" of OPTIONS. Throws CommandError for another server. */
export function resolveTarget(
  base: Base,
  typed: string | undefined,
): { readonly href: string; readonly target: string | undefined } {
  const { url } = base;
  if (typed === undefined || typed === "") return { href: url.href, target: undefined };
  if (typed === "*") return { href: `${url.origin}/`, target: "*" };
  if (/^https?:\/\//i.test(typed)) {
    const whole = parseUrl(typed);
    if (whole.origin === url.origin) return { href: whole.href, target: undefined };
    throw new CommandError(
      EXIT.usage,
      `Cannot ask ${whole.origin} from here: the shell is connected to ${url.origin}. Go there first: cd ${whole.origin}/`,
    );
  }
  const href = typed.startsWith("/") ? url.origin + typed : url.href + typed;
  return { href: parseUrl(href).href, target: undefined };
}

/** The base as the prompt shows it: "127.0.0.1:3091/animals". */
export function baseText({ url, socketPath }: Base): string {
  const host = socketPath ?? (url.scheme === "https" ? url.origin : url.authority);
  const path = url.target.replace(/\/$/, "");
  let text = path;
  try {
    text = decodeURIComponent(path);
  } catch {
    // Not UTF-8: it stays as it is written.
  }
  return printableLine(host + text);
}

/** A name as a target that means it, readable where it can be. What would command the terminal, or split the line, cannot. */
export function encodeName(name: string): string {
  return name
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\s\p{Cc}\p{Cf}?#%"'\\|>]/gu, encodeURIComponent)
    .replace(/^\//, "%2F");
}
