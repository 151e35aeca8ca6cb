// The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.

/** Adds bytes to a sum; an odd last byte counts as the high half of a word. Only the last part may be odd. */
export function addToSum(
  sum: number,
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): number {
  let total = sum;
  const even = end - ((end - start) & 1);
  for (let i = start; i < even; i += 2) {
    total += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  }
  if (even < end) total += (bytes[even] as number) << 8;
  // 64 KiB of words stay far below 2^53, so that folding can wait until the end.
  return total;
}

/** The checksum of a sum. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The checksum of bytes; 0 when they hold a right one. */
export function checksum(bytes: Uint8Array): number {
  return foldSum(addToSum(0, bytes));
}

/**
 * What the pseudo header adds to the sum of a TCP segment (RFC 9293, 3.1; for IPv6 RFC 8200, 8.1). The two versions
 * order their parts differently, which a sum does not notice.
 */
export function pseudoHeaderSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  const lengthSum = Math.floor(length / 0x10000) + (length % 0x10000);
  return addToSum(addToSum(0, source), destination) + protocol + lengthSum;
}
