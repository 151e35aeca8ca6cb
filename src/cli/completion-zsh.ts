// The completion script for zsh, for its completion system (compinit).

import { KNOWN_METHODS } from "./command-words.ts";
import type { CompletedArgument, CompletedCommand, CompletedOption } from "./completion-commands.ts";

export function zshScript(commands: readonly CompletedCommand[]): string {
  const named = commands.filter(({ name }) => name !== "request");
  return `#compdef sockeye
# sockeye completion for zsh
_sockeye() {
  local command=request
  case $words[2] in
    ${commands.map(({ name }) => name).join("|")})
      if (( CURRENT > 2 )); then command=$words[2]; shift words; (( CURRENT-- )); fi ;;
  esac
  _sockeye_$command
}

_sockeye_first() {
  local -a commands methods
  commands=(${named.map(({ name, help }) => quote(`${name}:${help.replaceAll(":", "\\:")}`)).join(" ")})
  methods=(${KNOWN_METHODS.join(" ")})
  (( \${#words} > 2 )) || _describe -t commands command commands
  _describe -t methods method methods
}

_sockeye_item() {
  if compset -P '*@'; then _files; else _message 'Name:value name=value name:=json name==value @file'; fi
}

${commands.map(commandFunction).join("\n")}
# Either read at start-up, or found as a file in fpath.
if [[ $funcstack[1] == _sockeye ]]; then _sockeye "$@"; else compdef _sockeye sockeye; fi
`;
}

function commandFunction(command: CompletedCommand): string {
  const specs = command.options.map((option) => `    ${optionSpec(option)} \\\n`).join("");
  return `_sockeye_${command.name}() {\n  _arguments -s -S \\\n${specs}${argumentSpecs(command)}}\n`;
}

function argumentSpecs({ name, arguments: all }: CompletedCommand): string {
  if (name === "request") return "    '1:method or URL:_sockeye_first' \\\n    '*:item:_sockeye_item'\n";
  if (all.length === 0) return "    '*: :'\n";
  return `    ${all.map((argument, place) => `'${place + 1}: :${action(argument)}'`).join(" ")}\n`;
}

function optionSpec({ short, long, help, value }: CompletedOption): string {
  const text = help.replace(/[[\]\\:]/g, "\\$&");
  const after = value === undefined ? "" : `:${value.name.replaceAll(":", "\\:")}:${action(value)}`;
  const body = quote(`[${text}]${after}`);
  const equals = value === undefined ? "" : "=";
  if (short === undefined) return `'${long}${equals}'${body}`;
  const plus = value === undefined ? "" : "+";
  return `'(${short} ${long})'{${short}${plus},${long}${equals}}${body}`;
}

function action({ kind, choices }: CompletedArgument): string {
  switch (kind) {
    case "choice":
      return `(${choices.join(" ")})`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    default:
      return " ";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
