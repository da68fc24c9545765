// What a switch does about payments that were not answered in time: it reverses each of them
// (0420), through store and forward, until the reversal is answered. An answer that comes too late
// then changes nothing, approved or not.
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Forwarder, type ForwardStats, StoreForward } from "../../../api/iso/mod.ts";
import { mtiText, mydebit, type View } from "../../../codec/iso8583/mod.ts";
import type { Clock } from "../../../platform/mod.ts";
import { encodeMessage, transmissionText } from "../messages.ts";
import type { SwitchClient } from "../switch-client.ts";
import type { SimContext } from "./context.ts";

export interface ReversalsOptions {
  readonly path: string;
  readonly client: SwitchClient;
  readonly context: Pick<SimContext, "next" | "withMac">;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface ReversalsReport extends ForwardStats {
  readonly sent: number;
  readonly repeated: number;
  readonly arrived: number;
}

/** A recovering service gets its backlog in small helpings. */
const windowMax = 32;
const pumpMs = 100;
const sealKeyBytes = 64;

/** Elements that the reversal takes over from its original as they are. */
const kept = [2, 3, 4, 32, 42, 49] as const;

export class Reversals {
  readonly #options: ReversalsOptions;
  readonly #store: StoreForward;
  readonly #forwarder: Forwarder;
  readonly #view = mydebit.createView();
  readonly #timer: NodeJS.Timeout;

  constructor(options: ReversalsOptions) {
    const { path, client, clock, random } = options;
    this.#options = options;
    this.#store = StoreForward.open({ path, sealKey: sealKeyOf(path), clock, random });
    this.#forwarder = new Forwarder({
      store: this.#store,
      windowMax,
      onFault: (error) => process.stderr.write(`store and forward: ${String(error)}\n`),
      ready: () => client.ready > 0,
      send: (message, done) => {
        client.send(message, (answer) => done(answer === null ? null : answer.view.text(39)));
      },
    });
    this.#timer = setInterval(() => this.#forwarder.pump(), pumpMs);
  }

  /** A payment that got no answer: keeps its reversal. Other messages are none of its business. */
  onTimeout(message: Buffer): void {
    const view = this.#view;
    if (mydebit.scanMessage(view, message, 0, message.length) !== 0) return;
    const cls = view.mti & 0xff0;
    if (cls !== 0x100 && cls !== 0x200) return;
    this.#store.add(keyOf(view.text(2)), reversalOf(view, this.#options.context));
  }

  /**
   * Waits until all have arrived, `limitMs` at the most, and ends. What is left stays in the file.
   */
  async close(limitMs: number): Promise<ReversalsReport> {
    const untilMs = this.#options.clock.monotonicMs() + limitMs;
    while (!this.#forwarder.idle && this.#options.clock.monotonicMs() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, pumpMs));
    }
    clearInterval(this.#timer);
    const { sent, repeated, arrived } = this.#forwarder;
    const report = { ...this.#store.stats(), sent, repeated, arrived };
    this.#store.close();
    return report;
  }
}

/** 0420 about the payment in the view: its own DE7, DE11 and DE37; DE90 names the payment. */
export function reversalOf(view: View, context: ReversalsOptions["context"]): Buffer {
  const { stan, rrn, seconds } = context.next();
  const fields: Record<string, string | Record<string, string>> = {};
  for (const de of kept) fields[String(de)] = view.text(de);
  const trid = view.tags.offset(3);
  const tags: Record<string, string> = { "05": "C" };
  if (view.has(120) && view.tags.has(3)) {
    tags["03"] = view.buf.toString("latin1", trid, trid + view.tags.length(3));
  }
  const transmission = transmissionText(seconds);
  // In DE90 a repeat is named by the message that it repeats.
  const mti = mtiText(view.mti & 0xfffe);
  const original = `${mti}${view.text(11)}${view.text(7)}`;
  Object.assign(fields, {
    "7": transmission,
    "11": String(stan).padStart(6, "0"),
    "12": view.text(12),
    "13": view.text(13),
    "37": rrn,
    "90": `${original}${view.text(32).padStart(11, "0")}${"0".repeat(11)}`,
    "120": tags,
    ...(context.withMac ? { "128": "00".repeat(8) } : {}),
  });
  return encodeMessage({ mti: "0420", fields });
}

/** Reversals of one card keep their order. */
function keyOf(tpan: string): string {
  return createHash("sha256").update(tpan).digest("hex").slice(0, 16);
}

/** The simulator's own key, made beside the file: its cards are none. */
function sealKeyOf(path: string): Buffer {
  const file = `${path}.key`;
  if (!existsSync(file)) writeFileSync(file, randomBytes(sealKeyBytes), { mode: 0o600 });
  return readFileSync(file);
}
