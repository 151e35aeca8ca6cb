// Entity tags: RFC 9110, 8.8.3. A tag is kept as it stands in the field, `"x"` or `W/"x"`; equal strings
// are equal tags, so nothing needs to be taken apart. Knows nothing of how a tag is made.

// etagc = %x21 / %x23-7E / obs-text. A backslash is an ordinary character here, not an escape.
const ENTITY_TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';

// One list element with the separators before it: white space, and commas of empty elements.
const ELEMENT = new RegExp(`[ \\t,]*(${ENTITY_TAG})[ \\t]*(?=,|$)`, "y");
const SEPARATORS = /[ \t,]*$/y;
const ANY = /^[ \t]*\*[ \t]*$/;

/**
 * Reads the value of If-Match or If-None-Match (repeated lines joined by a comma): "*", or the
 * tags in their order, or `undefined` when the value is neither. Empty list elements are
 * ignored, so an empty value is an empty list.  RFC 9110, 5.6.1 and 13.1.1
 */
export function parseEntityTags(value: string): "*" | readonly string[] | undefined {
  if (ANY.test(value)) return "*";
  const tags: string[] = [];
  let end = 0;
  for (;;) {
    ELEMENT.lastIndex = end;
    const tag = ELEMENT.exec(value)?.[1];
    if (tag === undefined) break;
    tags.push(tag);
    end = ELEMENT.lastIndex;
  }
  SEPARATORS.lastIndex = end;
  return SEPARATORS.test(value) ? tags : undefined;
}

/** Tells whether a tag is weak, `W/"x"`. */
export function isWeak(tag: string): boolean {
  return tag.startsWith("W/");
}

/** Compares strongly: the same tag, and neither is weak.  RFC 9110, 8.8.3.2 */
export function strongMatch(a: string, b: string): boolean {
  return a === b && !isWeak(a);
}

/** Compares weakly: the same opaque part, whether weak or strong.  RFC 9110, 8.8.3.2 */
export function weakMatch(a: string, b: string): boolean {
  return opaque(a) === opaque(b);
}

function opaque(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}
