#!/usr/bin/env node
// The command itself: what it means and how it ends is decided in program.ts.

import { EXIT } from "./exit-codes.ts";
import { main } from "./program.ts";

// A reader that has seen enough (`sockeye … | head`) is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  const why = error.code === "ENOSPC" ? "the disk is full" : error.message;
  process.stderr.write(`sockeye: Cannot write to standard output: ${why}\n`);
  process.exit(EXIT.failure);
});

process.exitCode = await main(process.argv.slice(2));
