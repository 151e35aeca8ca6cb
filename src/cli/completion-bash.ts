// The completion script for bash, from 3.2 on, which is what macOS has.

import { KNOWN_METHODS } from "./command-words.ts";
import type { CompletedArgument, CompletedCommand, CompletedOption } from "./completion-commands.ts";

export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# sockeye completion for bash
_sockeye() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=request first=1 count=0 i
  COMPREPLY=()
  # bash breaks words at "=", ":" and "@": --option=value is three of them.
  if [[ $cur == = ]]; then cur=; fi
  if [[ $prev == = && $COMP_CWORD -ge 2 ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $COMP_CWORD -gt 1 ]]; then
    case \${COMP_WORDS[1]} in ${names.join("|")}) command=\${COMP_WORDS[1]} first=2 ;; esac
  fi

  case "$command $prev" in
${commands.map(valueCases).join("")}  esac

  case $cur in
    -*)
      case $command in
${commands.map(optionWords).join("")}      esac
      return ;;
  esac
  # @FILE, name=@FILE
  if [[ $cur == *@* || $prev == *@ ]]; then _sockeye_files -f "\${cur##*@}" "\${cur%"\${cur##*@}"}"; return; fi

  # How many words that are no options, nor what stands behind one, come before this one.
  for (( i = first; i < COMP_CWORD; i++ )); do
    case "$command \${COMP_WORDS[i]}" in
      ${commands.flatMap(valuePatterns).join("|")})
        if [[ \${COMP_WORDS[i+1]} == = ]]; then (( i += 2 )); else (( i += 1 )); fi ;;
      *" -"?*) ;;
      *) first=0; (( count += 1 )) ;;
    esac
  done
  case $command in
${commands.map((command) => argumentCase(command, names)).join("")}  esac
}

# File names with spaces and in any script, one for each line of compgen; $3 is what stands before the name.
_sockeye_files() {
  local name
  compopt -o filenames 2>/dev/null
  while IFS= read -r name; do COMPREPLY+=("$3$name"); done < <(compgen "$1" -- "$2")
}

_sockeye_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
}

complete -F _sockeye sockeye
`;
}

function valueCases(command: CompletedCommand): string {
  return command.options.map((option) => valueCase(command, option)).join("");
}

function valueCase(command: CompletedCommand, option: CompletedOption): string {
  if (option.value === undefined) return "";
  return `    ${patternsOf(command, option).join("|")}) ${complete(option.value, '"$cur"')}return ;;\n`;
}

function valuePatterns(command: CompletedCommand): string[] {
  return command.options.flatMap((option) => (option.value === undefined ? [] : patternsOf(command, option)));
}

function patternsOf({ name }: CompletedCommand, { short, long }: CompletedOption): string[] {
  return [short, long].filter((flag) => flag !== undefined).map((flag) => `"${name} ${flag}"`);
}

function complete(value: CompletedArgument, cur: string): string {
  switch (value.kind) {
    case "choice":
      return `_sockeye_words "${value.choices.join(" ")}" ${cur}; `;
    case "file":
      return `_sockeye_files -f ${cur}; `;
    case "folder":
      return `_sockeye_files -d ${cur}; `;
    default:
      return "";
  }
}

function optionWords({ name, options }: CompletedCommand): string {
  const flags = options.flatMap(({ short, long }) => (short === undefined ? [long] : [short, long]));
  return `        ${name}) _sockeye_words "${flags.join(" ")}" "$cur" ;;\n`;
}

function argumentCase({ name, arguments: all }: CompletedCommand, names: readonly string[]): string {
  if (name === "request") {
    const words = KNOWN_METHODS.join(" ");
    const first = `${names.filter((other) => other !== name).join(" ")} help ${words}`;
    return `    ${name})
      case $first in
        1) _sockeye_words "${first}" "$cur" ;;
        2) _sockeye_words "${words}" "$cur" ;;
      esac ;;\n`;
  }
  const places = all.map((argument, place) => `${place}) ${complete(argument, '"$cur"')};; `);
  return `    ${name}) case $count in ${places.join("")}esac ;;\n`;
}
