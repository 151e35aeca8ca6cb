// URLs as a client needs them: where to connect, what to ask for. Knows nothing of connections.

import { basicAuthorization } from "./auth/basic.ts";
import { ClientError } from "./errors.ts";

export interface HttpUrl {
  /** The whole URL, fragment included, without user information. */
  readonly href: string;
  readonly scheme: "http" | "https";
  /** Name or address to connect to; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** The Host field's value: the default port is left out. */
  readonly authority: string;
  /** The request target: path and query, all of it visible ASCII. */
  readonly target: string;
  /** Scheme and authority: what a connection and credentials are bound to. */
  readonly origin: string;
  /** With its "#", or "". */
  readonly fragment: string;
  /** The Authorization value made of the URL's user information. */
  readonly authorization: string | undefined;
}

/** URLs that are asked for again and again are taken apart once. Oldest out first. */
const known = new Map<string, HttpUrl>();
const MOST_KNOWN = 512;

/**
 * Takes an absolute http: or https: URL apart; what is not ASCII in its path and query is percent-encoded as
 * UTF-8, in its host written as IDNA. `base` is what a relative reference is resolved against.
 * Throws ClientError `URL_INVALID`.
 */
export function parseUrl(url: string | URL, base?: string): HttpUrl {
  const text = typeof url === "string" ? url : url.href;
  if (base === undefined) {
    const found = known.get(text);
    if (found !== undefined) return found;
  }
  const parsed = takeApart(text, base);
  // Credentials are not kept longer than the request needs them.
  if (base === undefined && parsed.authorization === undefined) remember(text, parsed);
  return parsed;
}

function remember(text: string, parsed: HttpUrl): void {
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value as string);
  known.set(text, parsed);
}

function takeApart(text: string, base: string | undefined): HttpUrl {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch (error) {
    throw invalid(text, "it is not a whole URL, such as http://127.0.0.1:3091/path", error);
  }
  const { protocol } = url;
  if (protocol !== "http:" && protocol !== "https:") {
    throw invalid(
      text,
      `only http: and https: are spoken here. If "${protocol.slice(0, -1)}" is a host, write http:// before it`,
    );
  }
  const authorization = basicCredentials(url, text);
  const { host: authority, hostname, pathname, search, hash } = url;
  const scheme = protocol === "http:" ? "http" : "https";
  url.username = "";
  url.password = "";
  return {
    href: url.href,
    scheme,
    host: hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    port: url.port === "" ? (scheme === "http" ? 80 : 443) : Number(url.port),
    authority,
    target: pathname + search,
    origin: `${protocol}//${authority}`,
    fragment: hash,
    authorization,
  };
}

/**
 * The request target of an http: or https: URL as it is written: "/a/../b" stays, which `parseUrl` makes "/b". What is not
 * visible ASCII is percent-encoded as UTF-8. For `RequestOptions.target`. Throws ClientError `URL_INVALID`.
 */
export function targetAsWritten(text: string): string {
  parseUrl(text);
  const written = /^[^:]*:\/\/[^/?#\\]*([^#]*)/.exec(text.trim())?.[1] ?? "";
  const target = written.replace(/[^\x21-\x7e]+/g, percentEncoded);
  return target.startsWith("/") ? target : `/${target}`;
}

function percentEncoded(text: string): string {
  return Buffer.from(text, "utf8").toString("hex").toUpperCase().replace(/../g, "%$&");
}

/** "Basic" credentials (RFC 7617), in UTF-8. */
function basicCredentials(url: URL, text: string): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  let pair: string;
  try {
    pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch (error) {
    throw invalid(text, "its user name or password is not percent-encoded UTF-8", error);
  }
  return basicAuthorization(pair);
}

/**
 * Completes what people type: ":3091/x" is http://localhost:3091/x, "host/path" is http://host/path.
 * What has a scheme with "://" stays as it is. The result is text, not yet checked.
 */
export function completeUrl(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) return text;
  if (text.startsWith("/")) return text.startsWith("//") ? `http:${text}` : text;
  // ":3091", ":3091/x", ":/x", ":" — but "::1" is an address that lacks its brackets.
  if (/^:(?!:)/.test(text)) return `http://localhost${/^:[/?#]/.test(text) ? text.slice(1) : text}`;
  return `http://${text}`;
}

function invalid(text: string, why: string, cause?: unknown): ClientError {
  // A password has no business in a message.
  const shown = text.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/?#]*@/, "$1…@").slice(0, 200);
  return new ClientError("URL_INVALID", `Cannot use the URL ${JSON.stringify(shown)}: ${why}`, {
    cause: cause,
  });
}
