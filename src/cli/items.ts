// The items of a request on the command line: which part of the request each one is. The notation is
// HTTPie's. Knows texts and files, nothing of HTTP but names.

import { readFile } from "node:fs/promises";
import { CommandError, EXIT } from "./exit-codes.ts";

export type ItemKind = "header" | "query" | "text" | "json";

/** One part of a request. `remove` takes a field away that would be sent by default. */
export type Item =
  | { readonly kind: ItemKind; readonly name: string; readonly value: string; readonly fromFile: boolean }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "body"; readonly path: string };

// Longest first: where two of them begin at one place, the longer is meant.
const SEPARATORS: readonly {
  readonly text: string;
  readonly kind: ItemKind | "body";
  readonly file: boolean;
}[] = [
  { text: ":=@", kind: "json", file: true },
  { text: "==@", kind: "query", file: true },
  { text: ":=", kind: "json", file: false },
  { text: "==", kind: "query", file: false },
  { text: "=@", kind: "text", file: true },
  { text: ":@", kind: "header", file: true },
  { text: ":", kind: "header", file: false },
  { text: "=", kind: "text", file: false },
  { text: "@", kind: "body", file: true },
];

/**
 * Reads one item:
 *
 *     Name:value  header       name=value   JSON string   name==value  query     @file  the whole body
 *     Name:       takes away   name:=json   JSON          name=@file, name:=@file, name==@file, Name:@file
 *     Name;       empty        \: \= \@ \;  the character itself
 *
 * The first separator counts. Throws CommandError.
 */
export function parseItem(text: string): Item {
  const { characters, escaped } = takeEscapes(text);
  const found = findSeparator(characters, escaped);
  const last = characters.length - 1;
  if (found === undefined && last > 0 && characters[last] === ";" && !escaped.has(last)) {
    return { kind: "header", name: characters.slice(0, last).join(""), value: "", fromFile: false };
  }
  if (found === undefined) {
    throw usage(
      `Cannot read the item ${JSON.stringify(text)}: it takes Name:value, name=value, name:=json, name==value or @file${methodHint(text)}`,
    );
  }
  const { at, separator } = found;
  const name = characters.slice(0, at).join("");
  const value = characters.slice(at + separator.text.length).join("");
  if (separator.kind === "body") return wholeBody(name, value, text);
  if (name === "")
    throw usage(`Cannot read the item ${JSON.stringify(text)}: there is no name before "${separator.text}"`);
  if (separator.text === ":" && value === "") return { kind: "remove", name };
  if (separator.file && value === "")
    throw usage(`Cannot read the item ${JSON.stringify(text)}: there is no file name behind the @`);
  return { kind: separator.kind, name, value, fromFile: separator.file };
}

/** The text of an item's value; that of a file without the line end that editors put behind it, where that counts. Throws CommandError. */
export async function itemValue(item: Item & { readonly kind: ItemKind }): Promise<string> {
  if (!item.fromFile) return item.value;
  let bytes: Buffer;
  try {
    bytes = await readFile(item.value);
  } catch (error) {
    throw fileError(item.value, error);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw usage(
      `Cannot use ${item.value} in "${item.name}": it is not UTF-8 text. @${item.value} sends its bytes as the whole body`,
      error,
    );
  }
  return item.kind === "header" || item.kind === "query" ? text.replace(/\r?\n$/, "") : text;
}

/** What to say about a file named on the command line that cannot be read. */
export function fileError(path: string, error: unknown): CommandError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EISDIR"
        ? "it is a folder"
        : code === "EACCES"
          ? "this user may not read it"
          : message;
  return usage(`Cannot read ${path}: ${why}`, error);
}

/** A backslash makes the separator's character behind it an ordinary one; before any other it stays what it is. */
function takeEscapes(text: string): { readonly characters: string[]; readonly escaped: ReadonlySet<number> } {
  const characters: string[] = [];
  const escaped = new Set<number>();
  const all = [...text];
  for (let at = 0; at < all.length; at += 1) {
    const character = all[at] as string;
    const next = all[at + 1];
    if (character === "\\" && next !== undefined && ":;=@".includes(next)) {
      escaped.add(characters.length);
      characters.push(next);
      at += 1;
    } else {
      characters.push(character);
    }
  }
  return { characters, escaped };
}

function findSeparator(
  characters: readonly string[],
  escaped: ReadonlySet<number>,
): { readonly at: number; readonly separator: (typeof SEPARATORS)[number] } | undefined {
  for (let at = 0; at < characters.length; at += 1) {
    const separator = SEPARATORS.find(({ text }) =>
      [...text].every((character, i) => characters[at + i] === character && !escaped.has(at + i)),
    );
    if (separator !== undefined) return { at, separator };
  }
  return undefined;
}

function wholeBody(name: string, path: string, text: string): Item {
  if (name !== "") {
    throw usage(
      `Cannot send ${JSON.stringify(text)}: forms with files in them (multipart/form-data) are not spoken here. @${path} sends the file as the whole body, ${name}=@${path} its text as a field`,
    );
  }
  if (path === "")
    throw usage('Cannot read the item "@": there is no file name behind the @; @- is standard input');
  return { kind: "body", path };
}

function methodHint(text: string): string {
  return /^[A-Za-z][\w.-]*(?:\/|$)/.test(text) && /\.|\//.test(text)
    ? ". A method before a URL is written in capitals"
    : "";
}

function usage(message: string, cause?: unknown): CommandError {
  return new CommandError(EXIT.usage, message, { cause });
}
