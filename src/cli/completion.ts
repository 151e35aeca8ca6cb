// `sockeye completion SHELL`: a script that completes command lines, made out of the commands themselves, so
// that it knows every option there is.

import { Argument, Command } from "commander";
import { bashScript } from "./completion-bash.ts";
import { describeCommands } from "./completion-commands.ts";
import { fishScript } from "./completion-fish.ts";
import { zshScript } from "./completion-zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

const HELP = `
To switch it on, put into the shell's start-up file:
  bash   ~/.bashrc    eval "$(sockeye completion bash)"
  zsh    ~/.zshrc     eval "$(sockeye completion zsh)"      after compinit
  fish   ~/.config/fish/config.fish   sockeye completion fish | source`;

/** `program` gives the whole grammar, which is complete only after this command was added to it. */
export function completionCommand(program: () => Command): Command {
  return new Command("completion")
    .summary("print a script that completes command lines in bash, zsh or fish")
    .description("Prints a script that completes sockeye's commands, options, methods and files.")
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", HELP)
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](describeCommands(program())));
    });
}
