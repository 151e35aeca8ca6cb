// What the load generator is told, and what it says when it is done.

export interface Job {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly kind: "get" | "put";
  /** The path to GET; for PUT what its paths begin with, sixteen for each connection. */
  readonly path: string;
  /** The size of one read, in bytes. */
  readonly readSize: number;
}

export interface Outcome {
  readonly requests: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly errors: number;
  /** The median latency of a request in milliseconds. */
  readonly latencyMs: number;
}
