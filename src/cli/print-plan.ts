// What is printed of an exchange, and how: from the options, and from who reads it.

import type { Output } from "./output.ts";
import { PARTS, type Part, type PrintPlan } from "./printing.ts";
import type { RequestFlags } from "./request-flags.ts";
import { painter, wantsColor } from "./terminal.ts";

/** A terminal gets everything coloured and indented, a pipe everything as it is, unless --pretty says otherwise. */
export function printPlan(flags: RequestFlags, out: Output, stream: { readonly isTTY?: boolean }): PrintPlan {
  const pretty = flags.pretty ?? (out.terminal ? "all" : "none");
  const indent = pretty === "all" || pretty === "format";
  const wanted = pretty === "all" || pretty === "colors";
  // Who asks for colours by name gets them in a pipe, too.
  const colors = wanted && (flags.pretty === undefined ? wantsColor(stream) : true);
  return {
    parts: partsOf(flags, out.terminal),
    look: { paint: painter(colors), colors, indent },
    shown: out.terminal || pretty !== "none",
    interim: flags.verbose === true,
  };
}

/** What is asked for; without a wish head and body on a terminal, in a pipe the body; -v adds the request's. */
export function partsOf(
  { print: letters, verbose, headers, body, meta }: RequestFlags,
  terminal: boolean,
): ReadonlySet<Part> {
  if (letters !== undefined) return new Set(PARTS.filter((part) => letters.includes(part)));
  const parts = new Set<Part>();
  const all = headers === undefined && body === undefined && (meta === undefined || verbose === true);
  if (headers === true || (all && (terminal || verbose === true))) parts.add("h");
  if (body === true || all) parts.add("b");
  if (verbose === true && parts.has("h")) parts.add("H");
  if (verbose === true && parts.has("b")) parts.add("B");
  if (meta === true) parts.add("m");
  return parts;
}
