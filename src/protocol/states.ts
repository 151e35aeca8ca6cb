// The two state machines of a connection, as tables. Each party has one state, which says what it
// may send next; both are kept on both sides. These tables know no bytes and no fields.

/** What a party sends. `failure` stands for anything that breaks the protocol. */
export type Signal = "request" | "interim" | "response" | "data" | "end" | "close" | "switch" | "failure";

/**
 *   client   idle ──request──▶ body ──end──▶ done
 *   server   idle ──(request seen)──▶ answer ──response──▶ body ──end──▶ done
 *
 *   both done ──next exchange──▶ both idle;  or `ended`, when the connection may carry no other message
 *   anything ──failure──▶ failed;  ──close──▶ closed;  ──switch──▶ switched, where HTTP ends
 */
export type State = "idle" | "answer" | "body" | "done" | "ended" | "closed" | "switched" | "failed";

export type Table = { readonly [state in State]: { readonly [signal in Signal]?: State } };

export const CLIENT: Table = {
  idle: { request: "body", close: "closed", failure: "failed" },
  answer: {},
  body: { data: "body", end: "done", failure: "failed" },
  done: { close: "closed", switch: "switched", failure: "failed" },
  ended: { close: "closed", failure: "failed" },
  closed: {},
  switched: {},
  failed: { close: "closed", failure: "failed" },
};

export const SERVER: Table = {
  // A server may answer a request that it could not read: 400, 408, 503.
  idle: { request: "answer", response: "body", close: "closed", failure: "failed" },
  answer: { interim: "answer", response: "body", switch: "switched", failure: "failed" },
  body: { data: "body", end: "done", failure: "failed" },
  done: { close: "closed", failure: "failed" },
  ended: { close: "closed", failure: "failed" },
  closed: {},
  switched: {},
  failed: { close: "closed", failure: "failed" },
};

/** The state that a signal leads to; undefined when the party may not send it now. */
export function nextState(table: Table, state: State, signal: Signal): State | undefined {
  return table[state][signal];
}
