// JSON Merge Patch (RFC 7396): an object that shows what changes. A member that is null is removed, an object
// is merged, and everything else, lists included, takes the place of what was there.

import { isJsonObject, type JsonObject, memberOf, removeMember, setMember } from "./members.ts";

/** Applies a patch to a document, which is changed in place; gives the result. The pseudocode of RFC 7396, 2. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged: JsonObject = isJsonObject(target) ? target : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) removeMember(merged, name);
    else setMember(merged, name, mergePatch(memberOf(merged, name), value));
  }
  return merged;
}
