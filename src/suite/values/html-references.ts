// Character references of HTML: "&gt;", "&#62;", "&#x3e;". The names and their rules are the HTML standard's.

import { type DefaultTreeAdapterMap, parseFragment } from "parse5";

const ESCAPES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

// Everything that could begin a reference, and nothing that could end the element it is put in.
const REFERENCE = /&(?:#\d+|#[xX][\da-fA-F]+|[A-Za-z][\dA-Za-z]*);?/g;

/** Writes the three characters that mean something in the text of an element as references. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);
}

/** Puts the characters in place of their references; what is no reference stays as it is. */
export function unescapeHtml(text: string): string {
  return text.replace(REFERENCE, (reference) => {
    // In a textarea references count and tags do not, and a newline only when it does not stand first.
    const [textarea] = parseFragment(`<textarea>.${reference}</textarea>`).childNodes;
    return textarea === undefined ? reference : textIn(textarea).slice(1);
  });
}

function textIn(node: DefaultTreeAdapterMap["node"]): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textIn).join("") : "";
}
