// What Tab offers: commands and methods first, then what each of them takes.

import { readdir } from "node:fs/promises";
import { FORM_NAMES } from "../../message/as/forms.ts";
import { KNOWN_METHODS } from "../command-words.ts";
import { COMMANDS } from "./commands.ts";

/** What is known besides the line. */
export interface Known {
  targets(): Promise<readonly string[]>;
  readonly headerNames: readonly string[];
}

/** Offers, and the end of the line that each of them takes the place of. */
export type Completed = [offers: string[], replaced: string];

const HEADER_NAMES: readonly string[] = [
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Authorization",
  "Cache-Control",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Content-Type",
  "Cookie",
  "Expect",
  "Forwarded",
  "From",
  "Host",
  "If-Match",
  "If-Modified-Since",
  "If-None-Match",
  "If-Range",
  "If-Unmodified-Since",
  "Last-Event-ID",
  "Origin",
  "Prefer",
  "Range",
  "Referer",
  "TE",
  "User-Agent",
  "X-Forwarded-For",
];

/** Completes the line up to the cursor. */
export async function complete(line: string, known: Known): Promise<Completed> {
  const typed = line.trimStart();
  const words = typed.split(/\s+/);
  const last = words.at(-1) ?? "";
  const first = (words[0] ?? "").toLowerCase();
  if (words.length === 1) return [firstWords(last), last];
  if (/(?:^|=|:=?)@/.test(last) && !isCommand(first)) return files(last.replace(/^.*@/s, ""), last);
  if (words.length > 2) return [[], last];
  switch (first) {
    case "header":
      return [beginning(HEADER_NAMES, last, ": "), last];
    case "unset":
      return [beginning(known.headerNames, last, " "), last];
    case "help":
      return [beginning([...COMMANDS.map(({ name }) => name), ...methods(last)], last, " "), last];
    case "as":
      return [beginning(FORM_NAMES, last, ""), last];
    case "auth":
      return [beginning(["bearer"], last, " "), last];
    case "last":
      return [beginning(["-v"], last, ""), last];
    case "source":
      return files(last, last);
    case "cd":
      return [
        beginning(
          (await known.targets()).filter((target) => target.endsWith("/")),
          last,
          "",
        ),
        last,
      ];
    default:
      return isCommand(first) ? [[], last] : [beginning(await known.targets(), last, ""), last];
  }
}

function isCommand(word: string): boolean {
  return COMMANDS.some(({ name }) => name === word);
}

function firstWords(word: string): string[] {
  return beginning([...COMMANDS.map(({ name }) => name), "quit", "exit", ...methods(word)], word, " ");
}

/** In the case in which the word was begun. */
function methods(word: string): string[] {
  return /^[A-Z]/.test(word) ? [...KNOWN_METHODS] : KNOWN_METHODS.map((name) => name.toLowerCase());
}

function beginning(offers: readonly string[], word: string, end: string): string[] {
  return offers
    .filter((offer) => offer.toLowerCase().startsWith(word.toLowerCase()))
    .map((offer) => offer + end)
    .sort();
}

/** File names that begin as the path does. */
async function files(path: string, replaced: string): Promise<Completed> {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const entries = await readdir(folder === "" ? "." : folder, { withFileTypes: true }).catch(() => []);
  const before = replaced.slice(0, replaced.length - path.length);
  const offers = entries
    .filter(({ name }) => name.startsWith(path.slice(slash)) && !/\s/.test(name))
    .map((entry) => `${before}${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
  return [offers.sort(), replaced];
}
