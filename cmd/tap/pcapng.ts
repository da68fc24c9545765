// Writes what went over a line as a capture (pcapng): raw IP packets of connections as TCP would
// have cut them, so that every tool that reads captures reads it.
import type { Direction, Link } from "./proxy.ts";

const sectionHeader = 0x0a0d0d0a;
const interfaceBlock = 1;
const enhancedPacket = 6;
/** Link layer of packets that begin with their IP header. */
const rawIp = 101;
/** An IPv4 packet has 65,535 bytes at most, its headers included. */
const segmentMax = 60_000;
const ipBytes = 20;
const tcpBytes = 20;
const flag = { SYN: 2, FIN: 1, ACK: 16, PSH: 8 } as const;

function block(type: number, body: Buffer): Buffer {
  const padded = (body.length + 3) & ~3;
  const out = Buffer.alloc(12 + padded);
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(out.length, 4);
  body.copy(out, 8);
  out.writeUInt32LE(out.length, out.length - 4);
  return out;
}

/** The blocks that every file begins with. */
export function captureHead(): Buffer {
  const section = Buffer.alloc(16);
  section.writeUInt32LE(0x1a2b3c4d, 0);
  section.writeUInt16LE(1, 4);
  // The length of the section is not known.
  section.fill(0xff, 8, 16);
  const face = Buffer.alloc(8);
  face.writeUInt16LE(rawIp, 0);
  return Buffer.concat([block(sectionHeader, section), block(interfaceBlock, face)]);
}

interface End {
  readonly address: Buffer;
  readonly port: number;
}

/** IPv4 where the address is one; other hosts get one from the range for documentation. */
function endOf(text: string): End {
  const at = text.lastIndexOf(":");
  const host = text.slice(0, at);
  const isIpv4 = /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
  const parts = (isIpv4 ? host : "192.0.2.1").split(".").map(Number);
  return { address: Buffer.from(parts), port: Number(text.slice(at + 1)) };
}

/** Packets of one connection. */
export class CapturedConnection {
  readonly #ends: Readonly<Record<Direction, readonly [End, End]>>;
  readonly #sequence: Record<Direction, number> = { "to-host": 0, "from-host": 0 };

  constructor({ client, host }: Pick<Link, "client" | "host">) {
    const [a, b] = [endOf(client), endOf(host)];
    this.#ends = { "to-host": [a, b], "from-host": [b, a] };
  }

  opened(nowMs: number): Buffer {
    const none = Buffer.alloc(0);
    return Buffer.concat([
      this.#packet("to-host", flag.SYN, none, nowMs),
      this.#packet("from-host", flag.SYN | flag.ACK, none, nowMs),
    ]);
  }

  bytes(direction: Direction, chunk: Buffer, nowMs: number): Buffer {
    const packets: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += segmentMax) {
      const piece = chunk.subarray(at, at + segmentMax);
      packets.push(this.#packet(direction, flag.PSH | flag.ACK, piece, nowMs));
    }
    return Buffer.concat(packets);
  }

  ended(direction: Direction, nowMs: number): Buffer {
    return this.#packet(direction, flag.FIN | flag.ACK, Buffer.alloc(0), nowMs);
  }

  #packet(direction: Direction, flags: number, data: Buffer, nowMs: number): Buffer {
    const [from, to] = this.#ends[direction];
    const head = Buffer.alloc(ipBytes + tcpBytes);
    const length = head.length + data.length;
    head[0] = 0x45;
    head.writeUInt16BE(length, 2);
    head[8] = 64;
    head[9] = 6;
    from.address.copy(head, 12);
    to.address.copy(head, 16);
    head.writeUInt16BE(checkSum(head.subarray(0, ipBytes)), 10);
    head.writeUInt16BE(from.port, ipBytes);
    head.writeUInt16BE(to.port, ipBytes + 2);
    head.writeUInt32BE(this.#sequence[direction], ipBytes + 4);
    const other = direction === "to-host" ? "from-host" : "to-host";
    head.writeUInt32BE(this.#sequence[other], ipBytes + 8);
    head[ipBytes + 12] = 0x50;
    head[ipBytes + 13] = flags;
    head.writeUInt16BE(0xffff, ipBytes + 14);
    // SYN and FIN take one number each.
    const taken = data.length + ((flags & (flag.SYN | flag.FIN)) === 0 ? 0 : 1);
    this.#sequence[direction] = (this.#sequence[direction] + taken) >>> 0;
    const meta = Buffer.alloc(20);
    const microseconds = BigInt(Math.floor(nowMs * 1_000));
    meta.writeUInt32LE(Number(microseconds >> 32n), 4);
    meta.writeUInt32LE(Number(microseconds & 0xffff_ffffn), 8);
    meta.writeUInt32LE(length, 12);
    meta.writeUInt32LE(length, 16);
    return block(enhancedPacket, Buffer.concat([meta, head, data]));
  }
}

function checkSum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
