// The query `cookie`: what an answer sets, attribute by attribute. It does not know what the cookie store keeps.

import { cookieAttribute, parseSetCookie, type SetCookie } from "../../client/cookies/set-cookie.ts";
import { fieldText } from "../../text/field-text.ts";
import type { CookieAttribute } from "../hurl/tree.ts";
import type { Value } from "../values/value.ts";

/**
 * An attribute of the first cookie of that name among Set-Cookie values; undefined when there is no such cookie, or it
 * has no such attribute, or one that cannot be read. Secure and HttpOnly are true where they are.
 */
export function queryCookie(
  setCookies: readonly string[],
  name: string,
  attribute: CookieAttribute,
): Value | undefined {
  const cookie = setCookies
    .map(parseSetCookie)
    .find((each) => each !== undefined && fieldText(each.name) === name);
  return cookie && attributeValue(cookie, attribute);
}

function attributeValue(cookie: SetCookie, attribute: CookieAttribute): Value | undefined {
  switch (attribute) {
    case "Value":
      return { kind: "string", value: fieldText(cookie.value) };
    case "Expires":
      return cookie.expires && { kind: "date", value: cookie.expires };
    case "Max-Age": {
      const seconds = cookieAttribute(cookie, attribute);
      return seconds !== undefined && /^-?\d+$/.test(seconds)
        ? { kind: "integer", value: BigInt(seconds) }
        : undefined;
    }
    case "Secure":
      return cookie.secure ? { kind: "boolean", value: true } : undefined;
    case "HttpOnly":
      return cookie.httpOnly ? { kind: "boolean", value: true } : undefined;
    case "Domain":
    case "Path":
    case "SameSite": {
      const text = cookieAttribute(cookie, attribute);
      return text === undefined ? undefined : { kind: "string", value: fieldText(text) };
    }
  }
}
