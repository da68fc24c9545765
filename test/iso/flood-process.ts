// A process that opens many connections to one port, and tells how each of them ended.
import { connect } from "node:net";

const [port = 0, count = 0, parallel = 0] = process.argv.slice(2).map(Number);
const outcome = { ended: 0, reset: 0, failed: 0 };
/** A connection that is neither taken nor closed would make the test wait for ever. */
const limitMs = 20_000;

function one(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const timer = setTimeout(() => socket.destroy(new Error("left hanging")), limitMs);
    let bad = "";
    socket.on("error", (error: NodeJS.ErrnoException) => {
      bad = error.code ?? "failed";
    });
    socket.on("close", () => {
      clearTimeout(timer);
      if (bad === "") outcome.ended += 1;
      else if (bad === "ECONNRESET") outcome.reset += 1;
      else outcome.failed += 1;
      resolve();
    });
    socket.resume();
  });
}

let left = count;
async function lane(): Promise<void> {
  while (left > 0) {
    left -= 1;
    await one();
  }
}

await Promise.all(Array.from({ length: parallel }, lane));
process.stdout.write(JSON.stringify(outcome));
