// What the shell shows, and where: answers on standard output, messages on standard error.

import { printable } from "../../text/printable.ts";
import type { Output } from "../output.ts";
import { type Painter, painter, wantsColor } from "../terminal.ts";

export interface Screen {
  /** Whether a person types here. */
  readonly interactive: boolean;
  readonly out: Output;
  /** Whether answers may be coloured. */
  readonly stream: { readonly isTTY?: boolean };
  readonly paint: Painter;
  /** An exchange comes: where no prompt stands between them, an empty line does. */
  begin(): Promise<void>;
  /** Says something on lines of its own, also while a line is being typed. */
  say(text: string): void;
  /** Lets another program have the terminal. */
  apart<Result>(act: () => Promise<Result>): Promise<Result>;
}

/** For what comes out of a pipe and goes into one. */
export function plainScreen(out: Output, stream: NodeJS.WriteStream, messages: NodeJS.WriteStream): Screen {
  let begun = false;
  return {
    interactive: false,
    out,
    begin: async () => {
      if (begun) await out.write("\n");
      begun = true;
    },
    stream,
    paint: painter(wantsColor(messages)),
    say: (text) => void messages.write(`${text}\n`),
    apart: (act) => act(),
  };
}

/** Something that went wrong, with its place. */
export function complain(screen: Screen, place: string | undefined, message: string): void {
  screen.say(`${place === undefined ? "" : `${place}: `}${screen.paint("red", printable(message))}`);
}

/** Something that a person may want to know. */
export function remark(screen: Screen, message: string): void {
  screen.say(screen.paint("dim", printable(message)));
}
