// Where a page's body begins, found with an HTML parser that knows for every node where in the text it came from.
// Knows text and trees; encodings and bytes are beside it.

import { type DefaultTreeAdapterTypes, parse } from "parse5";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;
type Document = DefaultTreeAdapterTypes.Document;

/** A page's text with its tree. Offsets are UTF-16 code units of the text. */
export interface ParsedPage {
  readonly text: string;
  readonly document: Document;
}

export function parsePage(text: string): ParsedPage {
  return { text, document: parse(text, { sourceCodeLocationInfo: true }) };
}

/** What has to be put where, so that a piece stands in a line of its own. */
export interface Opening {
  readonly at: number;
  /** Before the piece: a line break where one is missing, and the indentation. */
  readonly before: string;
  /** Behind the piece: its line break, unless it brings one, and what the next line is indented by. */
  readonly lineBreak: string;
  readonly after: string;
  /** Whether the page says `<body>`. Where it does not, what comes first decides whether it opens the body or belongs to the head. */
  readonly tagged: boolean;
}

/** Finds the beginning of the body; undefined when the page has none, or ends within something that swallows what follows. */
export function findOpening(page: ParsedPage): Opening | undefined {
  const root = rootOf(page.document);
  const body = bodyOf(page.document);
  if (root === undefined || body === undefined) return undefined;
  const tag = body.sourceCodeLocation?.startTag;
  if (tag) return layOut(page.text, tag.endOffset, tag.startOffset, true);
  const outline = outlineOf(page.document);
  for (const at of candidates(page, root, body)) {
    const opening = layOut(page.text, at, at, false);
    if (isBodyStart(page.text, opening.at, outline)) return opening;
  }
  return undefined;
}

/** Tells whether all that came from this stretch of the text is in the body, white space aside. */
export function isInBody(text: string, start: number, end: number): boolean {
  const { document } = parsePage(text);
  for (const node of nodesOf(document, bodyOf(document))) {
    const offset = node.sourceCodeLocation?.startOffset ?? -1;
    if (offset >= start && offset < end && (isElement(node) || solid(node) !== "")) return false;
  }
  return true;
}

const PROBE = "<i></i>";

/** Tells whether markup ends within a comment, a tag or an element that would take what follows for its own text. */
export function swallowsWhatFollows(markup: string): boolean {
  const start = `<!doctype html><body>${markup}`;
  for (const node of nodesOf(parsePage(start + PROBE).document)) {
    if (isElement(node) && node.sourceCodeLocation?.startOffset === start.length) return false;
  }
  return true;
}

/** The encodings that a page says it is in, as it writes them: `<meta charset>`, its older form, and the XML declaration. */
export function* declaredEncodings({ text, document }: ParsedPage): Generator<string, void, void> {
  yield* labelIn(XML_ENCODING, text);
  for (const node of nodesOf(document)) {
    if (node.nodeName !== "meta" || !isElement(node)) continue;
    const charset = attributeOf(node, "charset");
    if (charset !== undefined) yield charset;
    else if (attributeOf(node, "http-equiv")?.toLowerCase() === "content-type") {
      yield* labelIn(CONTENT_CHARSET, attributeOf(node, "content") ?? "");
    }
  }
}

