// `sockeye shell [URL]`: options in, a shell run, an exit code out.

import { Command, Option } from "commander";
import { ClientError } from "../client/errors.ts";
import { addConnectionOptions } from "./connection-flags.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import type { ShellOptions } from "./shell/run.ts";

const STANDARD_URL = "http://127.0.0.1:3091/";

const HELP = `
Lines:
  get test.html                    METHOD TARGET, relative to the URL; /x is from the server's root
  put test.html This is test       the text behind the target is the body
  post animals/Rex type=dog age=3  items, as in "sockeye request"
  get all                          all records; "post NAME" asks for the fields of their schema
  help                             everything else

Examples:
  sockeye shell :3091/animals
  sockeye shell -c 'get all' :3091/animals
  sockeye shell :3091/ --fail-fast < lines.txt

On a terminal lines are edited, completed by Tab, and kept for the next time, but for those with
credentials. From a pipe they are run one after the other, without a prompt.

Exit codes: 0 every line worked; 1 one did not; 2 usage; 130 Ctrl-C. Any answer counts as one that
worked, unless --check-status is given. On a terminal it is 0.`;

export function shellCommand(): Command {
  const command = new Command("shell")
    .summary("type requests, a line for each, over one connection")
    .description("Makes a request for each line, over one connection that stays open.")
    .argument("[url]", `what targets are relative to (default: ${STANDARD_URL})`)
    .option("-c, --command <line>", "run this line instead of reading any; may be repeated", collect)
    .option("-v, --verbose", "print requests, too, and interim responses")
    .addOption(
      new Option("--pretty <how>", "colour and indent; a terminal gets all, a pipe none").choices([
        "all",
        "colors",
        "format",
        "none",
      ]),
    )
    .option("-a, --user <user:pass>", "credentials, sent as Basic authentication")
    .option("--check-status", "count an answer of 300 and above as a line that failed")
    .option("--fail-fast", "end at the first line that failed, unless on a terminal")
    .option("--no-history", "neither read nor write the history of lines");
  return addConnectionOptions(command).addHelpText("after", HELP).action(run);
}

async function run(url: string | undefined, options: ShellOptions): Promise<void> {
  const { user } = options;
  if (user !== undefined && !user.includes(":"))
    throw new CommandError(
      EXIT.usage,
      "Cannot use --user without a password: it takes USER:PASS, where PASS may be empty",
    );
  const { runShell } = await import("./shell/run.ts");
  try {
    process.exitCode = await runShell(url ?? STANDARD_URL, options);
  } catch (error) {
    throw named(error);
  }
}

/** What is wrong with a request is said within the shell; here only its URL can be. */
function named(error: unknown): unknown {
  return error instanceof ClientError ? new CommandError(EXIT.usage, error.message, { cause: error }) : error;
}

function collect(line: string, before: readonly string[] = []): string[] {
  return [...before, line];
}
