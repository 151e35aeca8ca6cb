// Which of a file's definitions of a variable counts for a request. Knows nothing of what the values are.
import type { Definition, Region } from "./region.ts";

interface Placed {
  readonly region: number;
  readonly definition: Definition;
}

/** A file's definitions, by name, in their order. */
export type Definitions = ReadonlyMap<string, readonly Placed[]>;

export function definitionsOf(regions: readonly Region[]): Definitions {
  const found = new Map<string, Placed[]>();
  for (const { index, definitions } of regions) {
    for (const definition of definitions) {
      const name = definition.name.text;
      const placed = { region: index, definition };
      const others = found.get(name);
      if (others === undefined) found.set(name, [placed]);
      else others.push(placed);
    }
  }
  return found;
}

/**
 * The definition that counts in a region: the last one up to its end, or else the first one after it, for a file may
 * define its variables at its end.
 */
export function definitionFor(
  definitions: Definitions,
  region: Region,
  name: string,
): Definition | undefined {
  const named = definitions.get(name) ?? [];
  const before = named.findLast((one) => one.region <= region.index);
  return (before ?? named[0])?.definition;
}
