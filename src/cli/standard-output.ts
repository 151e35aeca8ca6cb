// What happens when standard output can take no more: nobody reads it, or its disk is full.

import { EXIT } from "./exit-codes.ts";

let needsReader = true;

/** From now on the command goes on to its own end when nobody reads what it prints. */
export function goOnWithoutReader(): void {
  needsReader = false;
}

/** A reader that has seen enough (`sockeye … | head`) ends the command, and is no fault of ours. */
export function watchStandardOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") {
      if (needsReader) process.exit(EXIT.ok);
      return;
    }
    const why = error.code === "ENOSPC" ? "the disk is full" : error.message;
    process.stderr.write(`sockeye: Cannot write to standard output: ${why}\n`);
    process.exit(EXIT.failure);
  });
}
