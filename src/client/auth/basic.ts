// Basic authentication (RFC 7617).

/** The value of Authorization (or Proxy-Authorization) for `user:password`, in UTF-8. */
export function basicAuthorization(pair: string): string {
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}
