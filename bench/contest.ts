// What a row is: contestants that are measured in turn, columns of readings, and targets as ratios between the
// medians. Knows nothing of how anything is measured.

/** One kind of reading. The first column of a row is its measure. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly digits: number;
}

/** What Sockeye's median must be, beside a peer's or by itself. */
export interface Target {
  readonly column: string;
  readonly sense: "at most" | "at least";
  /** A factor on the peer's median, or the number itself where there is no peer. */
  readonly limit: number;
  readonly peer?: string;
}

export type Readings = Readonly<Record<string, number>>;

/** Somebody who takes part in a row, or the reason why not. */
export type Contestant =
  | { readonly name: string; readonly missing: string }
  | { readonly name: string; measure(seconds: number): Promise<Readings>; stop(): Promise<void> };

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly targets: readonly Target[];
  /** The most rounds that make sense; some rows are slow and steady. */
  readonly mostRounds?: number;
  /** False where each reading starts afresh, so that there is nothing to warm up. */
  readonly warmUp?: boolean;
  enter(folder: string): Promise<Contestant[]>;
}

export interface PeerResult {
  readonly peer: string;
  readonly missing?: string;
  readonly rounds: readonly Readings[];
  readonly medians: Readings;
}

export interface TargetResult extends Target {
  /** The ratio to the peer's median, or the median itself; undefined when one side was not measured. */
  readonly measured: number | undefined;
  readonly verdict: "met" | "missed" | "not measured";
}

export interface RowResult {
  readonly row: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly peers: readonly PeerResult[];
  readonly targets: readonly TargetResult[];
}

export const SOCKEYE = "sockeye";

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function mediansOf(columns: readonly Column[], rounds: readonly Readings[]): Readings {
  const known = (key: string): number[] =>
    rounds.flatMap((round) => round[key] ?? []).filter(Number.isFinite);
  return Object.fromEntries(columns.map(({ key }) => [key, median(known(key))]));
}

export function judge(target: Target, peers: readonly PeerResult[]): TargetResult {
  const of = (name: string): number =>
    peers.find(({ peer }) => peer === name)?.medians[target.column] ?? Number.NaN;
  const measured = of(SOCKEYE) / (target.peer === undefined ? 1 : of(target.peer));
  if (!Number.isFinite(measured)) return { ...target, measured: undefined, verdict: "not measured" };
  const met = target.sense === "at most" ? measured <= target.limit : measured >= target.limit;
  return { ...target, measured, verdict: met ? "met" : "missed" };
}
