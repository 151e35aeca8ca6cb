// The Set-Cookie field, taken apart: RFC 6265, 5.2, with what its revision (6265bis, 5.6) made stricter. Knows nothing of
// where the field came from, so nothing of whether the cookie may be kept: that is the store's question.

import { trimOws } from "../../protocol/grammar.ts";
import { parseCookieDate } from "./cookie-date.ts";

/** As it was written: its name's case is kept, and a value is undefined where no "=" stood. */
export interface SetCookieAttribute {
  readonly name: string;
  readonly value: string | undefined;
}

/** A cookie as a server sets it; each text has a character for each byte, as field values do. */
export interface SetCookie {
  readonly name: string;
  /** With its quotes, if it has some. */
  readonly value: string;
  readonly expires: Date | undefined;
  /** Seconds, 0 or less to remove the cookie. It counts more than `expires`. */
  readonly maxAge: number | undefined;
  /** Lower case, without the dot before it. */
  readonly domain: string | undefined;
  /** Undefined as well when it does not begin with "/": then it is the request's. */
  readonly path: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: "Strict" | "Lax" | "None" | undefined;
  /** All of them in their order, unknown and invalid ones, too. */
  readonly attributes: readonly SetCookieAttribute[];
}

// 6265bis, 5.6: as much as a user agent must keep, and browsers keep no more.
const LONGEST_PAIR = 4096;
const LONGEST_ATTRIBUTE = 1024;

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;
const DELTA_SECONDS = /^-?\d+$/;

/**
 * Takes a Set-Cookie value apart. Undefined when no cookie can be made of it: without a name, with a control in it, or
 * with more than 4,096 bytes of name and value. An attribute that cannot be read counts as not being there; of two of one
 * name the last one counts.  RFC 6265, 5.2
 */
export function parseSetCookie(value: string): SetCookie | undefined {
  if (CONTROL.test(value)) return undefined;
  const [pair = "", ...rest] = value.split(";");
  const equals = pair.indexOf("=");
  // Browsers take "value" alone for a cookie without a name; it is sent back looking like another cookie.
  if (equals === -1) return undefined;
  const name = trimOws(pair.slice(0, equals));
  const content = trimOws(pair.slice(equals + 1));
  if (name === "" || name.length + content.length > LONGEST_PAIR) return undefined;
  // A tab is allowed in a field value, and would be the end of a column in a cookie file. curl refuses it as well.
  if (name.includes("\t") || content.includes("\t")) return undefined;
  const attributes = rest.map(attribute).filter(({ name, value }) => name !== "" || value !== undefined);
  return { name, value: content, ...meaningOf(attributes), attributes };
}

function attribute(text: string): SetCookieAttribute {
  const equals = text.indexOf("=");
  if (equals === -1) return { name: trimOws(text), value: undefined };
  return { name: trimOws(text.slice(0, equals)), value: trimOws(text.slice(equals + 1)) };
}

type Meaning = Omit<SetCookie, "name" | "value" | "attributes">;

function meaningOf(attributes: readonly SetCookieAttribute[]): Meaning {
  const meaning: { -readonly [name in keyof Meaning]: Meaning[name] } = {
    expires: undefined,
    maxAge: undefined,
    domain: undefined,
    path: undefined,
    secure: false,
    httpOnly: false,
    sameSite: undefined,
  };
  for (const { name, value = "" } of attributes) {
    if (value.length > LONGEST_ATTRIBUTE || value.includes("\t")) continue;
    switch (name.toLowerCase()) {
      case "expires":
        meaning.expires = parseCookieDate(value) ?? meaning.expires;
        break;
      case "max-age":
        if (DELTA_SECONDS.test(value)) meaning.maxAge = Number(value);
        break;
      case "domain":
        meaning.domain = domainOf(value);
        break;
      case "path":
        meaning.path = value.startsWith("/") ? value : undefined;
        break;
      case "secure":
        meaning.secure = true;
        break;
      case "httponly":
        meaning.httpOnly = true;
        break;
      case "samesite":
        meaning.sameSite = SAME_SITE.get(value.toLowerCase());
        break;
    }
  }
  return meaning;
}

const SAME_SITE: ReadonlyMap<string, "Strict" | "Lax" | "None"> = new Map([
  ["strict", "Strict"],
  ["lax", "Lax"],
  ["none", "None"],
]);

function domainOf(value: string): string | undefined {
  const domain = (value.startsWith(".") ? value.slice(1) : value).toLowerCase();
  return domain === "" ? undefined : domain;
}

/** The value of the last attribute of a name, as it was written: "" when it has none, undefined when it is not there. */
export function cookieAttribute(cookie: SetCookie, name: string): string | undefined {
  const lower = name.toLowerCase();
  const found = cookie.attributes.findLast((each) => each.name.toLowerCase() === lower);
  return found && (found.value ?? "");
}
