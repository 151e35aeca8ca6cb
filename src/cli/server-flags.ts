// The server's limits and timeouts as flags: one row for each, with the names of the library's options.

import { InvalidArgumentError, Option } from "commander";
import { DEFAULT_SETTINGS, type ServerSettings } from "../server/options.ts";
import { parseBytes } from "./quantities.ts";

interface Flag {
  readonly name: keyof ServerSettings;
  readonly unit: "ms" | "bytes" | "n";
  readonly help: string;
}

const FLAGS: readonly Flag[] = [
  { name: "headTimeout", unit: "ms", help: "from a head's first byte to its last" },
  { name: "idleTimeout", unit: "ms", help: "that a connection may stay open without a request" },
  { name: "bodyTimeout", unit: "ms", help: "in which a body must move, either way" },
  { name: "lingerTimeout", unit: "ms", help: "to go on reading after the last answer" },
  { name: "drainLimit", unit: "bytes", help: "of an unread body read away to keep the connection" },
  { name: "maxConnections", unit: "n", help: "open connections; 503 beyond" },
  { name: "maxRequests", unit: "n", help: "requests on one connection" },
  { name: "maxStartLine", unit: "bytes", help: "of a request line; 414 beyond" },
  { name: "maxFieldLine", unit: "bytes", help: "of one field line; 431 beyond" },
  { name: "maxHead", unit: "bytes", help: "of a whole head; 431 beyond" },
  { name: "maxFields", unit: "n", help: "field lines of a head; 431 beyond" },
  { name: "maxChunkExtensions", unit: "bytes", help: "of chunk extensions in a body" },
  { name: "maxTrailers", unit: "bytes", help: "of a trailer section; 431 beyond" },
  { name: "maxBody", unit: "bytes", help: "of a request's body; 413 beyond" },
];

/** The flags, in a group of their own behind the others. */
export function settingOptions(): Option[] {
  return FLAGS.map(({ name, unit, help }) => {
    const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return new Option(`--${dashed} <${unit}>`, `${help} (${standard(name)})`)
      .argParser(unit === "bytes" ? byteCount : wholeNumber)
      .helpGroup("Limits and timeouts:");
  });
}

function standard(name: keyof ServerSettings): string {
  const value = DEFAULT_SETTINGS[name];
  return value === 0
    ? `default: 0, ${zero(name)}`
    : `default: ${value.toLocaleString("en")}; 0: ${zero(name)}`;
}

function zero(name: keyof ServerSettings): string {
  if (name === "drainLimit") return "none";
  return name === "lingerTimeout" ? "close at once" : "no limit";
}

/** The settings that were given, out of all the options that were. */
export function givenSettings(options: { readonly [name: string]: unknown }): Partial<ServerSettings> {
  return Object.fromEntries(
    FLAGS.map(({ name }) => [name, options[name]]).filter(([, value]) => value !== undefined),
  ) as Partial<ServerSettings>;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("It takes a whole number, 0 or more.");
  return value;
}

/** Bytes, with or without a unit: 65536, 64KiB. */
export function byteCount(text: string): number {
  const value = parseBytes(text);
  if (value === undefined)
    throw new InvalidArgumentError("It takes a number of bytes, such as 65536 or 16MiB.");
  return value;
}

/** The origin of pages as browsers send it, or "*"; anything else would never be met. */
export function webOrigin(text: string): string {
  if (text === "*" || text === "null") return text;
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s@]+$/i.test(text) ? text : undefined;
  const own = URL.canParse(text) ? new URL(text).origin : "null";
  // Of what is no http: or https: URL, nobody but its browser knows how the origin is written.
  if (found !== undefined && (own === "null" || own === text.toLowerCase())) return text;
  const meant = own === "null" ? "http://localhost:5173" : own;
  throw new InvalidArgumentError(`It takes scheme, host and port, such as ${meant}, or *.`);
}

/** A host without scheme and port, which it is compared without. */
export function hostName(text: string): string {
  if (!/[/\s]|^[^:[\]]*:\d*$|\]:\d*$/.test(text)) return text;
  throw new InvalidArgumentError(
    "It takes a name or an address without scheme and port, such as files.example.com.",
  );
}

export function portNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return value;
}
