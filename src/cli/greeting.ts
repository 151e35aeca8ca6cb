// What `sockeye serve` says when it is ready: what is served, with which rights, at which URLs.

import { ownAddresses } from "../net/listen.ts";
import type { ServerAddress } from "../server/server.ts";
import { columnsOf } from "../text/columns.ts";
import { printableLine } from "../text/printable.ts";
import type { OpenMount } from "./mounts.ts";
import type { Painter } from "./terminal.ts";

/** The greeting as text for the terminal. */
export function greeting(address: ServerAddress, mounts: readonly OpenMount[], paint: Painter): string {
  const lines = [
    "Sockeye serves",
    ...mountLines(mounts, paint),
    "at",
    ...urlsOf(address, mounts).map((url) => `  ${paint("cyan", url)}`),
    ...warnings(address, mounts).map((warning) => paint("yellow", warning)),
    paint("dim", "Ctrl-C stops it."),
  ];
  return `${lines.join("\n")}\n`;
}

function mountLines(mounts: readonly OpenMount[], paint: Painter): string[] {
  const rows = mounts.map(({ spec: { path, kind, where } }) => [path, kind, printableLine(where)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))));
  return mounts.map(({ readOnly, inMemory }, index) => {
    const [path = "", ...others] = (rows[index] ?? []).map(
      (cell, column) => cell + " ".repeat((widths[column] ?? 0) - columnsOf(cell)),
    );
    const rights = `${readOnly ? "read only" : "read and write"}${inMemory ? ", in memory" : ""}`;
    return `  ${paint("bold", path)}  ${others.join("  ")}  ${paint("dim", `(${rights})`)}`;
  });
}

/** The server's addresses; below the first, each mount's own. */
function urlsOf(address: ServerAddress, mounts: readonly OpenMount[]): string[] {
  const [first = "", ...others] = addresses(address);
  const named = mounts.filter(({ path }) => path !== "/");
  const separator = address.path === undefined ? "" : ":";
  return [
    address.path === undefined ? `${first}/` : first,
    ...named.map(({ path }) => `${first}${separator}${path}/`),
    ...others.map((url) => `${url}/`),
  ];
}

function addresses({ host, port, path, url }: ServerAddress): string[] {
  if (path !== undefined || (host !== "0.0.0.0" && host !== "::")) return [url];
  const all = ownAddresses().filter((address) => host === "::" || !address.includes(":"));
  return all.map((address) => `http://${address.includes(":") ? `[${address}]` : address}:${port}`);
}

function warnings({ host, path }: ServerAddress, mounts: readonly OpenMount[]): string[] {
  const texts: string[] = [];
  if (mounts.some(({ inMemory }) => inMemory)) {
    texts.push("What is kept in :memory: is gone when the server stops.");
  }
  if (path === undefined && !isLoopback(host) && mounts.some(({ readOnly }) => !readOnly)) {
    const what = mounts.every(({ spec: { kind } }) => kind === "files") ? "these files" : "what is served";
    texts.push(`Whoever can reach this address can change ${what}. --read-only switches writing off.`);
  }
  return texts;
}

function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}
