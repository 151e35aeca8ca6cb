// Packets out of the blocks of a file: numbers them, and knows the interface that each was captured on.

import type { Packet } from "./model.ts";
import type { Block, InterfaceBlock } from "./pcapng/blocks.ts";

export class PacketNumbering {
  readonly #interfaces: InterfaceBlock[] = [];
  /** The number of the section's first interface. */
  #sectionStart = 0;
  #next = 0;

  /** All interfaces so far, over all sections. */
  get interfaces(): readonly InterfaceBlock[] {
    return this.#interfaces;
  }

  /** The packet in a block; undefined when it holds none. */
  take(block: Block): Packet | undefined {
    switch (block.type) {
      case "section":
        this.#sectionStart = this.#interfaces.length;
        return undefined;
      case "interface":
        this.#interfaces.push(block);
        return undefined;
      case "packet": {
        const number = this.#sectionStart + block.interface;
        const from = this.#interfaces[number];
        if (from === undefined) return undefined;
        return {
          index: this.#next++,
          time: block.time,
          linkType: from.linkType,
          bytes: block.bytes,
          length: block.length ?? block.bytes.length,
          interface: number,
          direction: block.direction,
          process: block.process,
          comments: block.comments ?? [],
        };
      }
      default:
        return undefined;
    }
  }
}
