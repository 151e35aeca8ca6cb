// Routes of the caller's: to connect elsewhere than a URL says, in the syntax of curl's --connect-to and --resolve.
// Pure rules: nothing is connected or resolved here.

import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { ClientError } from "./errors.ts";

/** Connects to another host and port; the URL, its Host field and the name in the certificate stay. Undefined: any, or unchanged. */
export interface ConnectTo {
  readonly fromHost: string | undefined;
  readonly fromPort: number | undefined;
  readonly toHost: string | undefined;
  readonly toPort: number | undefined;
}

/** Addresses that a name has, for connections to a port, in place of those that the system knows. */
export interface Resolve {
  /** In lower case, IDNA; "*" for every name. */
  readonly host: string;
  readonly port: number;
  /** IPv6 without brackets. */
  readonly addresses: readonly string[];
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Reads "HOST1:PORT1:HOST2:PORT2"; each part may be empty, IPv6 is in brackets. Throws ClientError `OPTION_INVALID`. */
export function parseConnectTo(text: string): ConnectTo {
  const parts = splitAtColons(text);
  if (parts === undefined || parts.length !== 4) {
    throw invalid("connect to", text, 'it is not "HOST1:PORT1:HOST2:PORT2". An IPv6 address is in brackets');
  }
  const [fromHost, fromPort, toHost, toPort] = parts as [string, string, string, string];
  return {
    fromHost: fromHost === "" ? undefined : asInUrls(fromHost),
    fromPort: fromPort === "" ? undefined : portOf("connect to", text, fromPort),
    toHost: toHost === "" ? undefined : toHost,
    toPort: toPort === "" ? undefined : portOf("connect to", text, toPort),
  };
}

/**
 * Reads "HOST:PORT:ADDRESS[,ADDRESS]"; a "+" before it is allowed, as nothing is remembered for longer here.
 * Throws ClientError `OPTION_INVALID`.
 */
export function parseResolve(text: string): Resolve {
  const form = /^\+?(\[[^\]]*\]|[^:[\]]+):(\d+):(.+)$/.exec(text);
  if (form === null) {
    throw invalid("resolve", text, 'it is not "HOST:PORT:ADDRESS[,ADDRESS]"');
  }
  const [, host, port, list] = form as unknown as [string, string, string, string];
  const addresses = list.split(",").map((one) => withoutBrackets(one.trim()));
  const wrong = addresses.find((one) => isIP(one) === 0);
  if (wrong !== undefined) {
    throw invalid("resolve", text, `${JSON.stringify(wrong)} is no IPv4 or IPv6 address`);
  }
  return {
    host: asInUrls(withoutBrackets(host)),
    port: portOf("resolve", text, port),
    addresses,
  };
}

/** Where to connect for a host and a port: the first rule that is about them decides; undefined when none is. */
export function connectTarget(rules: readonly ConnectTo[], at: HostAndPort): HostAndPort | undefined {
  const rule = rules.find(
    ({ fromHost, fromPort }) => (fromHost ?? at.host) === at.host && (fromPort ?? at.port) === at.port,
  );
  if (rule === undefined) return undefined;
  return { host: rule.toHost ?? at.host, port: rule.toPort ?? at.port };
}

/** The addresses given for a host and a port; the last rule about them counts, one for "*" only when there is no other. */
export function givenAddresses(rules: readonly Resolve[], at: HostAndPort): readonly string[] | undefined {
  const about = (host: string): Resolve | undefined =>
    rules.findLast((rule) => rule.host === host && rule.port === at.port);
  return (about(at.host) ?? about("*"))?.addresses;
}

/** Parts between colons, those in brackets excepted; undefined when a bracket is where none belongs. */
function splitAtColons(text: string): string[] | undefined {
  const parts: string[] = [];
  const part = /(\[[^\]]*\]|[^:[\]]*)(:|$)/y;
  for (;;) {
    const found = part.exec(text);
    if (found === null) return undefined;
    parts.push(withoutBrackets(found[1] as string));
    if (found[2] === "") return parts;
  }
}

function withoutBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/** Lower case, and IDNA for what is not ASCII: as a parsed URL has it. */
function asInUrls(host: string): string {
  return isIP(host) === 0 ? domainToASCII(host) || host.toLowerCase() : host.toLowerCase();
}

function portOf(what: string, text: string, digits: string): number {
  const port = Number(digits);
  if (/^\d{1,5}$/.test(digits) && port <= 65_535) return port;
  throw invalid(what, text, `${JSON.stringify(digits)} is no port: those are numbers up to 65535`);
}

function invalid(what: string, text: string, why: string): ClientError {
  return new ClientError("OPTION_INVALID", `Cannot ${what} ${JSON.stringify(text)}: ${why}`);
}
