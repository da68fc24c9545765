// Defends: the log on JetStream keeps the contract of the port, on a real server, with a rival
// writer, with a stream that is full, and with answers that a broken connection loses.
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll } from "vitest";
import { type LogRig, logContract } from "../../actors/log/contract.ts";
import { wantedStream } from "../../actors/log/jetstream/stream-settings.ts";
import type { Log } from "../../actors/log/port.ts";
import { type NatsSite, obtainTimeoutMs, startSite } from "../../deploy/tools/nats-site.ts";
import { LossyProxy } from "./lossy-proxy.ts";
import { type OpenedLog, openTestLog, removeStreams, testSettings } from "./rig.ts";

let site: NatsSite;

beforeAll(async () => {
  site = await startSite(1);
}, obtainTimeoutMs);

afterAll(() => site.stop());

const settings = { ...testSettings, shards: 4 };

async function makeRig(): Promise<LogRig> {
  const proxy = await LossyProxy.start(site.urls[0] as string);
  const admin = await connect({ servers: site.urls });
  const jsm = await jetstreamManager(admin);
  const opened: OpenedLog[] = [];
  const open = async (): Promise<Log> => {
    const one = await openTestLog({ urls: [proxy.url] }, settings);
    opened.push(one);
    return one.log;
  };
  return {
    open,
    reopen: open,
    rival: open,
    async remake() {
      await removeStreams(site);
      return open();
    },
    async full(on) {
      const max_bytes = on ? 1 : settings.evtBytesMax;
      await jsm.streams.update(wantedStream("evt", 0, settings).name, { max_bytes });
    },
    async loseNext(when) {
      proxy.loseNext(when);
    },
    async remove() {
      for (const one of opened) await one[Symbol.asyncDispose]();
      await removeStreams(site);
      await admin.close();
      await proxy.stop();
    },
  };
}

logContract("JetStream", makeRig, { rival: true, full: true, loseNext: true });
