// Link layers: where the IP packet begins in a frame. The numbers are those of the pcap link types' registry.

import { u16, u32 } from "./byte-order.ts";
import { cutShort, type Fault, fault } from "./fault.ts";

export const LINK_NULL: number = 0;
export const LINK_ETHERNET: number = 1;
export const LINK_RAW: number = 101;
export const LINK_LOOP: number = 108;
export const LINK_LINUX_SLL: number = 113;
export const LINK_IPV4: number = 228;
export const LINK_IPV6: number = 229;
export const LINK_LINUX_SLL2: number = 276;
// What older files have in the place of 101: the number was another one on each system.
const LINK_RAW_BSD = 12;
const LINK_RAW_OPENBSD = 14;

/** An IP packet that begins at `at`, or something else that is carried there. */
export type Payload =
  | { readonly kind: "ip"; readonly at: number }
  | { readonly kind: "other"; readonly protocol: number; readonly at: number };

/** Finds the IP packet in a frame. */
export function openFrame(linkType: number, bytes: Uint8Array): Payload | Fault {
  switch (linkType) {
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_IPV4:
    case LINK_IPV6:
      return { kind: "ip", at: 0 };
    case LINK_ETHERNET:
      return byEtherType("an Ethernet header", bytes, 12, 14);
    case LINK_NULL:
    case LINK_LOOP:
      return byFamily(bytes);
    case LINK_LINUX_SLL:
      return byEtherType("a Linux cooked header", bytes, 14, 16);
    case LINK_LINUX_SLL2:
      return byEtherType("a Linux cooked header of version 2", bytes, 0, 20);
    default:
      return fault(
        "LINK_UNKNOWN",
        0,
        `Cannot read link type ${linkType}: known are Ethernet, BSD loopback, raw IP and Linux cooked`,
      );
  }
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Tags that stand before the type: 802.1Q, 802.1ad, and the number that QinQ had before it. */
const VLAN_TAGS: readonly number[] = [0x8100, 0x88a8, 0x9100];

function byEtherType(what: string, bytes: Uint8Array, typeAt: number, length: number): Payload | Fault {
  if (bytes.length < length) return cutShort(what, bytes.length, length);
  let type = u16(bytes, typeAt);
  let at = length;
  while (VLAN_TAGS.includes(type)) {
    if (bytes.length < at + 4) return cutShort("a VLAN tag", bytes.length, at + 4);
    type = u16(bytes, at + 2);
    at += 4;
  }
  return type === IPV4 || type === IPV6 ? { kind: "ip", at } : { kind: "other", protocol: type, at };
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
const FAMILIES: readonly number[] = [2, 10, 24, 28, 30];

function byFamily(bytes: Uint8Array): Payload | Fault {
  if (bytes.length < 4) return cutShort("a loopback header", bytes.length, 4);
  const family = u32(bytes, 0);
  // NULL is in the byte order of the machine that captured, which the file need not be in.
  const known = FAMILIES.includes(family) || FAMILIES.includes(u32(bytes, 0, "little"));
  return known ? { kind: "ip", at: 4 } : { kind: "other", protocol: family, at: 4 };
}
