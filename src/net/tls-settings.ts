// Whom a TLS connection trusts, and who it says it is: a caller's settings as the options of node:tls.

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  type SecureContextOptions,
} from "node:tls";
import { ConnectError } from "./connect-errors.ts";

/** Text of a PEM file, or its bytes. */
export type Pem = string | Uint8Array;

export interface TlsSettings {
  /** Takes any certificate, whoever made it, for whatever name: nobody knows then who answers. A pinned key is asked for all the same. */
  readonly insecure?: boolean | undefined;
  /** Certificates of the authorities to trust, instead of those that Node knows. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's certificate and its chain, for a server that asks for one. */
  readonly cert?: Pem | undefined;
  /** The certificate's private key. Default: it is in `cert`, too. */
  readonly key?: Pem | undefined;
  /** Opens the private key when it is encrypted. */
  readonly passphrase?: string | undefined;
  /** The only public keys that the server may have: "sha256//BASE64", several with ";" in between; or a public key in PEM or DER. */
  readonly pinnedKey?: string | Uint8Array | undefined;
}

/**
 * The options of node:tls for a server called `name` that is found at `host`. Throws ConnectError `TLS_MATERIAL` for
 * a certificate or a key that cannot be used.
 */
export function tlsOptions(name: string, host: string, settings: TlsSettings): ConnectionOptions {
  return {
    ALPNProtocols: ["http/1.1"],
    // An address is not a server name (RFC 6066, 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    // Without a server name Node compares the certificate with the host that was connected to.
    ...(name === host ? {} : { checkServerIdentity: (_, shown) => checkServerIdentity(name, shown) }),
    ...(settings.insecure === true ? { rejectUnauthorized: false } : {}),
    ...material(settings),
  };
}

function material(settings: TlsSettings): Pick<ConnectionOptions, "secureContext"> {
  const { ca, cert, passphrase } = settings;
  const options: SecureContextOptions = {};
  if (ca !== undefined) options.ca = authorities(ca);
  if (cert !== undefined) {
    options.cert = bytesOf(cert);
    options.key = bytesOf(settings.key ?? cert);
    if (passphrase !== undefined) options.passphrase = passphrase;
  } else if (settings.key !== undefined) {
    throw unusable("the private key: it comes without its certificate", undefined);
  }
  if (options.ca === undefined && options.cert === undefined) return {};
  try {
    return { secureContext: createSecureContext(options) };
  } catch (error) {
    throw unusable(`the client's certificate: ${ownFault(error as NodeJS.ErrnoException)}`, error);
  }
}

/** Node passes over what is no certificate, and the server would be blamed for it. */
function authorities(ca: Pem | readonly Pem[]): Buffer[] {
  const all = typeof ca === "string" || ca instanceof Uint8Array ? [ca] : ca;
  return all.map((one) => {
    const bytes = bytesOf(one);
    try {
      if (!bytes.includes("-----BEGIN ")) throw new Error("there is no line -----BEGIN CERTIFICATE-----");
      new X509Certificate(bytes);
    } catch (error) {
      throw unusable("the authorities' certificates: they are not in PEM", error);
    }
    return bytes;
  });
}

/** The messages of OpenSSL tell a place in its source; its codes are known. */
function ownFault(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ERR_OSSL_BAD_DECRYPT":
      return "its private key is encrypted, and the passphrase does not open it";
    case "ERR_OSSL_X509_KEY_VALUES_MISMATCH":
      return "the private key belongs to another certificate";
    case "ERR_OSSL_PEM_NO_START_LINE":
      return "it is not in PEM";
    case "ERR_OSSL_UNSUPPORTED":
      return "there is no private key in PEM with it";
    default:
      return error.message;
  }
}

function bytesOf(pem: Pem): Buffer {
  return typeof pem === "string" ? Buffer.from(pem, "utf8") : Buffer.from(pem);
}

function unusable(what: string, cause: unknown): ConnectError {
  return new ConnectError("TLS_MATERIAL", `Cannot use ${what}`, cause);
}
