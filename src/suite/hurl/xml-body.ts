// An XML document as a body: only how far it goes, and whether its tags are nested rightly. It reads no names,
// entities or types: what the document says is somebody else's to read.
import type { HurlSyntaxError } from "./errors.ts";
import type { Scanner } from "./scanner.ts";
import type { XmlBody } from "./tree.ts";

// What is neither an element nor text, and where each ends.  XML 1.0, sections 2.5, 2.6 and 2.7
const ASIDES = [
  { opens: "<!--", closes: "-->" },
  { opens: "<![CDATA[", closes: "]]>" },
  { opens: "<?", closes: "?>" },
] as const;

/** An XML document, from "<" to the end of its root element: else `XML`. */
export function readXml(scanner: Scanner): XmlBody {
  const start = scanner.position;
  const open: string[] = [];
  for (let rooted = false; !rooted || open.length > 0; ) {
    if (scanner.char === "<") rooted = skipMarkup(scanner, open) || rooted;
    else skipText(scanner, rooted);
  }
  scanner.emit("text");
  return { kind: "xml", raw: scanner.slice(start), source: scanner.since(start) };
}

/** Passes what "<" begins, and says whether it was a tag. */
function skipMarkup(scanner: Scanner, open: string[]): boolean {
  const aside = ASIDES.find(({ opens }) => scanner.startsWith(opens));
  if (aside !== undefined) {
    skipPast(scanner, aside.closes, aside.opens.length);
    return false;
  }
  if (scanner.startsWith("<!")) {
    skipDoctype(scanner);
    return false;
  }
  if (scanner.startsWith("</")) skipClosingTag(scanner, open);
  else skipOpeningTag(scanner, open);
  return true;
}

function skipText(scanner: Scanner, rooted: boolean): void {
  const text = scanner.takeWhile((char) => char !== "<" && (rooted || isWhitespace(char)));
  if (text === "" || scanner.atEnd) throw invalid(scanner);
}

function skipPast(scanner: Scanner, closes: string, from: number): void {
  const { offset } = scanner;
  const end = scanner.text.indexOf(closes, offset + from);
  if (end === -1) throw invalid(scanner);
  scanner.advance(end + closes.length - offset);
}

/** `<!DOCTYPE ...>`, with its internal subset in brackets.  XML 1.0, section 2.8 */
function skipDoctype(scanner: Scanner): void {
  for (let brackets = 0; ; ) {
    const char = scanner.char;
    if (char === "") throw invalid(scanner);
    scanner.advance(char.length);
    if (char === "[") brackets += 1;
    if (char === "]") brackets -= 1;
    if (char === ">" && brackets <= 0) return;
  }
}

function skipClosingTag(scanner: Scanner, open: string[]): void {
  const start = scanner.position;
  scanner.advance(2);
  const name = scanner.takeWhile(isNamePart);
  if (name !== open.pop()) throw invalid(scanner, start);
  scanner.takeWhile(isWhitespace);
  skip(scanner, ">");
}

function skipOpeningTag(scanner: Scanner, open: string[]): void {
  skip(scanner, "<");
  const name = scanner.takeWhile(isNamePart);
  if (name === "") throw invalid(scanner);
  while (scanner.takeWhile(isWhitespace) !== "" && isNamePart(scanner.char)) skipAttribute(scanner);
  if (scanner.startsWith("/>")) scanner.advance(2);
  else {
    skip(scanner, ">");
    open.push(name);
  }
}

function skipAttribute(scanner: Scanner): void {
  scanner.takeWhile(isNamePart);
  scanner.takeWhile(isWhitespace);
  skip(scanner, "=");
  scanner.takeWhile(isWhitespace);
  const quote = scanner.char;
  if (quote !== '"' && quote !== "'") throw invalid(scanner);
  scanner.advance(1);
  scanner.takeWhile((char) => char !== quote && char !== "<");
  skip(scanner, quote);
}

function skip(scanner: Scanner, text: string): void {
  if (!scanner.startsWith(text)) throw invalid(scanner);
  scanner.advance(text.length);
}

function isWhitespace(char: string): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}

function isNamePart(char: string): boolean {
  return char !== "" && !isWhitespace(char) && !"<>/=\"'".includes(char);
}

function invalid(scanner: Scanner, position = scanner.position): HurlSyntaxError {
  return scanner.error("XML", "invalid XML", position);
}
