// What of an answer's fields a 304 repeats.

import { Fields } from "../protocol/fields.ts";

// RFC 9110, 15.4.5
const OF_A_CACHE = ["Cache-Control", "ETag", "Last-Modified", "Vary"];

/** Those of the fields that a 304 repeats. */
export function cacheFields(fields: Fields): Fields {
  const own = new Fields();
  for (const name of OF_A_CACHE) {
    const value = fields.get(name);
    if (value !== undefined) own.append(name, value);
  }
  return own;
}
