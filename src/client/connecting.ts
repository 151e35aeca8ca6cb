// How a connection for a request is made when its caller has a say in it: with whose certificate, to which address,
// through which proxy. What such a connection is may never be mistaken for what another is.

import { createHash } from "node:crypto";
import { isIP, type LookupFunction } from "node:net";
import type { Connect, Connected, ConnectOptions } from "../net/connect.ts";
import { addressText, type ConnectAddress } from "../net/connect-errors.ts";
import { throttled } from "../net/throttle.ts";
import type { TlsSettings } from "../net/tls-settings.ts";
import type { Transport } from "../net/transport.ts";
import type { Limits } from "../protocol/limits.ts";
import { ClientError } from "./errors.ts";
import { goesPastProxy, type HttpProxy, parseProxy } from "./proxy.ts";
import { type ConnectTo, connectTarget, givenAddresses, type HostAndPort, type Resolve } from "./routes.ts";
import { openTunnel } from "./tunnel.ts";
import type { HttpUrl } from "./url.ts";

/** A request's say in how its connection is made. Only requests that say the same share connections. */
export interface ConnectionOptions {
  /** For https: whom to trust, and who the client is. */
  readonly tls?: TlsSettings | undefined;
  /** Connects to IPv4 or to IPv6 addresses only. */
  readonly family?: 4 | 6 | undefined;
  /** Connects elsewhere than the URL says; the first rule that is about its host and port counts. See `parseConnectTo`. */
  readonly connectTo?: readonly ConnectTo[] | undefined;
  /** Addresses for names, in place of those that the system knows. See `parseResolve`. */
  readonly resolve?: readonly Resolve[] | undefined;
  /** "http://[user:password@]host[:port]" or "https://…". What goes over https:, or elsewhere by `connectTo`, goes through a tunnel. `remote` is the proxy's then. */
  readonly proxy?: string | undefined;
  /** For TLS with the proxy itself. */
  readonly proxyTls?: TlsSettings | undefined;
  /** Hosts that the proxy is not used for: "example.org, .test", "*" for all. */
  readonly noProxy?: string | undefined;
  /** Bytes in a second, on average, for each connection and each direction. */
  readonly limitRate?: number | undefined;
}

/** Makes one more connection of a kind. */
export type Open = (options: Pick<ConnectOptions, "timeout" | "signal">) => Promise<Connected>;

/** Where to, and what `connect` has to know for that. */
type Plan = { readonly where: ConnectAddress } & Pick<ConnectOptions, "tls" | "through" | "lookup">;

/** The options of one call, looked through once. */
export class Way {
  /** Differs when anything does; there is no way back from it to keys and passwords. */
  readonly key: string;
  readonly #options: ConnectionOptions;
  readonly #proxy: HttpProxy | undefined;

  /** Throws ClientError `OPTION_INVALID`. */
  constructor(options: ConnectionOptions) {
    const { proxy, limitRate } = options;
    if (limitRate !== undefined && !(limitRate > 0 && Number.isFinite(limitRate))) {
      throw new ClientError(
        "OPTION_INVALID",
        `Cannot limit the rate to ${limitRate}: it takes bytes in a second, more than 0`,
      );
    }
    this.#options = options;
    this.#proxy = proxy === undefined || proxy === "" ? undefined : parseProxy(proxy);
    this.key = keyOf(options);
  }

  /** The proxy that is given a request for this URL to pass on, rather than a tunnel. */
  forwarder(url: HttpUrl): HttpProxy | undefined {
    return url.scheme === "http" && this.#routed(url) === undefined ? this.#proxyFor(url) : undefined;
  }

  /** Connects for requests to the URL's origin: by `connect`, and past every route and proxy when there is a UNIX socket. */
  opener(url: HttpUrl, socketPath: string | undefined, connect: Connect, limits: Limits): Open {
    const { family, limitRate } = this.#options;
    const { where, ...rest } =
      socketPath === undefined ? this.#plan(url, limits) : this.#onSocket(url, socketPath);
    return async (options) => {
      const connected = await connect(where, { ...options, ...rest, family });
      if (limitRate === undefined) return connected;
      return { ...connected, transport: throttled(connected.transport, limitRate) };
    };
  }

  #onSocket(url: HttpUrl, path: string): Plan {
    if (url.scheme === "http") return { where: { path } };
    const where = { host: url.host, port: url.port, tls: true };
    return { where, tls: this.#options.tls, through: { address: { path } } };
  }

  #plan(url: HttpUrl, limits: Limits): Plan {
    const { tls, proxyTls } = this.#options;
    const at = this.#routed(url) ?? url;
    const there = { host: at.host, port: at.port, tls: url.scheme === "https", name: url.host };
    const proxy = this.#proxyFor(url);
    if (proxy === undefined) return { where: { ...there, ...this.#dialled(at) }, ...this.#names(at), tls };
    const station = { ...this.#dialled(proxy), tls: proxy.tls, name: proxy.host };
    if (this.forwarder(url) !== undefined) return { where: station, ...this.#names(proxy), tls: proxyTls };
    const enter = (transport: Transport): Promise<void> =>
      openTunnel(transport, addressText(there), proxy, limits);
    return { where: there, ...this.#names(proxy), tls, through: { address: station, tls: proxyTls, enter } };
  }

  /** An address has no name to be looked up, but may be replaced all the same. */
  #dialled({ host, port }: HostAndPort): HostAndPort {
    const given = isIP(host) === 0 ? undefined : this.#given({ host, port });
    return { host: given?.[0] ?? host, port };
  }

  #names(at: HostAndPort): { readonly lookup?: LookupFunction } {
    const given = this.#given(at);
    return given === undefined ? {} : { lookup: lookupOf(given) };
  }

  #given(at: HostAndPort): readonly string[] | undefined {
    const { resolve } = this.#options;
    return resolve === undefined ? undefined : givenAddresses(resolve, at);
  }

  #routed(url: HttpUrl): HostAndPort | undefined {
    const { connectTo } = this.#options;
    return connectTo === undefined ? undefined : connectTarget(connectTo, url);
  }

  #proxyFor(url: HttpUrl): HttpProxy | undefined {
    const { noProxy } = this.#options;
    return noProxy !== undefined && goesPastProxy(url.host, noProxy) ? undefined : this.#proxy;
  }
}

/** Gives these addresses for any name, as `dns.lookup` would. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  return (name, { all, family }, done) => {
    const found = addresses
      .map((address) => ({ address, family: isIP(address) }))
      .filter((one) => (family !== 4 && family !== 6 ? true : one.family === family));
    const [first] = found;
    if (first === undefined) {
      const error: NodeJS.ErrnoException = new Error(`no address of ${name} is of family ${family}`);
      error.code = "ENOTFOUND";
      done(error, "");
    } else if (all === true) done(null, found);
    else done(null, first.address, first.family);
  };
}

function keyOf(options: ConnectionOptions): string {
  const text = JSON.stringify(options, function (this: Record<string, unknown>, key: string, value: unknown) {
    // A Buffer has been made JSON by itself by now, a number for each byte.
    const own = this[key];
    return own instanceof Uint8Array ? { bytes: Buffer.from(own).toString("base64") } : value;
  });
  return createHash("sha256").update(text).digest("base64");
}

/** For requests that go over a UNIX socket and say nothing else. */
export const PLAIN: Way = new Way({});
