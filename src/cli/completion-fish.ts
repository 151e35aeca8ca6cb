// The completion script for fish.

import { KNOWN_METHODS } from "./command-words.ts";
import type { CompletedArgument, CompletedCommand, CompletedOption } from "./completion-commands.ts";

export function fishScript(commands: readonly CompletedCommand[]): string {
  const others = commands.filter(({ name }) => name !== "request").map(({ name }) => name);
  const isRequest = `not __fish_seen_subcommand_from ${others.join(" ")}`;
  const lines = [
    "# sockeye completion for fish",
    "complete -c sockeye -f",
    ...commands
      .filter(({ name }) => name !== "request")
      .map(({ name, help }) => `complete -c sockeye -n __fish_use_subcommand -a ${name} -d ${quote(help)}`),
    `complete -c sockeye -n __fish_use_subcommand -a ${quote(KNOWN_METHODS.join(" "))} -d method`,
    // fish completes what is behind "=" by itself; what is behind "@" has to be put together.
    `complete -c sockeye -n ${quote(`${isRequest}; and string match -q -- '*@*' (commandline -ct)`)} -a ${quote("(set -l word (commandline -ct); set -l path (string replace -r '^.*@' '' -- $word); set -l before (string replace -r '[^@]*$' '' -- $word); for found in (__fish_complete_path $path); echo $before$found; end)")}`,
  ];
  for (const command of commands) {
    const when = command.name === "request" ? isRequest : `__fish_seen_subcommand_from ${command.name}`;
    for (const option of command.options) lines.push(optionLine(option, when));
    if (command.name === "request") continue;
    // fish does not count words: what any of the arguments can be is offered for each.
    for (const offer of new Set(command.arguments.map(values))) {
      lines.push(`complete -c sockeye -n ${quote(when)} ${offer}`.trimEnd());
    }
  }
  return `${lines.join("\n")}\n`;
}

function optionLine({ short, long, help, value }: CompletedOption, when: string): string {
  const flags = `${short === undefined ? "" : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  // -r is followed by a value; -x by a value that is no file.
  const required = value?.kind === "file" ? "-r" : "-x";
  const takes = value === undefined ? "" : ` ${required} ${values(value)}`.trimEnd();
  return `complete -c sockeye -n ${quote(when)} ${flags}${takes} -d ${quote(help)}`;
}

function values({ kind, choices }: CompletedArgument): string {
  switch (kind) {
    case "choice":
      return `-a ${quote(choices.join(" "))}`;
    case "file":
      return "-F";
    case "folder":
      return `-a ${quote("(__fish_complete_directories (commandline -ct))")}`;
    default:
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
