// Listening on TCP and UNIX sockets, and the reasons why it fails, told with the way out.

import { lstat, unlink } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { ownerOfPort } from "./port-owner.ts";
import { TcpTransport } from "./tcp.ts";
import type { Transport } from "./transport.ts";

/** Where to listen: a host and port, or the path of a UNIX socket. */
export type ListenAddress =
  | {
      /** Name or address. Default "127.0.0.1": nothing is open to the network unless asked for. */
      readonly host?: string | undefined;
      /** 0 lets the system choose. Default 0. */
      readonly port?: number | undefined;
    }
  | { readonly path: string };

/** Cannot listen; `code` is the system's: EADDRINUSE, EADDRNOTAVAIL, EACCES … */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface Listener {
  /** The address it really has: the port that the system chose, or a UNIX socket's path with port 0. */
  readonly address: { readonly host: string; readonly port: number; readonly path: string | undefined };
  /** Takes no new connections; those that are open stay. */
  close(): Promise<void>;
}

/** Listens and hands every connection over as a transport. Throws ListenError. */
export async function listen(
  where: ListenAddress,
  accept: (transport: Transport) => void,
): Promise<Listener> {
  const path = "path" in where ? where.path : undefined;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
    accept(new TcpTransport(socket, path));
  });
  if ("path" in where) await removeDeadSocket(where.path);
  await open(server, where);
  const bound = server.address();
  const address =
    typeof bound === "string" || bound === null ? { address: bound ?? "", port: 0 } : (bound as AddressInfo);
  return {
    address: { host: address.address, port: address.port, path },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

async function open(server: Server, where: ListenAddress): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(
        "path" in where ? { path: where.path } : { host: where.host ?? "127.0.0.1", port: where.port ?? 0 },
        () => {
          server.off("error", reject);
          resolve();
        },
      );
    });
  } catch (error) {
    throw await explain(error as NodeJS.ErrnoException, where);
  }
}

/** A socket file that nobody answers on is a leftover of a process that was killed. Any other file stays where it is. */
async function removeDeadSocket(path: string): Promise<void> {
  const isSocket = await lstat(path).then(
    (stats) => stats.isSocket(),
    () => false,
  );
  if (!isSocket) return;
  const refused = await new Promise<boolean>((resolve) => {
    const probe = connect({ path });
    probe.once("connect", () => {
      probe.destroy();
      resolve(false);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
  if (refused) await unlink(path).catch(() => undefined);
}

async function explain(error: NodeJS.ErrnoException, where: ListenAddress): Promise<ListenError> {
  const code = error.code ?? "UNKNOWN";
  if ("path" in where) {
    const why =
      code === "EADDRINUSE"
        ? "that file is there already. Either another process listens on it, or it is no socket; choose another path"
        : code === "EACCES" || code === "ENOENT"
          ? "there is no such folder, or this user may not write there"
          : error.message;
    return new ListenError(code, `Cannot listen on ${where.path}: ${why}`, error);
  }
  const host = where.host ?? "127.0.0.1";
  const port = where.port ?? 0;
  const name = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new ListenError(code, `Cannot listen on ${name}: ${await reason(code, error, host, port)}`, error);
}

async function reason(code: string, error: Error, host: string, port: number): Promise<string> {
  switch (code) {
    case "EADDRINUSE": {
      const owner = await ownerOfPort(port);
      return `the port is taken${owner === undefined ? "" : ` by ${owner}`}. Stop that program, choose another port, or let the system choose one with --port 0`;
    }
    case "EADDRNOTAVAIL":
      return (
        `this machine has no such address. It has ${ownAddresses().join(", ")}. ` +
        "A public address of a rented machine usually belongs to the network in front of it: " +
        "bind 0.0.0.0 (all IPv4 addresses) or :: (all addresses)"
      );
    case "EACCES":
      return port > 0 && port < 1024
        ? `ports below 1024 are reserved for the administrator. Choose one from 1024 to 65535, such as ${port === 80 ? 8080 : port + 8000}`
        : error.message;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name ${host} has no address here. Use one of ${ownAddresses().join(", ")}, 0.0.0.0 or ::`;
    default:
      return error.message;
  }
}

/** The addresses of this machine's interfaces, link-local ones left out: they need a zone to be of use. */
export function ownAddresses(): string[] {
  const addresses: string[] = [];
  for (const list of Object.values(networkInterfaces())) {
    for (const { address } of list ?? []) if (!address.startsWith("fe80:")) addresses.push(address);
  }
  return addresses;
}
