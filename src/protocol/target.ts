import { ProtocolError } from "./errors.ts";
import { quote } from "./grammar.ts";

/** A request target, taken apart (RFC 9112, 3.2). `path` and `query` are as received, nothing is decoded. */
export interface Target {
  readonly form: "origin" | "absolute" | "authority" | "asterisk";
  /** Of the absolute form only: "http" or "https". */
  readonly scheme: string | undefined;
  /** Of the absolute and authority forms: host and port, which override the Host field. */
  readonly authority: string | undefined;
  /** Begins with "/", except for the asterisk form ("*") and the authority form (""). */
  readonly path: string;
  /** What stands after the first "?", undefined when there is none. */
  readonly query: string | undefined;
}

const ABSOLUTE = /^(https?):\/\/([^/?]*)(.*)$/i;

/**
 * Reads a request target in the form its method calls for.
 * Throws `TARGET_INVALID` for anything else; the bytes (no space, no control, nothing above 0x7E)
 * have been checked by the reader of the request line.
 */
export function parseTarget(method: string, text: string): Target {
  if (text.charCodeAt(0) === 0x2f && method !== "CONNECT") {
    refuseFragment(text);
    return splitQuery("origin", undefined, undefined, text);
  }
  if (method === "CONNECT") {
    if (!isAuthority(text) || !/:\d+$/.test(text)) throw invalid(text, "CONNECT takes host:port");
    return { form: "authority", scheme: undefined, authority: text, path: "", query: undefined };
  }
  if (text === "*") {
    if (method !== "OPTIONS") throw invalid(text, `"*" goes with OPTIONS only`);
    return { form: "asterisk", scheme: undefined, authority: undefined, path: "*", query: undefined };
  }
  const absolute = ABSOLUTE.exec(text);
  if (absolute === null) throw invalid(text, "it must begin with a slash");
  const [, scheme = "", authority = "", rest = ""] = absolute;
  if (authority === "" || !isAuthority(authority)) throw invalid(text, "its host or port is malformed");
  refuseFragment(rest);
  // RFC 9112, 3.2.4: an empty path is "/", except that OPTIONS without a path and query means "*".
  if (rest === "" && method === "OPTIONS") {
    return { form: "absolute", scheme: scheme.toLowerCase(), authority, path: "*", query: undefined };
  }
  return splitQuery("absolute", scheme.toLowerCase(), authority, rest.startsWith("/") ? rest : `/${rest}`);
}

function splitQuery(
  form: Target["form"],
  scheme: string | undefined,
  authority: string | undefined,
  text: string,
): Target {
  const mark = text.indexOf("?");
  if (mark < 0) return { form, scheme, authority, path: text, query: undefined };
  return { form, scheme, authority, path: text.slice(0, mark), query: text.slice(mark + 1) };
}

function refuseFragment(text: string): void {
  if (text.includes("#")) throw invalid(text, `a fragment ("#") is never sent`);
}

function invalid(text: string, why: string): ProtocolError {
  return new ProtocolError("TARGET_INVALID", `Cannot read the request target ${quote(text)}: ${why}`);
}

// reg-name and IPv4 by the first part, IP-literal by the second (RFC 3986, 3.2.2). No userinfo.
const AUTHORITY =
  /^(?:(?:[A-Za-z0-9\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+|\[(?:([0-9A-Fa-f:.]+)|v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\])(?::(\d*))?$/;

/**
 * Whether a text is `uri-host [ ":" port ]` (RFC 9110, 7.2): "[::1]:80", "a:" and "1.2.3.4:65535" are,
 * "u@a", "a b", "a, b" and "a:80:80" are not. A comma, legal in a reg-name, is refused:
 * it is what two Host fields look like after a proxy has joined them.
 */
export function isAuthority(text: string): boolean {
  const match = AUTHORITY.exec(text);
  if (match === null) return false;
  const [, address, port] = match;
  // The URL parser knows what an IPv6 address looks like.
  if (address !== undefined && !URL.canParse(`http://[${address}]`)) return false;
  return port === undefined || port === "" || Number(port) <= 65_535;
}

/** Host, lower case and without brackets, and port of an authority that `isAuthority` accepts; port undefined when not given. */
export function splitAuthority(authority: string): {
  readonly host: string;
  readonly port: number | undefined;
} {
  const colon = authority.lastIndexOf(":");
  const hasPort = colon > authority.lastIndexOf("]");
  const host = (hasPort ? authority.slice(0, colon) : authority).toLowerCase();
  const digits = hasPort ? authority.slice(colon + 1) : "";
  return {
    host: host.startsWith("[") ? host.slice(1, -1) : host,
    port: digits === "" ? undefined : Number(digits),
  };
}
