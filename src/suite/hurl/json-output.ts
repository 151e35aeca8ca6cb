// JSON with members in order and numbers as they are written, which JSON.stringify() cannot print.

// Members in order, and twice if the file has them twice; a number as its text.
export type Json =
  | null
  | boolean
  | string
  | { readonly number: string }
  | readonly Json[]
  | { readonly members: readonly Member[] };
export type Member = readonly [string, Json];

/** JSON on one line. */
export function writeJson(json: Json): string {
  if (json === null || typeof json === "boolean" || typeof json === "string") return JSON.stringify(json);
  if ("number" in json) return json.number;
  if ("members" in json) {
    return `{${json.members.map(([name, value]) => `${JSON.stringify(name)}:${writeJson(value)}`).join(",")}}`;
  }
  return `[${json.map(writeJson).join(",")}]`;
}

/** An object of the members that are there. */
export function object(...members: readonly (Member | undefined)[]): { readonly members: readonly Member[] } {
  return { members: members.filter((member) => member !== undefined) };
}

/** A member for the items, if there are any. */
export function list(name: string, items: readonly Json[]): Member | undefined {
  return items.length === 0 ? undefined : [name, items];
}
