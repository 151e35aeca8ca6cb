// HTML as a document that XPath can be asked of: elements without a namespace, so that "//h1" finds them, in the
// tree that a browser makes of the text (parse5).

import { DOMImplementation, type Document, type Node } from "@xmldom/xmldom";
import { type DefaultTreeAdapterMap, parse } from "parse5";

type HtmlNode = DefaultTreeAdapterMap["node"];

interface Waiting {
  readonly node: HtmlNode;
  readonly parent: Node;
  readonly level: number;
}

/** Browsers stop to nest here, too: what is deeper comes after what it is in. */
const MOST_LEVELS = 512;

/** Reads HTML as browsers do: whatever the text is, there is a document. */
export function parseHtml(text: string): Document {
  const document = new DOMImplementation().createDocument(null, "");
  // The next one of the document is the last one here.
  const waiting: Waiting[] = [];
  const wait = (nodes: readonly HtmlNode[], parent: Node, level: number): void => {
    for (const node of nodes.toReversed()) waiting.push({ node, parent, level });
  };
  wait(parse(text).childNodes, document, 1);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent, level } = next;
    const made = make(document, node);
    if (made === undefined) continue;
    parent.appendChild(made);
    wait(childrenOf(node), level < MOST_LEVELS ? made : parent, Math.min(level + 1, MOST_LEVELS));
  }
  return document;
}

function make(document: Document, node: HtmlNode): Node | undefined {
  if ("tagName" in node) {
    const element = document.createElement(node.tagName);
    // Any name at all: "@click", "v-on:click.prevent".
    for (const { name, prefix, value } of node.attrs) {
      element.setAttribute(prefix === undefined || prefix === "" ? name : `${prefix}:${name}`, value);
    }
    return element;
  }
  if ("value" in node) return document.createTextNode(node.value);
  if ("data" in node) return document.createComment(node.data);
  return undefined;
}

function childrenOf(node: HtmlNode): readonly HtmlNode[] {
  // A template keeps its children apart.
  if ("content" in node) return node.content.childNodes;
  return "childNodes" in node ? node.childNodes : [];
}
