// The shell's commands as its help shows them, and what is near to a word that is none of them.

import { FORM_NAMES } from "../../message/as/forms.ts";
import { KNOWN_METHODS } from "../command-words.ts";

export interface ShellCommand {
  readonly name: string;
  /** How it is typed. */
  readonly form: string;
  readonly help: string;
  /** Shown by `help NAME`, a sentence for each line. */
  readonly more: readonly string[];
}

export const COMMANDS: readonly ShellCommand[] = [
  {
    name: "cd",
    form: "cd [PATH|URL]",
    help: "go to another folder, mount or server; alone: where the shell began",
    more: [
      "cd animals, cd .., cd /kv and cd http://127.0.0.1:8080/ set what targets are relative to.",
      "Going to another server closes the connection and forgets the credentials.",
    ],
  },
  {
    name: "headers",
    form: "headers",
    help: "show the header fields that every request is sent with",
    more: ["Credentials are shown as …"],
  },
  {
    name: "header",
    form: "header NAME: VALUE",
    help: "send this field with every request",
    more: ["header NAME: without a value leaves out a field that would be sent by default."],
  },
  {
    name: "unset",
    form: "unset NAME",
    help: "undo a header",
    more: ["A field that was left out is sent again."],
  },
  {
    name: "auth",
    form: "auth [USER:PASSWORD | bearer TOKEN]",
    help: "send these credentials with every request; alone: none any more",
    more: ["The line is not kept in the history."],
  },
  {
    name: "schema",
    form: "schema",
    help: "ask the server again for the fields that post NAME and put NAME ask for",
    more: ['It is the JSON Schema that the server\'s answers point to: Link: <…>; rel="describedby".'],
  },
  {
    name: "source",
    form: "source FILE",
    help: "run the lines of a file",
    more: [
      "Empty lines and those that begin with # are left out. A line that fails does not stop the others.",
    ],
  },
  { name: "history", form: "history", help: "show the lines typed so far", more: [] },
  {
    name: "last",
    form: "last [-v]",
    help: "show the last exchange again; -v: every byte as it crossed the wire",
    more: ["With -v, > is what was sent and < what came; \\r\\n and \\x1b stand for the bytes themselves."],
  },
  {
    name: "as",
    form: `as ${FORM_NAMES.join("|")}`,
    help: "show the last request as a command or a file for another tool",
    more: [
      "as curl and as httpie show commands for a POSIX shell, as hurl an entry of a Hurl file, as http one",
      "of the .http files that VS Code and JetBrains' programs read. Credentials are in it.",
    ],
  },
  { name: "help", form: "help [COMMAND]", help: "show this, or more about one command", more: [] },
  {
    name: "q",
    form: "q, quit, exit",
    help: "close the connection and end; so does Ctrl-D",
    more: ["Ctrl-C does not: it cancels a request that runs, or the line."],
  },
];

/** What stands for a command besides its name. */
export const QUITTING: readonly string[] = ["q", "quit", "exit"];

export const REQUEST_FORM = "METHOD TARGET [BODY or ITEM…]";

const REQUESTS = `A line is a request or a command.

Requests: ${REQUEST_FORM}
  get test.html                         relative to where the shell is; /x is from the server's root
  put test.html This is test            the text behind the target is the body, as typed
  post page.html <h1>Hello</h1>         < makes it text/html, a JSON object or list application/json
  post animals/Rex type=dog legs:=4     all words are items: a JSON object, as in "sockeye request"
  put photo.jpg @photo.jpg              a file
  put note -- a=b > c                   behind -- everything is the body, whatever it looks like
  get / > page.html                     save the answer's body; | COMMAND gives it to a command

Records: get all; post NAME and put NAME ask for the fields of the server's schema.

Commands:`;

/** What `help` shows, and `help NAME`; undefined for what is no command. */
export function helpText(about: string | undefined): string | undefined {
  if (about === undefined) {
    const width = Math.max(...COMMANDS.map(({ form }) => form.length));
    const lines = COMMANDS.map(({ form, help }) => `  ${form.padEnd(width)}  ${help}`);
    return `${REQUESTS}\n${lines.join("\n")}\n`;
  }
  const word = about.toLowerCase();
  if (KNOWN_METHODS.includes(word.toUpperCase()))
    return `${word.toUpperCase()} TARGET [BODY or ITEM…]\n  Makes the request. "help" shows examples.\n`;
  const found = COMMANDS.find(({ name }) => name === (QUITTING.includes(word) ? "q" : word));
  if (found === undefined) return undefined;
  return `${[found.form, found.help, ...found.more].join("\n  ")}\n`;
}

/** What was probably meant by a word that is neither a command nor a method. */
export function nearestWord(word: string): string | undefined {
  const typed = word.toLowerCase();
  const known = [...COMMANDS.map(({ name }) => name), "quit", "exit", ...KNOWN_METHODS];
  const near = known
    .filter((name) => name.length > 1)
    .map((name) => ({ name, distance: editDistance(typed, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= (Math.min(typed.length, name.length) < 5 ? 1 : 2))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

/** How many characters to put in, take out, change, or swap with their neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] as number) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, (last[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
