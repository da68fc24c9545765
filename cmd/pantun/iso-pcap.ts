// Captures: pcap and pcapng files to the byte streams of their TCP connections. Segments are put in
// order by their sequence numbers; repeats are dropped, and a hole ends the stream.

/** One direction of one connection. */
export interface CapturedStream {
  readonly from: string;
  readonly to: string;
  readonly pieces: readonly Buffer[];
  /** True: a segment is missing, and what follows it is left out. */
  readonly isCut: boolean;
}

interface Segment {
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly isFirst: boolean;
  readonly data: Buffer;
}

/** Link layers by number (tcpdump's list), and the bytes before the IP header. */
const linkBytes: Readonly<Record<number, number>> = {
  0: 4,
  1: 14,
  12: 0,
  101: 0,
  113: 16,
  276: 20,
};
/** Link layers by the names that one says. */
export const linkLayers: Readonly<Record<string, number>> = {
  ethernet: 1,
  ip: 101,
  "linux-cooked": 113,
  loopback: 0,
};
/** Packets of one file; more is a capture of another kind. */
const packetsMax = 5_000_000;

export interface Packet {
  /** Number of the link layer. */
  readonly link: number;
  readonly bytes: Buffer;
}

function* pcapPackets(file: Buffer, isLittle: boolean): Generator<Packet> {
  const read = (at: number): number => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const link = read(20) & 0xffff;
  for (let at = 24; at + 16 <= file.length; ) {
    const size = read(at + 8);
    if (size > file.length - at - 16) return;
    yield { link, bytes: file.subarray(at + 16, at + 16 + size) };
    at += 16 + size;
  }
}

const sectionHeader = 0x0a0d0d0a;
const interfaceBlock = 1;
const simplePacket = 3;
const enhancedPacket = 6;

function* pcapngPackets(file: Buffer): Generator<Packet> {
  let isLittle = true;
  let links: number[] = [];
  const read = (at: number): number => (isLittle ? file.readUInt32LE(at) : file.readUInt32BE(at));
  for (let at = 0; at + 12 <= file.length; ) {
    if (file.readUInt32BE(at) === sectionHeader) {
      isLittle = file.readUInt32BE(at + 8) === 0x4d3c2b1a;
      links = [];
    }
    const type = read(at);
    const size = read(at + 4);
    if (size < 12 || size > file.length - at) return;
    if (type === interfaceBlock && size >= 20) {
      links.push(read(at + 8) & 0xffff);
    } else if (type === enhancedPacket && size >= 32) {
      const captured = Math.min(read(at + 20), size - 32);
      yield { link: links[read(at + 8)] ?? 1, bytes: file.subarray(at + 28, at + 28 + captured) };
    } else if (type === simplePacket && size >= 16) {
      yield { link: links[0] ?? 1, bytes: file.subarray(at + 12, at + size - 4) };
    }
    at += size;
  }
}

function packetsOf(file: Buffer): Generator<Packet> | null {
  if (file.length < 24) {
    return null;
  }
  switch (file.readUInt32BE(0)) {
    case 0xa1b2c3d4:
    case 0xa1b23c4d:
      return pcapPackets(file, false);
    case 0xd4c3b2a1:
    case 0x4d3cb2a1:
      return pcapPackets(file, true);
    case sectionHeader:
      return pcapngPackets(file);
    default:
      return null;
  }
}

/** Where the IP header begins, VLAN tags skipped; -1 where the link is not known. */
function ipOffset({ link, bytes }: Packet): number {
  let at = linkBytes[link] ?? -1;
  if (link !== 1) return at;
  for (let tags = 0; tags < 2; tags++) {
    const type = bytes.length >= at ? bytes.readUInt16BE(at - 2) : 0;
    if (type !== 0x8100 && type !== 0x88a8) break;
    at += 4;
  }
  return at;
}

interface Addressed {
  readonly from: string;
  readonly to: string;
  readonly tcp: Buffer;
}

const tcpProtocol = 6;

