// The package `xpath`: its types as far as they are used, and what of it has to be mended. Knows no document.

import { createRequire } from "node:module";
import type { Document, Node } from "@xmldom/xmldom";

/** What is used of the package: its own types would bring the globals of browsers into all files. */
interface XPath {
  parse(expression: string): {
    evaluate(options: {
      readonly node: Document;
      readonly namespaces: (prefix: string) => string | undefined;
    }): XBoolean | XNumber | XString | XNodeSet;
  };
  readonly PathExpr: { applyStep: (step: { readonly axis: number }, context: object, node: Node) => Node[] };
  readonly Step: { readonly PRECEDING: number };
  readonly XBoolean: new () => XBoolean;
  readonly XNumber: new () => XNumber;
  readonly XString: new () => XString;
}

interface XBoolean {
  booleanValue(): boolean;
}

interface XNumber {
  numberValue(): number;
}

interface XString {
  stringValue(): string;
}

interface XNodeSet {
  readonly size: number;
}

const require = createRequire(import.meta.url);
export const xpath: XPath = require("xpath") as XPath;

// The package counts ancestors among the nodes that precede one (XPath 1.0, 2.2: they do not).
const { PathExpr, Step } = xpath;
const { applyStep } = PathExpr;
PathExpr.applyStep = (step, context, node) => {
  const nodes = applyStep(step, context, node);
  if (step.axis !== Step.PRECEDING) return nodes;
  const ancestors = new Set<Node>();
  for (let above = node.parentNode; above !== null; above = above.parentNode) ancestors.add(above);
  return nodes.filter((each) => !ancestors.has(each));
};
