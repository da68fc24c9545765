// Where a webhook may go: https to a public address, nothing else. The address is checked where it
// counts, at the connection, so a name that resolves to another address a moment later gains
// nothing.
import { BlockList, isIP } from "node:net";
import { appError } from "../../platform/mod.ts";

/** Everything that is not the public internet (IANA special-purpose registries, RFC 6890). */
const refusedRanges: readonly (readonly [string, number, "ipv4" | "ipv6"])[] = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
];

/** The part of IPv6 that is given out; tunnels in it that lead back into IPv4 are refused below. */
const globalIPv6 = new BlockList();
globalIPv6.addSubnet("2000::", 3, "ipv6");

const refused = new BlockList();
for (const [net, bits, family] of refusedRanges) refused.addSubnet(net, bits, family);
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  refused.addSubnet(net, bits, "ipv6");
}

/** True for an address of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !refused.check(address, "ipv4");
  if (family !== 6) return false;
  return globalIPv6.check(address, "ipv6") && !refused.check(address, "ipv6");
}

export interface TargetRules {
  /** Receivers on this machine, also without TLS: for tests and demonstrations only. */
  readonly loopbackAllowed: boolean;
}

const urlCharsMax = 2_048;

/**
 * The address of a webhook as it may be registered. WEBHOOK_URL_REFUSED: not https, with a user
 * name or a fragment, or with an address in it that is not public.
 */
export function parseTarget(text: string, rules: TargetRules): URL {
  if (text.length > urlCharsMax) throw refuse(`has more than ${urlCharsMax} characters`);
  const url = URL.parse(text);
  if (url === null) throw refuse("cannot be read");
  const loopback = rules.loopbackAllowed && isLoopbackName(url.hostname);
  if (url.protocol !== "https:" && !(loopback && url.protocol === "http:")) {
    throw refuse("does not begin with https://");
  }
  if (url.username !== "" || url.password !== "") throw refuse("holds a user name");
  if (url.hash !== "") throw refuse("holds a fragment");
  if (loopback) return url;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refuse("leads to an address inside");
  if (isIP(host) === 0 && !isPublicName(host)) throw refuse("leads to a name inside");
  return url;
}

/** True where a connection to `address` may be made for a target with this host. */
export function mayConnect(address: string, rules: TargetRules): boolean {
  if (isPublicAddress(address)) return true;
  return rules.loopbackAllowed && (address.startsWith("127.") || address === "::1");
}

function isLoopbackName(hostname: string): boolean {
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}

/** A name with a dot that is none of those that never leave a network. */
function isPublicName(host: string): boolean {
  const name = host.replace(/\.$/, "").toLowerCase();
  if (!name.includes(".")) return false;
  return !/(^|\.)(localhost|local|internal|intranet|home\.arpa|lan|corp)$/.test(name);
}

function refuse(why: string): Error {
  return appError("WEBHOOK_URL_REFUSED", `The webhook address ${why}.`);
}
