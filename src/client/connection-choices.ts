// How somebody who types says what connections are to be like: names of files, rules in curl's syntax, a proxy of the
// environment. From that to what the client takes.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { TlsSettings } from "../net/tls-settings.ts";
import type { ConnectionOptions } from "./connecting.ts";
import { ClientError } from "./errors.ts";
import { parseConnectTo, parseResolve } from "./routes.ts";
import type { HttpUrl } from "./url.ts";

/** Each as curl's option of that name takes it. */
export interface ConnectionChoices {
  readonly cacert?: string | undefined;
  /** FILE[:PASSWORD]; a colon of the file's name is written `\\:`. */
  readonly cert?: string | undefined;
  readonly connectTo?: readonly string[] | undefined;
  readonly insecure?: boolean | undefined;
  readonly ipFamily?: 4 | 6 | undefined;
  readonly key?: string | undefined;
  /** Bytes a second; 0 for no limit. */
  readonly limitRate?: number | undefined;
  /** "example.org, .test"; "*" for all. Default: what the environment says. */
  readonly noProxy?: string | undefined;
  /** `sha256//…;…`, or a file. */
  readonly pinnedPublicKey?: string | undefined;
  /** "" for none. Default: what the environment says. */
  readonly proxy?: string | undefined;
  readonly resolve?: readonly string[] | undefined;
}

export interface Surroundings {
  /** What names of files are relative to. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What the choices come to for a URL; undefined when nothing is chosen. Throws ClientError `OPTION_INVALID`, also for a
 * file that cannot be read.
 */
export async function readConnection(
  choices: ConnectionChoices,
  url: Pick<HttpUrl, "scheme" | "host">,
  { folder, environment }: Surroundings,
): Promise<ConnectionOptions | undefined> {
  const { connectTo = [], resolve: addresses = [], ipFamily, limitRate } = choices;
  const proxy = choices.proxy ?? environmentProxy(environment, url);
  return whatIsGiven<ConnectionOptions>({
    tls: await readTls(choices, folder),
    family: ipFamily,
    connectTo: connectTo.length === 0 ? undefined : connectTo.map(parseConnectTo),
    resolve: addresses.length === 0 ? undefined : addresses.map(parseResolve),
    proxy: proxy === "" ? undefined : proxy,
    noProxy:
      proxy === undefined ? undefined : (choices.noProxy ?? environment.no_proxy ?? environment.NO_PROXY),
    limitRate: limitRate === 0 ? undefined : limitRate,
  });
}

/**
 * The proxy of the environment, by the names that curl knows: http_proxy in capitals is one that a CGI program's client
 * could set. This machine itself is never asked for through it.
 */
function environmentProxy(
  environment: Surroundings["environment"],
  { scheme, host }: Pick<HttpUrl, "scheme" | "host">,
): string | undefined {
  if (/^(?:localhost|.*\.localhost|127(?:\.\d+){3}|::1)$/i.test(host)) return undefined;
  const names = scheme === "http" ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"];
  return [...names, "all_proxy", "ALL_PROXY"]
    .map((name) => environment[name])
    .find((value) => value !== undefined && value !== "");
}

async function readTls(choices: ConnectionChoices, folder: string): Promise<TlsSettings | undefined> {
  const { cacert, cert, insecure, key, pinnedPublicKey } = choices;
  const read = (name: string | undefined): Promise<Uint8Array> | undefined =>
    name === undefined ? undefined : readNamed(name, folder);
  const [certFile, passphrase] = cert === undefined ? [] : fileAndPassword(cert);
  const isHash = pinnedPublicKey?.startsWith("sha256//") !== false;
  return whatIsGiven<TlsSettings>({
    insecure: insecure === true ? true : undefined,
    ca: await read(cacert),
    cert: await read(certFile),
    key: await read(key),
    passphrase,
    pinnedKey: isHash ? pinnedPublicKey : await read(pinnedPublicKey),
  });
}

function fileAndPassword(text: string): readonly [file: string, password: string | undefined] {
  const colon = /(?<!\\):/.exec(text)?.index;
  const file = text.slice(0, colon).replaceAll("\\:", ":");
  return [file, colon === undefined ? undefined : text.slice(colon + 1)];
}

async function readNamed(name: string, folder: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(folder, name));
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, cause: unknown): ClientError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === "ENOENT" ? "there is no such file" : message;
  return new ClientError("OPTION_INVALID", `Cannot read the file ${JSON.stringify(name)}: ${why}`, { cause });
}

/** The members that have a value; undefined when none has. */
function whatIsGiven<T>(all: { readonly [name in keyof T]: T[name] | undefined }): T | undefined {
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as T);
}
