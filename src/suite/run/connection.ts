// From an entry's options to how its connections are made: files are read, rules are taken apart.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ConnectionOptions } from "../../client/connecting.ts";
import { parseConnectTo, parseResolve } from "../../client/routes.ts";
import type { TlsSettings } from "../../net/tls-settings.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import type { EntryOptions, RunSettings } from "./settings.ts";

/**
 * What of an entry's options concerns its connections; undefined when nothing does. Names of files are relative to
 * the file root. Failure OPTION at `source`, ClientError OPTION_INVALID.
 */
export async function connectionOf(
  options: EntryOptions,
  scheme: "http" | "https",
  { environment, fileRoot, noProxy }: RunSettings,
  source: Span,
): Promise<ConnectionOptions | undefined> {
  const { connectTo, resolve: addresses, ipFamily, limitRate } = options;
  const proxy = options.proxy ?? proxyOf(environment, scheme);
  const all = {
    tls: scheme === "https" ? await tlsOf(options, fileRoot, source) : undefined,
    family: ipFamily,
    connectTo: connectTo.length === 0 ? undefined : connectTo.map(parseConnectTo),
    resolve: addresses.length === 0 ? undefined : addresses.map(parseResolve),
    proxy: proxy === "" ? undefined : proxy,
    noProxy: noProxy.length === 0 || proxy === undefined ? undefined : noProxy.join(","),
    limitRate: limitRate === 0 ? undefined : limitRate,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as ConnectionOptions);
}

/** The variables that curl knows; http_proxy in capitals is one that a CGI program's client could set. */
function proxyOf(environment: NodeJS.ProcessEnv, scheme: "http" | "https"): string | undefined {
  const names = scheme === "http" ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"];
  return [...names, "all_proxy", "ALL_PROXY"]
    .map((name) => environment[name])
    .find((value) => value !== undefined);
}

async function tlsOf(options: EntryOptions, root: string, source: Span): Promise<TlsSettings | undefined> {
  const { cacert, cert, insecure, key, pinnedPublicKey } = options;
  const read = (name: string): Promise<Uint8Array> => bytesOf(resolve(root, name), name, source);
  const [certFile, passphrase] = cert === undefined ? [undefined, undefined] : fileAndPassword(cert);
  const all = {
    insecure: insecure || undefined,
    ca: cacert === undefined ? undefined : await read(cacert),
    cert: certFile === undefined ? undefined : await read(certFile),
    key: key === undefined ? undefined : await read(key),
    passphrase,
    pinnedKey:
      pinnedPublicKey === undefined || pinnedPublicKey.startsWith("sha256//")
        ? pinnedPublicKey
        : await read(pinnedPublicKey),
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as TlsSettings);
}

/** `FILE[:PASSWORD]`, where a colon of the file's name is written as `\\:`. */
function fileAndPassword(text: string): readonly [file: string, password: string | undefined] {
  const colon = /(?<!\\):/.exec(text)?.index;
  const file = text.slice(0, colon).replaceAll("\\:", ":");
  return [file, colon === undefined ? undefined : text.slice(colon + 1)];
}

async function bytesOf(path: string, name: string, source: Span): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(name, source, error);
  }
}

function unreadable(name: string, source: Span, cause: unknown): Failure {
  const why =
    (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : (cause as Error).message;
  return new Failure("OPTION", source, `file ${name} can not be read: ${why}`, { cause });
}
