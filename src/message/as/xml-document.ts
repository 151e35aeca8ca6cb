// Whether a text is an XML document that every reader takes for one: strict on purpose, since Hurl finds a body's
// end by reading it. Knows XML 1.0 without DOCTYPE.

const NAME = "[\\p{L}_][\\p{L}\\p{N}_.:-]*";
const REFERENCE = "&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);";
const ATTRIBUTE = `[ \\t\\n]+(${NAME})=(?:"(?:[^"<&]|${REFERENCE})*"|'(?:[^'<&]|${REFERENCE})*')`;
const ATTRIBUTES = new RegExp(ATTRIBUTE, "gu");
const DECLARATION = /^<\?xml version="1\.0"(?: encoding="(?:utf-8|UTF-8)")?[ ]*\?>\s*/;
const TOKEN = new RegExp(
  [
    `<(?<close>/)?(?<name>${NAME})(?<attributes>(?:${ATTRIBUTE})*)[ \\t\\n]*(?<empty>/)?>`,
    "<!--(?:[^-]|-[^-])*-->",
    "<!\\[CDATA\\[[^\\]]*\\]\\]>",
    `(?<text>(?:[^<&\\]]|${REFERENCE})+)`,
  ].join("|"),
  "uy",
);

export function isXmlDocument(text: string): boolean {
  const open: string[] = [];
  let rooted = false;
  let at = DECLARATION.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (TOKEN.lastIndex === 0) return false;
    at = TOKEN.lastIndex;
    const { name, close, empty, attributes = "", text: characters } = groups ?? {};
    if (name === undefined) {
      // Outside of the root element there is white space, and only before it.
      if (open.length === 0 && (rooted || (characters !== undefined && /\S/.test(characters)))) return false;
      continue;
    }
    if (close !== undefined) {
      if (attributes !== "" || empty !== undefined || open.pop() !== name) return false;
      continue;
    }
    if ((open.length === 0 && rooted) || hasTwins(attributes)) return false;
    rooted = true;
    if (empty === undefined) open.push(name);
  }
  return rooted && open.length === 0 && text.startsWith("<");
}

/** Whether an attribute is there twice. */
function hasTwins(attributes: string): boolean {
  const names = [...attributes.matchAll(ATTRIBUTES)].map(([, name]) => name);
  return new Set(names).size < names.length;
}
