// The words of a request's command line, apart from its options: method, URL and items. Which word is which
// follows HTTPie, save that "localhost" is never taken for a method.

import { completeUrl } from "../client/url.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type Item, parseItem } from "./items.ts";

export interface CommandWords {
  /** Undefined when it follows from the body: GET without one, POST with one. */
  readonly method: string | undefined;
  /** Complete, not yet checked; without the query items. */
  readonly url: string;
  /** A request target that no URL can say: the "*" of OPTIONS. */
  readonly target: string | undefined;
  /** Of "unix:/run/x.sock:/path". */
  readonly socketPath: string | undefined;
  readonly items: readonly Item[];
}

/** Methods that are understood in lower case, too, and completed by the shell. */
export const KNOWN_METHODS: readonly string[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
];

/** Takes the words apart: `[METHOD] URL [ITEM…]`. Throws CommandError. */
export function readWords(words: readonly string[]): CommandWords {
  const [first, second] = words;
  if (first === undefined)
    throw usage("Cannot make a request: it takes a URL, such as :3091/ or http://example.com/");
  const method = second === undefined ? undefined : methodOf(first);
  if (second === undefined && KNOWN_METHODS.includes(first))
    throw usage(
      `Cannot make a request: ${first} takes a URL behind it, such as :3091/ or http://example.com/`,
    );
  const [address = "", ...items] = method === undefined ? words : words.slice(1);
  if (items.some((item) => /^https?:\/\//i.test(item)))
    throw usage(
      `Cannot make a request to ${address}: a second URL follows it, and a request has one. An uncommon method is written in capitals`,
    );
  return { method, ...readAddress(address), items: items.map(parseItem) };
}

/** A known method in either case, another one in capitals; everything else is a host. */
function methodOf(word: string): string | undefined {
  const upper = word.toUpperCase();
  if (KNOWN_METHODS.includes(upper)) return upper;
  return /^[A-Z][A-Z0-9_-]*$/.test(word) ? word : undefined;
}

function readAddress(text: string): Pick<CommandWords, "url" | "target" | "socketPath"> {
  // unix:/run/x.sock or unix:/run/x.sock:/path?query
  const unix = /^unix:(\/?[^:]+)(?::(.*))?$/s.exec(text);
  const asked = unix === null ? text : (unix[2] ?? "/");
  const socketPath = unix?.[1];
  const url =
    socketPath === undefined
      ? completeUrl(asked)
      : `http://localhost${asked === "*" ? asked : asked.replace(/^(?!\/)/, "/")}`;
  // ":3091*" is how one says "the server itself": no host and no port can end so.  RFC 9112, 3.2.4
  const star = /^([A-Za-z]+:\/\/[^/?#*]+)\*$/.exec(url);
  return star === null
    ? { url, target: undefined, socketPath }
    : { url: `${star[1]}/`, target: "*", socketPath };
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
