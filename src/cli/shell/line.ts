// What a typed line means: a request, a command, nothing, or nothing that is understood. Text in, a value out;
// nothing is sent and nothing is read here.

import { FORM_NAMES, type Form } from "../../message/as/forms.ts";
import { KNOWN_METHODS } from "../command-words.ts";
import { type Item, parseItem } from "../items.ts";
import { COMMANDS, nearestWord, QUITTING, REQUEST_FORM } from "./commands.ts";
import { type Destination, splitWords, takeDestination } from "./words.ts";

/** What a request sends. `empty` was asked for in so many words, `none` leaves the shell to ask. */
export type TypedBody =
  | { readonly kind: "none" }
  | { readonly kind: "empty" }
  | { readonly kind: "items"; readonly items: readonly Item[] }
  | { readonly kind: "text"; readonly text: string };

export interface TypedRequest {
  readonly kind: "request";
  readonly method: string;
  /** As typed; undefined: the base itself. */
  readonly target: string | undefined;
  readonly body: TypedBody;
  readonly destination: Destination | undefined;
}

export type Credentials =
  | { readonly kind: "basic"; readonly pair: string }
  | { readonly kind: "bearer"; readonly token: string };

export type ShellLine =
  | TypedRequest
  | { readonly kind: "nothing" }
  | { readonly kind: "cd"; readonly where: string | undefined }
  | { readonly kind: "headers" }
  | { readonly kind: "header"; readonly name: string; readonly value: string }
  | { readonly kind: "unset"; readonly name: string }
  | { readonly kind: "auth"; readonly credentials: Credentials | undefined }
  | { readonly kind: "schema" }
  | { readonly kind: "source"; readonly path: string }
  | { readonly kind: "history" }
  | { readonly kind: "last"; readonly verbose: boolean }
  | { readonly kind: "as"; readonly form: Form }
  | { readonly kind: "help"; readonly about: string | undefined }
  | { readonly kind: "quit" }
  /** `hint` says what would be right. */
  | { readonly kind: "wrong"; readonly hint: string };

/** Reads a line. What begins with # is a comment. */
export function readLine(typed: string): ShellLine {
  const line = typed.trim();
  if (line === "" || line.startsWith("#")) return { kind: "nothing" };
  const [first = ""] = line.split(/\s/, 1);
  const rest = line.slice(first.length).trim();
  const word = first.toLowerCase();
  if (QUITTING.includes(word)) return rest === "" ? { kind: "quit" } : wrongForm("q");
  if (COMMANDS.some(({ name }) => name === word)) return readCommand(word, rest);
  const method = methodOf(first, rest !== "");
  return method === undefined ? unknown(first) : readRequest(method, line, first.length);
}

function readCommand(name: string, rest: string): ShellLine {
  const words = splitWords(rest).map(({ text }) => text);
  const [one] = words;
  const alone = words.length === 0;
  const single = words.length === 1 ? one : undefined;
  switch (name) {
    case "cd":
      return words.length < 2 ? { kind: "cd", where: one } : wrongForm(name);
    case "headers":
      return alone ? { kind: "headers" } : wrongForm(name);
    case "header":
      return readHeader(rest);
    case "unset":
      return single === undefined ? wrongForm(name) : { kind: "unset", name: single.replace(/:$/, "") };
    case "auth":
      return readAuth(rest);
    case "schema":
      return alone ? { kind: "schema" } : wrongForm(name);
    case "source":
      return single === undefined ? wrongForm(name) : { kind: "source", path: single };
    case "history":
      return alone ? { kind: "history" } : wrongForm(name);
    case "last":
      return alone || single === "-v" || single === "--verbose"
        ? { kind: "last", verbose: !alone }
        : wrongForm(name);
    case "as":
      return readForm(single?.toLowerCase());
    default:
      return words.length < 2 ? { kind: "help", about: one } : wrongForm("help");
  }
}

function readForm(word: string | undefined): ShellLine {
  const form = FORM_NAMES.find((name) => name === word);
  return form === undefined ? wrongForm("as") : { kind: "as", form };
}

function readHeader(rest: string): ShellLine {
  const [, name, value = ""] = /^([^\s:]+)\s*:(.*)$/su.exec(rest) ?? [];
  return name === undefined ? wrongForm("header") : { kind: "header", name, value: value.trim() };
}

function readAuth(rest: string): ShellLine {
  if (rest === "") return { kind: "auth", credentials: undefined };
  const token = /^bearer\s+(\S+)$/i.exec(rest)?.[1];
  if (token !== undefined) return { kind: "auth", credentials: { kind: "bearer", token } };
  const words = splitWords(rest);
  const pair = words.length === 1 ? words[0]?.text : undefined;
  if (pair === undefined || !pair.includes(":")) return wrongForm("auth");
  return { kind: "auth", credentials: { kind: "basic", pair } };
}

/** Known methods in either case; others in capitals, and with a target: a single word is rather a slip. */
function methodOf(word: string, hasTarget: boolean): string | undefined {
  const upper = word.toUpperCase();
  if (KNOWN_METHODS.includes(upper)) return upper;
  return hasTarget && /^[A-Z][A-Z0-9_-]*$/.test(word) && word.length > 1 ? word : undefined;
}

function readRequest(method: string, line: string, methodEnd: number): ShellLine {
  const exact = exactBody(line);
  const { line: asked, destination } =
    exact === undefined ? takeDestination(line) : { line, destination: undefined };
  const target = splitWords(asked)[1];
  const base = { kind: "request", method, target: target?.text, destination } as const;
  if (exact !== undefined)
    return { ...base, body: exact === "" ? { kind: "empty" } : { kind: "text", text: exact } };
  const rest = asked.slice(target?.end ?? methodEnd).trim();
  if (rest === "") return { ...base, body: { kind: "none" } };
  const items = readItems(rest);
  return { ...base, body: items === undefined ? { kind: "text", text: rest } : { kind: "items", items } };
}

/** What stands behind a word "--" that follows the target. */
function exactBody(line: string): string | undefined {
  const mark = splitWords(line)[2];
  return mark?.text === "--" ? line.slice(mark.end).trim() : undefined;
}

/** The items, when every word is one. */
function readItems(rest: string): readonly Item[] | undefined {
  // JSON or HTML, however it is spaced: {"a":1} would read as a header.
  if (/^[{[<]/.test(rest)) return undefined;
  const items: Item[] = [];
  for (const { text } of splitWords(rest)) {
    // A URL reads like a header called "http".
    if (/^https?:\/\//i.test(text)) return undefined;
    try {
      items.push(parseItem(text));
    } catch {
      return undefined;
    }
  }
  return items;
}

function wrongForm(name: string): ShellLine {
  const form = COMMANDS.find((command) => command.name === name)?.form ?? "";
  return { kind: "wrong", hint: `It is: ${form}` };
}

function unknown(word: string): ShellLine {
  const near = nearestWord(word);
  const meant = near === undefined ? "" : `Did you mean ${near}? `;
  return {
    kind: "wrong",
    hint: `${meant}A request is ${REQUEST_FORM}, such as GET test.html; "help" shows the commands`,
  };
}
