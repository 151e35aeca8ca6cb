// Numbers of 16, 32 and 64 bits in bytes, in either order. Offsets have been checked by the caller.

export type ByteOrder = "little" | "big";

export function u16(bytes: Uint8Array, at: number, order: ByteOrder = "big"): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  return order === "big" ? first * 0x100 + second : second * 0x100 + first;
}

export function u32(bytes: Uint8Array, at: number, order: ByteOrder = "big"): number {
  const high = u16(bytes, order === "big" ? at : at + 2, order);
  const low = u16(bytes, order === "big" ? at + 2 : at, order);
  return high * 0x10000 + low;
}

export function u64(bytes: Uint8Array, at: number, order: ByteOrder = "big"): bigint {
  const high = u32(bytes, order === "big" ? at : at + 4, order);
  const low = u32(bytes, order === "big" ? at + 4 : at, order);
  return (BigInt(high) << 32n) | BigInt(low);
}

export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  putU16(bytes, at, value >>> 16);
  putU16(bytes, at + 2, value & 0xffff);
}
