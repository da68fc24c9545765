// The ISO 8583 door: MyDebit NET's messages over TCP, with a 2-byte length before each.
//
// It promises: the connection's certificate (or, on plain TCP, its address) decides who is
// speaking; nothing is verified before a sign-on; every message that can be answered is answered on
// the connection it came from, in any order; what cannot be answered is counted, logged without
// content and ends the connection; a full queue, a slow reader and a silent peer each meet a limit;
// a stop answers what is in flight first.
//
// It never looks into a payment: from the MTI on, the bytes go to the dispatcher as they came. It
// handles network management (0800) itself, and hands what issuers say of their cards (0302) to the
// card desk. It never listens on plain TCP beyond loopback without
// an explicit flag, and never logs a value of a message.

export {
  Answered,
  type AnsweredOptions,
  type AnsweredVerdict,
} from "./answered.ts";
export type { CallOut } from "./call-out.ts";
export { type DialedSession, Dialer, type DialerOptions, dialPauses } from "./dialer.ts";
export { Forwarder, type ForwarderOptions, repeatOf } from "./forward/forwarder.ts";
export {
  type ForwardLimits,
  type ForwardStats,
  forwardLimits,
  StoreForward,
  type StoreForwardOptions,
} from "./forward/store-forward.ts";
export { hostMac, Upstream, type UpstreamOptions, type UpstreamStats } from "./forward/upstream.ts";
export { BackOff, type Host, HostList } from "./hosts.ts";
export { START_BYTES } from "./in-flight.ts";
export {
  createKeyExchange,
  type KeyExchange,
  type KeyExchangeOptions,
  previousKeyMs,
} from "./key-exchange.ts";
export { type IsoLimits, isoLimits } from "./limits.ts";
export {
  NETWORK_REQUEST_BYTES,
  type NetworkRequest,
  networkCode,
  writeNetworkRequest,
} from "./network-message.ts";
export { openSocket, type SocketOptions } from "./open-socket.ts";
export { Outbox } from "./outbox.ts";
export { PeerMacs } from "./peer-macs.ts";
export { type IsoPeerSettings, PeerLines } from "./peer-settings.ts";
export { findPeerByAddress, findPeerByNames, type IsoPeers } from "./peers.ts";
export {
  checkIsoListener,
  createIsoServer,
  defaultStartBytes,
  type IsoListener,
  type IsoPeerTable,
  type IsoServer,
  type IsoServerOptions,
} from "./server.ts";
export { createIsoStats, type IsoStats, type PeerStats, splitAnswerKey } from "./stats.ts";
export { loadTls, type TlsFiles } from "./tls.ts";
export { HostLink, type HostLinkOptions } from "./upstream/host-link.ts";
export {
  type HostAnswer,
  type HostLine,
  type HostMac,
  HostSession,
  type HostStats,
  isDone,
  setCode,
  wireValue,
} from "./upstream/host-session.ts";
export { NetworkForm, textOf } from "./upstream/network-form.ts";
export { matchElements } from "./upstream/pending.ts";
