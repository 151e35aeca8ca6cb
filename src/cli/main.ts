#!/usr/bin/env node
// The command itself: what it means and how it ends is decided in program.ts.

import { main } from "./program.ts";

// A reader that has seen enough (`sockeye … | head`) is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
