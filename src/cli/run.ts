// `sockeye run FILE…`: options in, test files run, an exit code out.

import { Command } from "commander";
import { addRunOptions, type RunFlags } from "./run/flags.ts";

const HELP = `
Files are in Hurl's format (https://hurl.dev), or .http and .rest files as editors have them. A folder stands for
the .hurl, .http and .rest files in it; without any, standard input is read.

Examples:
  sockeye run session.hurl                     print the last answer's body
  sockeye run --test tests/                    a line for each file, and a summary
  sockeye run --test --variable host=http://127.0.0.1:3091 examples/*.hurl
  sockeye run -v --from-entry 3 --to-entry 4 session.hurl
  sockeye run --test --report-junit report.xml tests/
  sockeye run --ast session.hurl               what the file means, as JSON

Exit codes: 0 done; 1 usage; 2 a file is not in its format; 3 a request could not be made, or a value not be
found; 4 an answer was not as the file says; 130 Ctrl-C. Before the first request all files are read.`;

export function runCommand(): Command {
  const command = new Command("run")
    .summary("run files of requests and what their answers must be")
    .description("Runs the requests in files, and checks the answers.")
    .argument("[file...]", "files, folders, or - for standard input");
  return addRunOptions(command).addHelpText("after", HELP).action(run);
}

async function run(names: readonly string[], flags: RunFlags): Promise<void> {
  // Loaded when it is wanted: the engines behind it take longer than most requests.
  const { runCommandLine } = await import("./run/run.ts");
  process.exitCode = await runCommandLine(names, flags);
}
