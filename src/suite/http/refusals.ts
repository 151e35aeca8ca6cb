// Scripts and other files, which `.http` files may ask for and which are not run or read here: the errors that say
// what to write in their place.
import type { HurlSyntaxError } from "../hurl/errors.ts";
import { skipSpaces } from "../hurl/lines.ts";
import type { Scanner } from "../hurl/scanner.ts";

// `> {% … %}`, `< {% … %}`, `> file.js`, and a line of httpyac's with "{{" and no "}}".
const SCRIPT = /^\s*[<>]\s*\{%|^\s*>\s+\S+\.[cm]?[jt]s\s*$|^\s*\{\{(?:[@+]|(?!.*\}\}))/;

export function isScriptLine(line: string): boolean {
  return SCRIPT.test(line);
}

/** `SCRIPT`, for a script before a request or after it. */
export function refusedScript(scanner: Scanner, line: string): HurlSyntaxError {
  skipSpaces(scanner);
  const after = /^\s*>/.test(line);
  const instead = after
    ? "Check the answer with lines such as ?? status == 200, and take values out of it with "
    : "Define variables with @name = value, and take values out of answers with ";
  return scanner.error("SCRIPT", `scripts are not run. ${instead}{{name.response.body.$.path}}`);
}

/** `IMPORT`, for requests of other files. */
export function refusedImport(scanner: Scanner): HurlSyntaxError {
  skipSpaces(scanner);
  const instead = "give them to the command one after another, or copy the request";
  return scanner.error("IMPORT", `other files are not read: ${instead}`);
}
