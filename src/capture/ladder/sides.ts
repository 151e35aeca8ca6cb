// Which side of a row's connection stands left in the picture, and which right.

import type { Side } from "../model.ts";
import { otherSide } from "../reassembly/roles.ts";
import type { Row } from "./ladder.ts";

export interface Place {
  readonly side: Side;
  /** The number of its column. */
  readonly column: number;
}

export function placesOf({ from, source, destination }: Row): {
  readonly left: Place;
  readonly right: Place;
} {
  const sender = { side: from, column: source };
  const receiver = { side: otherSide(from), column: destination };
  return source < destination ? { left: sender, right: receiver } : { left: receiver, right: sender };
}
