// gRPC server reflection (v1 and v1alpha) for the admin port, from the descriptors that the
// generator keeps beside the generated code: no .proto file is read at run time.
import type { Server } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { fileDescriptorSet } from "../../proto/mod.ts";

/** Key of `file`, field 1 of google.protobuf.FileDescriptorSet. */
const fileKey = 0x0a;

/** The serialised FileDescriptorProtos of everything in proto/. */
export function fileDescriptors(): Buffer[] {
  const set = Buffer.from(fileDescriptorSet.join(""), "base64");
  const files: Buffer[] = [];
  for (let at = 0; at < set.length; ) {
    if (set[at++] !== fileKey) throw new Error("the descriptor set holds something but files");
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = set[at++] ?? 0;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    files.push(set.subarray(at, at + length));
    at += length;
  }
  return files;
}

export function addReflection(server: Server, services: readonly string[]): void {
  // The library looks at the file descriptors alone, but its type asks for a whole definition.
  const type = { format: "Protocol Buffer 3 DescriptorProto", type: {} } as const;
  const files = { ...type, fileDescriptorProtos: fileDescriptors() };
  new ReflectionService({ files } as never, { services: [...services] }).addToServer(server);
}
