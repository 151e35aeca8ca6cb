// The order of a document's nodes: walking in it, and telling which of two nodes comes first. It knows no queries.

import type { Attr, Document, Element, Node } from "@xmldom/xmldom";

interface Visited {
  readonly node: Node;
  /** Of its nesting: 1 is the document's own children. */
  readonly level: number;
}

/** All nodes below a document, in its order; attributes are not among them. */
export function* walk(document: Document): Generator<Visited> {
  let level = 1;
  for (let node: Node | null = document.firstChild; node !== null; ) {
    yield { node, level };
    if (node.firstChild !== null) {
      node = node.firstChild;
      level += 1;
      continue;
    }
    while (node !== null && node !== document && node.nextSibling === null) {
      node = node.parentNode;
      level -= 1;
    }
    node = node === null || node === document ? null : node.nextSibling;
  }
}

const ELEMENT = 1;

export function attributesOf(node: Node): Iterable<Attr> {
  return node.nodeType === ELEMENT ? (node as Element).attributes : [];
}

const PRECEDING = 2;
const FOLLOWING = 4;

/**
 * Gives every node its number and lets nodes be compared by it. The document must not change any more. Without
 * this, comparing two of many siblings takes a walk over all of them, and sorting them minutes.
 */
export function numberNodes(document: Document): void {
  const numbers = new WeakMap<object, number>();
  const slow = document.compareDocumentPosition;
  function compareDocumentPosition(this: Node, other: Node): number {
    const own = numbers.get(this);
    const others = numbers.get(other);
    // The nodes that XPath makes of namespaces have none.
    if (own === undefined || others === undefined) return slow.call(this, other);
    return own === others ? 0 : others < own ? PRECEDING : FOLLOWING;
  }
  let count = 0;
  const number = (node: Node): void => {
    numbers.set(node, count);
    count += 1;
    Object.defineProperty(node, "compareDocumentPosition", { value: compareDocumentPosition });
  };
  number(document);
  for (const { node } of walk(document)) {
    number(node);
    for (const attribute of attributesOf(node)) number(attribute);
  }
}
