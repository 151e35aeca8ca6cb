// XPath 1.0 over documents of XML and HTML. It knows neither where a document comes from nor what becomes of a value.

import { DOMParser, type Document } from "@xmldom/xmldom";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { parseHtml } from "./html-document.ts";
import { attributesOf, numberNodes, walk } from "./node-order.ts";
import type { Value } from "./value.ts";
import { xpath } from "./xpath-package.ts";

const HELD: unique symbol = Symbol("document");

/** A parsed document; only for queryMarkup(). */
export interface MarkupDocument {
  readonly [HELD]: { readonly document: Document; readonly namespaces: ReadonlyMap<string, string> };
}

/**
 * Makes a document of a text. HTML is read as browsers read it, its elements have no namespace. XML has to be
 * well-formed, else Failure `INVALID_XML`; nothing outside of the text is read, and the use of
 * entities that it declares is refused.
 */
export function parseMarkup(text: string, kind: "html" | "xml", source: Span): MarkupDocument {
  const document = kind === "html" ? parseHtml(text) : parseXml(text, source);
  const namespaces = kind === "html" ? new Map<string, string>() : namespacesOf(document, source);
  numberNodes(document);
  return { [HELD]: { document, namespaces } };
}

/**
 * What an XPath 1.0 expression gives: a number is a float, nodes are a nodeset of their count, 0 included. Prefixes are
 * those that the document declares anywhere, the first declaration of each; "_" is its default namespace. Throws
 * Failure `INVALID_XPATH`.
 */
export function queryMarkup(markup: MarkupDocument, expression: string, source: Span): Value | undefined {
  const { document, namespaces } = markup[HELD];
  try {
    const found = xpath.parse(expression).evaluate({
      node: document,
      namespaces: (prefix) => namespaces.get(prefix),
    });
    if (found instanceof xpath.XString) return { kind: "string", value: found.stringValue() };
    if (found instanceof xpath.XNumber) return { kind: "float", value: found.numberValue() };
    if (found instanceof xpath.XBoolean) return { kind: "boolean", value: found.booleanValue() };
    return { kind: "nodeset", count: found.size };
  } catch (error) {
    throw invalidXPath(source, error);
  }
}

function invalidXPath(source: Span, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message.replaceAll("\0", "") : String(cause);
  const text = `XPath expression is not valid${why === "XPath parse error" ? "" : `: ${why}`}`;
  return new Failure("INVALID_XPATH", source, text, { cause });
}

function parseXml(text: string, source: Span): Document {
  let fault: string | undefined;
  const parser = new DOMParser({
    // Warnings are of what is not well-formed, too.
    onError: (_level, message, { locator }) => {
      const { lineNumber = 0, columnNumber = 0 } = locator ?? {};
      fault ??= lineNumber > 0 ? `${message}, at line ${lineNumber}, column ${columnNumber}` : message;
      throw new SyntaxError(message);
    },
  });
  try {
    return parser.parseFromString(text, "text/xml");
  } catch (error) {
    throw invalidXml(fault ?? String(error), source, error);
  }
}

/** XML's own prefix needs no declaration (Namespaces in XML 1.0, 3). */
const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";

/** Nobody writes more; the package walks a document by recursion. */
const MOST_LEVELS = 1000;

function namespacesOf(document: Document, source: Span): ReadonlyMap<string, string> {
  const namespaces = new Map([["xml", XML_NAMESPACE]]);
  for (const { node, level } of walk(document)) {
    if (level > MOST_LEVELS) throw invalidXml(`elements are nested more than ${MOST_LEVELS} deep`, source);
    for (const { name, value } of attributesOf(node)) {
      const prefix = name === "xmlns" ? "_" : name.startsWith("xmlns:") ? name.slice(6) : undefined;
      if (prefix !== undefined && value !== "" && !namespaces.has(prefix)) namespaces.set(prefix, value);
    }
  }
  return namespaces;
}

function invalidXml(why: string, source: Span, cause?: unknown): Failure {
  return new Failure("INVALID_XML", source, `HTTP response is not a valid XML: ${why}`, { cause });
}
