// HTML and SVG in which a text is always a text: what comes from a file, a server or a variable is cleared of
// secrets, then of what commands a reader, then escaped. There is no other way into it.

import { printable } from "../../text/printable.ts";

export interface Markup {
  readonly markup: string;
}

/** Texts are escaped, numbers are ours, nothing stands for undefined. */
type Part = string | number | Markup | readonly Markup[] | undefined;

/** A template's tag: the template is markup, and what is put into it is text. */
export type Write = (template: TemplateStringsArray, ...parts: readonly Part[]) => Markup;

/** A tag whose texts go through `redact`. */
export function markupWriter(redact: (text: string) => string): Write {
  return (template, ...parts) => {
    const written = parts.map((part) => partText(part, redact));
    return { markup: template.map((piece, i) => `${piece}${written[i] ?? ""}`).join("") };
  };
}

function partText(part: Part, redact: (text: string) => string): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escaped(printable(redact(part)));
  if (typeof part === "number") return String(part);
  if ("markup" in part) return part.markup;
  return part.map(({ markup }) => markup).join("");
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => REFERENCES[character] ?? character);
}
