// Proxies by their URL: where one is, who we are to it, and which requests go past it. It connects to nothing.

import { isIP } from "node:net";
import { Fields } from "../protocol/fields.ts";
import { basicAuthorization } from "./auth/basic.ts";
import { ClientError } from "./errors.ts";
import type { HttpUrl } from "./url.ts";

export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly tls: boolean;
  /** For messages: "http://host:port", without who uses it. */
  readonly title: string;
  /** The Proxy-Authorization value (RFC 9110, 11.7.2), made of the URL's user information. */
  readonly authorization: string | undefined;
}

/** The ports that curl takes when none is given. */
const DEFAULT_PORTS = { http: 1080, https: 443 };

/**
 * Reads "http://[user:password@]host[:port]", or "https://…"; without a scheme it is http, without a port 1080 (or
 * 443), as with curl. Throws ClientError `OPTION_INVALID`.
 */
export function parseProxy(text: string): HttpProxy {
  const [, scheme = "http", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? [];
  const kind = scheme.toLowerCase();
  if (kind.startsWith("socks")) {
    throw unusable(`${kind} is not spoken here. Use a proxy of http:// or https://`);
  }
  if (kind !== "http" && kind !== "https") throw unusable("only http:// and https:// are spoken to proxies");
  // Under a scheme that has no default port, a port that is written is kept.
  const written = URL.canParse(`proxy://${rest}`) ? new URL(`proxy://${rest}`) : undefined;
  const user = decoded(written?.username);
  const password = decoded(written?.password);
  if (
    written === undefined ||
    user === undefined ||
    password === undefined ||
    !URL.canParse(`http://${written.host}`)
  ) {
    throw unusable("it is not http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with percent-encoding");
  }
  const url = new URL(`http://${written.host}`);
  const { port } = written;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const at = { host, port: port === "" ? DEFAULT_PORTS[kind] : Number(port), tls: kind === "https" };
  return {
    ...at,
    title: `${kind}://${url.hostname}:${at.port}`,
    authorization: user + password === "" ? undefined : basicAuthorization(`${user}:${password}`),
  };
}

/** Undefined for what is not percent-encoded UTF-8. */
function decoded(text: string = ""): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether a host goes past the proxy, by a list such as "example.org, .test, 127.0.0.1": names with all that is
 * under them, addresses, "*" for every host. As curl's --noproxy.
 */
export function goesPastProxy(host: string, list: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .map((entry) => entry.replace(/^\[|\]$/g, "").replace(/^\.|\.$/g, ""))
    .some(
      (entry) =>
        entry !== "" && (entry === "*" || entry === name || (isIP(name) === 0 && name.endsWith(`.${entry}`))),
    );
}

/** The target of a request that a proxy passes on: the whole URL (RFC 9112, 3.2.2), and for "*" one without a path (3.2.4). */
export function absoluteForm({ origin }: HttpUrl, target: string): string {
  if (target === "*") return origin;
  return target.startsWith("/") ? origin + target : target;
}

/** The fields of such a request; credentials that its caller gives go before those of the proxy's URL. */
export function forwardFields(fields: Fields, { authorization }: HttpProxy): Fields {
  if (authorization === undefined || fields.has("proxy-authorization")) return fields;
  return new Fields(fields).append("Proxy-Authorization", authorization);
}

/** The text is never shown: there may be a password in it. */
function unusable(why: string): ClientError {
  return new ClientError("OPTION_INVALID", `Cannot use this proxy: ${why}`);
}