function ipv4(bytes: Buffer): Addressed | null {
  const head = (bytes[0]! & 15) * 4;
  const total = bytes.readUInt16BE(2);
  const isFragment = (bytes.readUInt16BE(6) & 0x3fff) !== 0;
  if (bytes[9] !== tcpProtocol || head < 20 || isFragment || total < head) return null;
  const address = (at: number): string => [...bytes.subarray(at, at + 4)].join(".");
  // A total of zero is left to the network card; the capture then ends with the packet.
  const tcp = bytes.subarray(head, Math.min(total, bytes.length));
  return { from: address(12), to: address(16), tcp };
}

function ipv6(bytes: Buffer): Addressed | null {
  if (bytes.length < 40 || bytes[6] !== tcpProtocol) return null;
  const address = (at: number): string => `[${bytes.toString("hex", at, at + 16)}]`;
  const end = Math.min(40 + bytes.readUInt16BE(4), bytes.length);
  return { from: address(8), to: address(24), tcp: bytes.subarray(40, end) };
}

function segmentOf(packet: Packet): Segment | null {
  const at = ipOffset(packet);
  if (at < 0 || packet.bytes.length < at + 20) return null;
  const ip = packet.bytes.subarray(at);
  const version = ip[0]! >> 4;
  const found = version === 4 ? ipv4(ip) : version === 6 ? ipv6(ip) : null;
  if (found === null || found.tcp.length < 20) return null;
  const { tcp } = found;
  const head = (tcp[12]! >> 4) * 4;
  if (head < 20 || head > tcp.length) return null;
  const isSyn = (tcp[13]! & 2) !== 0;
  return {
    from: `${found.from}:${tcp.readUInt16BE(0)}`,
    to: `${found.to}:${tcp.readUInt16BE(2)}`,
    // A SYN takes one number of its own.
    sequence: (tcp.readUInt32BE(4) + (isSyn ? 1 : 0)) >>> 0,
    isFirst: isSyn,
    data: tcp.subarray(head),
  };
}

/** Segments in order; sequence numbers wrap, so that distances are signed 32-bit integers. */
function inOrder(segments: readonly Segment[]): CapturedStream {
  const [first] = segments;
  const start = segments.find(({ isFirst }) => isFirst)?.sequence;
  const base =
    start ??
    segments.reduce(
      (low, { sequence }) => (((sequence - low) | 0) < 0 ? sequence : low),
      first!.sequence,
    );
  const sorted = segments
    .map(({ sequence, data }) => ({ at: (sequence - base) | 0, data }))
    .filter(({ data }) => data.length > 0)
    .sort((a, b) => a.at - b.at);
  const pieces: Buffer[] = [];
  let next = 0;
  for (const { at, data } of sorted) {
    if (at > next) return { from: first!.from, to: first!.to, pieces, isCut: true };
    if (at + data.length <= next) continue;
    pieces.push(data.subarray(next - at));
    next = at + data.length;
  }
  return { from: first!.from, to: first!.to, pieces, isCut: false };
}

/** The streams of a capture, each direction by itself, in the order in which they begin. */
export function streamsOfCapture(file: Buffer): CapturedStream[] {
  const packets = packetsOf(file);
  if (packets === null) {
    return [{ from: "", to: "nowhere: this is no pcap or pcapng file", pieces: [], isCut: true }];
  }
  return streamsOfPackets(packets);
}

/** The same of packets that are there already. */
export function streamsOfPackets(packets: Iterable<Packet>): CapturedStream[] {
  const flows = new Map<string, Segment[]>();
  let count = 0;
  for (const packet of packets) {
    const segment = segmentOf(packet);
    if (segment === null || ++count > packetsMax) continue;
    const key = `${segment.from}>${segment.to}`;
    const flow = flows.get(key) ?? [];
    flow.push(segment);
    flows.set(key, flow);
  }
  return [...flows.values()].map(inOrder).filter(({ pieces, isCut }) => pieces.length > 0 || isCut);
}
