import type { Request } from "../message/request.ts";
import type { Handler } from "../message/response.ts";
import type { ExchangeRecord, ServerSettings } from "./options.ts";

/** What the sessions of a server need of it. */
export interface SessionHost {
  readonly settings: ServerSettings;
  readonly handler: Handler;
  readonly onExchange: ((record: ExchangeRecord) => void) | undefined;
  readonly onError: (error: unknown, request: Request | undefined) => void;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** The Date field's value for now. */
  date(): string;
}
