// A tunnel through a proxy (RFC 9110, 9.3.6): CONNECT, and then whatever the two ends say.

import type { Receiver, Transport } from "../net/transport.ts";
import { ClientConnection } from "../protocol/client-connection.ts";
import { Fields } from "../protocol/fields.ts";
import type { Limits } from "../protocol/limits.ts";
import type { ResponseEvent } from "../protocol/message-reader.ts";
import { ClientError } from "./errors.ts";
import type { HttpProxy } from "./proxy.ts";
import { USER_AGENT } from "./request-fields.ts";

/** Asks the proxy at the other end for a tunnel to `authority`, "host:port". Throws ClientError `PROXY_REFUSED`. */
export function openTunnel(
  transport: Transport,
  authority: string,
  proxy: HttpProxy,
  limits: Limits,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = new ClientConnection(limits);
    const fail = (why: string, cause?: unknown): void => {
      reject(
        new ClientError(
          "PROXY_REFUSED",
          `Cannot connect to ${authority} through the proxy ${proxy.title}: ${why}`,
          { cause },
        ),
      );
    };
    const advance = (): void => {
      try {
        for (let event = connection.next(); event !== undefined; event = connection.next()) {
          if (event.type === "response" && event.framing.kind !== "switch") {
            fail(refusal(event, proxy));
            return;
          }
          if (event.type !== "switch") continue;
          // We speak first: what comes before that is not the server's answer to anything.
          if (connection.takeRest().length > 0) fail("it sent bytes that nobody had asked for");
          else {
            transport.attach(DEAF);
            resolve();
          }
          return;
        }
      } catch (error) {
        fail(`its answer cannot be read: ${(error as Error).message}`, error);
      }
    };
    transport.attach({
      ...DEAF,
      received(bytes) {
        connection.receive(bytes);
        advance();
      },
      ended() {
        connection.receiveEof();
        advance();
      },
      closed: (error) => fail("it broke the connection off without an answer", error),
    });
    const fields = new Fields({ Host: authority, "User-Agent": USER_AGENT });
    if (proxy.authorization !== undefined) fields.append("Proxy-Authorization", proxy.authorization);
    connection.request({ method: "CONNECT", target: authority, fields, length: 0 });
    connection.end();
    for (const piece of connection.takeOutput()) transport.write(piece);
  });
}

const DEAF: Receiver = { received() {}, ended() {}, drained() {}, stalled() {}, closed() {} };

function refusal({ status, reason }: ResponseEvent, proxy: HttpProxy): string {
  const answered = `it answered ${status}${reason === "" ? "" : ` ${reason}`}`;
  if (status === 407) {
    return proxy.authorization === undefined
      ? `${answered}. Name a user and a password in its URL: http://USER:PASSWORD@HOST:PORT`
      : `${answered}. It does not accept the user and the password in its URL`;
  }
  if (status >= 500) return `${answered}. Is the server up, and does the proxy reach it?`;
  return `${answered}. Does it allow tunnels to that host and port?`;
}
