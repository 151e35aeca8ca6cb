// What cannot be read in a packet, as a value.

/** What cannot be read, as a value: `offset` counts from the beginning of what was given to be read. */
export interface Fault {
  readonly kind: "fault";
  /** Stable, for programs. */
  readonly code: FaultCode;
  readonly offset: number;
  readonly message: string;
}

export type FaultCode =
  /** The bytes end before the header does. */
  | "CUT_SHORT"
  /** A field has a value that it must not have. */
  | "INVALID"
  /** A fragment of an IP packet: fragments are not put together. */
  | "FRAGMENT"
  /** A link layer that is not known here. */
  | "LINK_UNKNOWN";

export function fault(code: FaultCode, offset: number, message: string): Fault {
  return { kind: "fault", code, offset, message };
}

/** The bytes end at `have`, and `what` needs them up to `need`. */
export function cutShort(what: string, have: number, need: number): Fault {
  return fault("CUT_SHORT", have, `Cannot read ${what}: it takes ${need} bytes, and ${have} are there`);
}
