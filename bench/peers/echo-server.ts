// The bare echoes: a TCP socket that sends back what comes, and a grpc-js stream of bytes. Run as a
// process it listens and tells its port: node echo-server.ts tcp-echo | grpc-echo.
import { createServer } from "node:net";
import type { ClientDuplexStream, ServerDuplexStream, ServiceDefinition } from "@grpc/grpc-js";
import {
  type ChannelCredentials,
  type Client,
  type ClientOptions,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
} from "@grpc/grpc-js";

const asIs = (bytes: Buffer): Buffer => bytes;

const service: ServiceDefinition = {
  echo: {
    path: "/pantun.bench.Echo/Echo",
    requestStream: true,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
};

interface Echo extends Client {
  echo(): ClientDuplexStream<Buffer, Buffer>;
}

export const EchoClient = makeGenericClientConstructor(service, "Echo") as unknown as new (
  address: string,
  credentials: ChannelCredentials,
  options?: ClientOptions,
) => Echo;

function serveTcp(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" ? address?.port : 0);
  });
}

function serveGrpc(): void {
  const server = new Server();
  server.addService(service, {
    echo: (stream: ServerDuplexStream<Buffer, Buffer>) => {
      stream.on("error", () => stream.end());
      stream.on("data", (bytes: Buffer) => stream.write(bytes));
      stream.on("end", () => stream.end());
    },
  });
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.send?.(port);
  });
}

if (process.send !== undefined && process.argv[2] === "tcp-echo") serveTcp();
if (process.send !== undefined && process.argv[2] === "grpc-echo") serveGrpc();
