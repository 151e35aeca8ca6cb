// The floor of this runtime: a bare socket that writes the same answer to whatever arrives, nothing parsed.
import { type AddressInfo, createServer } from "node:net";
import { constantResponse, GREETING, HOST, KIBIBYTE } from "../wire.ts";

const answer = constantResponse(process.argv[2] === "greeting" ? GREETING : KIBIBYTE);

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", () => socket.write(answer));
  socket.on("error", () => socket.destroy());
});
server.listen({ port: 0, host: HOST, backlog: 4096 }, () => {
  console.log(`http://${HOST}:${(server.address() as AddressInfo).port}`);
});
