#!/usr/bin/env node
// The command itself: what it means and how it ends is decided in program.ts.

import { main } from "./program.ts";
import { watchStandardOutput } from "./standard-output.ts";

watchStandardOutput();
process.exitCode = await main(process.argv.slice(2));
