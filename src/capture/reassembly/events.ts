// What is told of connections while packets come.

import type { Connection, Segment, Side, StreamPart } from "../model.ts";

export type ConnectionEvent =
  | { readonly type: "opened"; readonly connection: Connection }
  /** Every segment, in the order of the packets. */
  | { readonly type: "segment"; readonly connection: Connection; readonly segment: Segment }
  /** The next part of a side's stream: parts follow each other without a hole. */
  | { readonly type: "part"; readonly connection: Connection; readonly from: Side; readonly part: StreamPart }
  /** The side's stream has ended with FIN. */
  | { readonly type: "finished"; readonly connection: Connection; readonly from: Side }
  /** Both streams have ended, or no more of them is looked at; the connection's state says why. Segments may still come. */
  | { readonly type: "closed"; readonly connection: Connection };