const XML_ENCODING = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']/;
const CONTENT_CHARSET = /charset\s*=\s*(?:["']\s*)?([^\s"';]+)/i;

function* labelIn(pattern: RegExp, text: string): Generator<string, void, void> {
  const label = pattern.exec(text)?.[1];
  if (label !== undefined) yield label;
}

function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

function rootOf(document: Document): Element | undefined {
  return document.childNodes.find((node) => isElement(node));
}

/** The body; undefined for a frameset. */
function bodyOf(document: Document): Element | undefined {
  return rootOf(document)?.childNodes.find((node): node is Element => node.nodeName === "body");
}

/**
 * Where a body may begin that has no tag: at the first of its children, or before the end of the page when it has none;
 * and, as a child may have no place in the text (`</br>` makes one), right behind what stands before the body.
 */
function candidates({ text }: ParsedPage, root: Element, body: Element): ReadonlySet<number> {
  // What follows the end tag is a child of the body, too, and there is a better place before it.
  let first = root.sourceCodeLocation?.endTag?.startOffset ?? text.length;
  for (const { sourceCodeLocation: place } of body.childNodes) {
    // Text within a table comes before the table in the tree, and after its tag in the text.
    if (place && place.startOffset < first) first = place.startOffset;
  }
  return new Set([first - startOfReference(text, first), endOfHead(root)]);
}

// A text that begins with a character reference has its end for a place: this is how far back it begins.
function startOfReference(text: string, at: number): number {
  return /&[#\w]*$/.exec(text.slice(Math.max(0, at - LONGEST_REFERENCE), at))?.[0].length ?? 0;
}

/** `&CounterClockwiseContourIntegral;` */
const LONGEST_REFERENCE = 33;

function endOfHead(root: Element): number {
  let end = root.sourceCodeLocation?.startTag?.endOffset ?? 0;
  const look = (nodes: readonly Node[], until: Node | undefined): void => {
    for (const node of nodes) {
      if (node === until || node.nodeName === "body") return;
      // Of a text that a character reference follows the parser tells a wrong end.
      if (node.nodeName === "#text") continue;
      end = Math.max(end, node.sourceCodeLocation?.endOffset ?? 0);
      if (node.nodeName !== "head" || !isElement(node)) continue;
      end = Math.max(end, node.sourceCodeLocation?.startTag?.endOffset ?? 0);
      look(node.childNodes, undefined);
    }
  };
  look((root.parentNode as Document).childNodes, root);
  look(root.childNodes, undefined);
  return end;
}

// Whatever the reason why a place looked right: there an element becomes the body's first, and everything else stays
// where it was in the tree.
function isBodyStart(text: string, at: number, outline: string): boolean {
  const { document } = parsePage(text.slice(0, at) + PROBE + text.slice(at));
  const body = bodyOf(document);
  const first = body?.childNodes.find((node) => isElement(node));
  if (body === undefined || first?.sourceCodeLocation?.startOffset !== at) return false;
  body.childNodes.splice(body.childNodes.indexOf(first), 1);
  return outlineOf(document) === outline;
}

const SPACE = /[\t\n\f\r ]*/y;
const LINE_BREAK = /\r\n|\n|\r/;
const INDENTATION = /^[\t ]*/;

/** Makes a line at `at`, or at the next line's start when nothing stands between; without a next line, indented like the line of `anchor`. */
function layOut(text: string, at: number, anchor: number, tagged: boolean): Opening {
  SPACE.lastIndex = at;
  const space = SPACE.exec(text)?.[0] ?? "";
  const next = LINE_BREAK.exec(space);
  if (next !== null) {
    const before = space.slice(lineStart(space, space.length));
    return { at: at + next.index + next[0].length, before, lineBreak: next[0], after: "", tagged };
  }
  const lineBreak = LINE_BREAK.exec(text)?.[0] ?? "\n";
  const start = text.slice(lineStart(text, at), at);
  if (INDENTATION.exec(start)?.[0] === start) return { at, before: "", lineBreak, after: start, tagged };
  const indentation = INDENTATION.exec(text.slice(lineStart(text, anchor), at))?.[0] ?? "";
  const after = at + space.length === text.length ? "" : indentation;
  return { at, before: `${lineBreak}${indentation}${space}`, lineBreak, after, tagged };
}

function lineStart(text: string, at: number): number {
  for (let start = at; start > 0; start -= 1) {
    const before = text[start - 1];
    if (before === "\n" || before === "\r") return start;
  }
  return 0;
}

/**
 * All nodes in the order of the document, but for what is in templates and in `without`. No recursion: a page may nest as
 * deep as it is long.
 */
function* nodesOf(document: Document, without?: Node): Generator<Node, void, void> {
  const open: Node[] = [document];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === without) continue;
    yield node;
    const children = "childNodes" in node ? node.childNodes : [];
    for (let index = children.length - 1; index >= 0; index -= 1) open.push(children[index] as Node);
  }
}

/** A document in short, without white space: equal for trees that are. */
function outlineOf(document: Document): string {
  const parts: string[] = [];
  const open: (Node | "end")[] = [...document.childNodes].reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === "end") parts.push(">");
    else if (!isElement(node)) parts.push(solid(node));
    else {
      parts.push("<", node.tagName, JSON.stringify(node.attrs));
      open.push("end");
      const children = "content" in node ? node.content.childNodes : node.childNodes;
      for (let index = children.length - 1; index >= 0; index -= 1) open.push(children[index] as Node);
    }
  }
  return parts.join("");
}

function solid(node: Node): string {
  if ("value" in node) return node.value.replace(/[\t\n\f\r ]+/g, "");
  if ("data" in node) return `<!--${node.data}-->`;
  if ("publicId" in node) return `<!${node.name} ${node.publicId} ${node.systemId}>`;
  return "";
}

function isElement(node: Node): node is Element {
  return "tagName" in node;
}
