// What every client under test does when its parent says "run": so many at a time, for so many seconds, and
// then what it cost. The client itself is one function that makes a request and reads its whole content.

export interface Run {
  readonly seconds: number;
  readonly concurrency: number;
}

export interface RunOutcome {
  readonly requests: number;
  readonly seconds: number;
  readonly cpuMicros: number;
}

/** Answers "run" questions; `once` gets the number of the lane it runs in, from 0. */
export function serveRuns(once: (lane: number) => Promise<void>): void {
  process.on("message", async (message: { id: number; question: string; argument: Run }) => {
    if (message.question !== "run") return;
    process.send?.({ id: message.id, answer: await run(message.argument, once) });
  });
  process.channel?.ref();
  console.log("ready");
}

async function run(
  { seconds, concurrency }: Run,
  once: (lane: number) => Promise<void>,
): Promise<RunOutcome> {
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  let requests = 0;
  async function lane(number: number): Promise<void> {
    while (performance.now() < end) {
      await once(number);
      requests += 1;
    }
  }
  await Promise.all(Array.from({ length: concurrency }, (_, number) => lane(number)));
  const { user, system } = process.cpuUsage(before);
  return { requests, seconds: (performance.now() - start) / 1000, cpuMicros: user + system };
}
