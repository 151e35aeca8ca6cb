// What the commands know of the terminal: whether there is one, and how to colour a text on it.

import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan";

/** Colours, or nothing, around a text. */
export type Painter = (style: Style, text: string) => string;

/**
 * Whether to colour what goes to a stream: only on a terminal, unless NO_COLOR or FORCE_COLOR say
 * otherwise (no-color.org).
 */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && env.TERM !== "dumb";
}

export function painter(color: boolean): Painter {
  return color
    ? (style, text) => styleText(style, text, { validateStream: false } as never)
    : (_style, text) => text;
}
