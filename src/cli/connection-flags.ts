// The options that say how connections are made, by curl's names: the same for every command that makes requests.

import { type Command, Option } from "commander";
import type { ConnectionOptions } from "../client/connecting.ts";
import { readConnection } from "../client/connection-choices.ts";
import type { HttpUrl } from "../client/url.ts";
import type { ConnectionChoice } from "../message/as/shown-request.ts";
import { wholeNumber } from "./server-flags.ts";

export interface ConnectionFlags {
  readonly cacert?: string;
  readonly cert?: string;
  readonly connectTo?: readonly string[];
  readonly insecure?: true;
  readonly ipv4?: true;
  readonly ipv6?: true;
  readonly key?: string;
  readonly limitRate?: number;
  readonly pinnedpubkey?: string;
  readonly proxy?: string;
  readonly resolve?: readonly string[];
}

const TITLE = "Connection:";

/** Adds the options to a command, in a group of their own. */
export function addConnectionOptions(command: Command): Command {
  for (const option of [
    new Option("-k, --insecure", "do not check the server's certificate"),
    new Option("--cacert <file>", "trust the authorities in this PEM file"),
    new Option("-E, --cert <file[:password]>", "show this client certificate"),
    new Option("--key <file>", "the private key of --cert"),
    new Option("--pinnedpubkey <hashes>", "take only a server with this public key (sha256//…, or a file)"),
    new Option("-x, --proxy <url>", "go through this proxy"),
    several("--connect-to <host:port:host:port>", "connect to the second in place of the first"),
    several("--resolve <host:port:addr>", "connect to this address for a host and port"),
    new Option("-4, --ipv4", "connect to IPv4 addresses only").conflicts(["ipv6"]),
    new Option("-6, --ipv6", "connect to IPv6 addresses only"),
    new Option("--limit-rate <bytes>", "bytes a second, each way").argParser(wholeNumber),
  ])
    command.addOption(option.helpGroup(TITLE));
  return command;
}

/** An option that may be given several times. */
export function several(flags: string, help: string): Option {
  return new Option(flags, help).argParser((text: string, before: string[] = []) => [...before, text]);
}

/** What the options say of connections to a URL. Throws ClientError `OPTION_INVALID`. */
export function connectionOf(flags: ConnectionFlags, url: HttpUrl): Promise<ConnectionOptions | undefined> {
  const { ipv4, ipv6, pinnedpubkey: pinnedPublicKey, ...rest } = flags;
  const ipFamily = ipv4 === true ? 4 : ipv6 === true ? 6 : undefined;
  return readConnection({ ...rest, ipFamily, pinnedPublicKey }, url, {
    folder: process.cwd(),
    environment: process.env,
  });
}

/** The options as they would be given to another tool. */
export function shownConnection(flags: ConnectionFlags & { readonly "http1.0"?: true }): ConnectionChoice[] {
  const { cacert, cert, key, limitRate, pinnedpubkey, proxy, connectTo = [], resolve = [] } = flags;
  const all: [string, string | boolean | number | undefined][] = [
    ["http1.0", flags["http1.0"]],
    ["insecure", flags.insecure],
    ["cacert", cacert],
    ["cert", cert],
    ["key", key],
    ["pinnedpubkey", pinnedpubkey],
    ["proxy", proxy],
    ...connectTo.map((rule): [string, string] => ["connect-to", rule]),
    ...resolve.map((rule): [string, string] => ["resolve", rule]),
    ["ipv4", flags.ipv4],
    ["ipv6", flags.ipv6],
    ["limit-rate", limitRate],
  ];
  return all.flatMap(([name, value]): ConnectionChoice[] => {
    if (value === undefined) return [];
    return [[name, value === true ? undefined : String(value)]];
  });
}
