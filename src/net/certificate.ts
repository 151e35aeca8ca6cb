// What a server's certificate says, in the words of openssl's and curl's one-line texts.

import type { X509Certificate } from "node:crypto";

/** Facts of the certificate that a server showed. */
export interface PeerCertificate {
  /** Names in the certificate's order: "C=KR, O=Daehan, CN=www.example.org". */
  readonly subject: string;
  readonly issuer: string;
  /** From when, and until when it is valid. */
  readonly start: Date;
  readonly expire: Date;
  /** Lower-case hexadecimal, a pair for each byte: "3e:23:bb". */
  readonly serialNumber: string;
  /** The names it is for: "DNS:www.example.org, IP Address:192.0.2.1"; undefined when it says none. */
  readonly subjectAltName: string | undefined;
  /** All of it, in PEM. */
  readonly pem: string;
}

export function peerCertificate(certificate: X509Certificate): PeerCertificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    start: new Date(certificate.validFrom),
    expire: new Date(certificate.validTo),
    serialNumber: certificate.serialNumber.toLowerCase().replace(/(?!^)(?=(?:..)+$)/g, ":"),
    subjectAltName: certificate.subjectAltName,
    pem: certificate.toString(),
  };
}

/** Node tells a name in lines, "O=a\, b", with the escapes of RFC 2253; in one line such a value is quoted. */
function oneLine(name: string | undefined): string {
  // A certificate may do without a subject, and Node gives undefined for it.
  return (name ?? "").split("\n").map(quotedWhereNeeded).join(", ");
}

function quotedWhereNeeded(attribute: string): string {
  const equals = attribute.indexOf("=");
  const value = attribute.slice(equals + 1);
  if (!/\\[^0-9A-F]/.test(value)) return attribute;
  return `${attribute.slice(0, equals)}="${value.replace(/\\([^"\\0-9A-F])/g, "$1")}"`;
}
