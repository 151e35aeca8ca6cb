// Times of pcapng files: a count of units of an interface's own choice, made into nanoseconds.

const BILLION = 1_000_000_000n;
/** Microseconds, when the interface does not say. */
const DEFAULT_RESOLUTION = 6;

export interface Clock {
  /** As in the file: a power of ten, or with the highest bit set one of two; negative both. */
  readonly resolution: number;
  /** Seconds to add. */
  readonly offset: bigint;
}

/** The clock of an interface with these options. */
export function clockOf(resolution: Uint8Array | undefined, offset: bigint | undefined): Clock {
  return {
    resolution: resolution?.length === 1 ? (resolution[0] as number) : DEFAULT_RESOLUTION,
    offset: offset === undefined ? 0n : BigInt.asIntN(64, offset),
  };
}

/** Nanoseconds since 1970 of a time in the file; what is finer is cut away. */
export function instantOf({ resolution, offset }: Clock, ticks: bigint): bigint {
  const power = resolution & 0x7f;
  const time =
    resolution & 0x80
      ? (ticks * BILLION) >> BigInt(power)
      : power <= 9
        ? ticks * 10n ** BigInt(9 - power)
        : ticks / 10n ** BigInt(power - 9);
  return time + offset * BILLION;
}
