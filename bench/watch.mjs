// Loaded before a Node child of the benchmark: answers what it used. Costs nothing between two questions.
process.on("message", ({ id, question }) => {
  switch (question) {
    case "cpu": {
      const { user, system } = process.cpuUsage();
      return process.send({ id, answer: user + system });
    }
    case "memory":
      return process.send({ id, answer: process.memoryUsage.rss() });
    case "collect":
      globalThis.gc();
      globalThis.gc();
      return process.send({ id, answer: true });
  }
});
process.channel?.unref();
// Without its parent a child has no purpose; a killed benchmark leaves nothing behind.
process.once("disconnect", () => process.exit());
