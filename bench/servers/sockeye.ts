// Sockeye as a library, from dist/ as a user gets it, answering a constant.
import { HOST } from "../wire.ts";

const { createServer, Response } = await import(new URL("../../dist/index.js", import.meta.url).href);

const server = createServer({
  handler: () => new Response(200, { body: "Hello, world!" }),
  // The row of idle connections holds them for as long as it takes.
  headTimeout: 0,
  idleTimeout: 0,
});
const { port } = await server.listen({ host: HOST, port: 0 });
console.log(`http://${HOST}:${port}`);
