// A map of bounded weight that forgets what was not used lately. Knows nothing of what it keeps.

interface Slot<V> {
  readonly value: V;
  weight: number;
  used: boolean;
}

/**
 * Keeps values by their keys up to a total weight. Whoever was asked for since the last sweep gets a second
 * chance: unlike moving it to the end of a list, noting that costs a hit nothing.
 */
export class WeightedCache<V> {
  readonly #limit: number;
  readonly #slots: Map<string, Slot<V>> = new Map();
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get weight(): number {
    return this.#weight;
  }

  get(key: string): V | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    slot.used = true;
    return slot.value;
  }

  /** Keeps a value in place of the one before. What weighs more than the limit is not kept. */
  set(key: string, value: V, weight: number): void {
    this.delete(key);
    if (weight > this.#limit) return;
    this.#slots.set(key, { value, weight, used: false });
    this.#weight += weight;
    this.#sweep();
  }

  /** Tells that a value has become heavier; nothing happens when another one has its key by now. */
  grow(key: string, value: V, by: number): void {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.value !== value) return;
    slot.weight += by;
    this.#weight += by;
    this.#sweep();
  }

  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#weight -= slot.weight;
    this.#slots.delete(key);
  }

  // The oldest first. Who was used goes to the end once, so the loop ends after two rounds at most.
  #sweep(): void {
    for (const [key, slot] of this.#slots) {
      if (this.#weight <= this.#limit) return;
      this.delete(key);
      if (!slot.used) continue;
      slot.used = false;
      this.#slots.set(key, slot);
      this.#weight += slot.weight;
    }
  }
}
