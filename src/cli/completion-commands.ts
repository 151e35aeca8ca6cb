// The commands as a completion script needs them: names, options, and what stands behind an option.

import type { Command, Option } from "commander";

/** What a value is completed with. */
export type ValueKind = "file" | "folder" | "choice" | "text";

export interface CompletedOption {
  readonly short: string | undefined;
  readonly long: string;
  readonly help: string;
  /** Undefined when it takes none. */
  readonly value:
    | { readonly kind: ValueKind; readonly name: string; readonly choices: readonly string[] }
    | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly help: string;
  readonly options: readonly CompletedOption[];
  /** In their order. */
  readonly arguments: readonly CompletedArgument[];
}

export interface CompletedArgument {
  readonly kind: ValueKind;
  readonly choices: readonly string[];
}

/** The commands as the scripts need them; the first is what a line without a command means. */
export function describeCommands(program: Command): CompletedCommand[] {
  const commands = program.commands.map((command) => describe(command));
  return [
    ...commands.filter(({ name }) => name === "request"),
    ...commands.filter(({ name }) => name !== "request"),
  ];
}

function describe(command: Command): CompletedCommand {
  return {
    name: command.name(),
    help: command.summary(),
    options: command.createHelp().visibleOptions(command).map(describeOption),
    arguments: command.registeredArguments.map((argument) => ({
      kind: kindOf(argument.name(), argument.argChoices),
      choices: argument.argChoices ?? [],
    })),
  };
}

function describeOption(option: Option): CompletedOption {
  const name = /[<[]([^\]>]+)[\]>]/.exec(option.flags)?.[1];
  const choices = option.argChoices ?? [];
  return {
    short: option.short ?? undefined,
    long: option.long ?? "",
    help: option.description.replace(/\s+/g, " "),
    value: name === undefined ? undefined : { kind: kindOf(name, choices), name, choices },
  };
}

function kindOf(name: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined && choices.length > 0) return "choice";
  if (name === "dir" || name === "store") return "folder";
  return name === "file" || name === "path" ? "file" : "text";
}
