// Several runs at a time, and no more.

/**
 * Runs `work` for each item, at most `limit` at once, in the order of the items. Resolves when all have ended;
 * after the first that rejects no further one is begun.
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let index = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true && !failed; next = left.next()) {
      try {
        await work(next.value, index++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** The items again and again, so many times. */
export function* repeated<Item>(items: readonly Item[], times: number): Generator<Item> {
  for (let round = 0; round < times; round++) yield* items;
}
