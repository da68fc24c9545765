// What the demo shows: one payment of each kind, by real messages over real sockets, each with the
// one answer that is right.
import { randomBytes } from "node:crypto";
import {
  IssuerClient,
  LifecycleClient,
  RequestorClient,
  SwitchClient as SwitchGrpc,
} from "../../api/grpc/mod.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { maskPan } from "../../codec/pan/mod.ts";
import { reason, reasonTable, systemClock } from "../../platform/mod.ts";
import { ReasonCode } from "../../proto/mod.ts";
import { viewToken } from "../../vault/mod.ts";
import { localPtavSource } from "../sim/local-ptav.ts";
import {
  byOriginal,
  encodeMessage,
  type Original,
  type Payment,
  verification,
} from "../sim/messages.ts";
import { remotePtavSource } from "../sim/remote-tokens.ts";
import { type Answer, SwitchClient } from "../sim/switch-client.ts";
import { switchTarget } from "../sim/switch-target.ts";
import type { PtavSource, SimToken } from "../sim/tokens.ts";
import { demoTrid, type World } from "./world.ts";

export interface StoryLine {
  readonly name: string;
  readonly right: boolean;
  readonly says: string;
}

/** What an answer said, as text; the card masked. */
interface Said {
  readonly mti: string;
  readonly de39: string;
  readonly reason: number;
  readonly card: string;
  readonly cardExpiry: string;
  readonly repeated: boolean;
  readonly verificationId: string;
  readonly macOk: boolean;
}

const anHour = 3_600;

export class Story {
  private readonly world: World;
  private readonly iso: SwitchClient;
  private readonly ptavs: PtavSource;
  private readonly tell: (line: StoryLine) => void;
  private sequence = 0;
  private wrong = 0;

  private constructor(
    world: World,
    iso: SwitchClient,
    requestor: RequestorClient,
    tell: (line: StoryLine) => void,
  ) {
    this.world = world;
    this.iso = iso;
    this.ptavs = remotePtavSource(requestor);
    this.tell = tell;
  }

  /** Plays everything; returns how many answers were not the right ones. */
  static async play(world: World, tell: (line: StoryLine) => void): Promise<number> {
    const { addresses } = world.service;
    const iso = await SwitchClient.connect({
      target: switchTarget([addresses.iso], null),
      connections: 2,
      macKey: world.macKey,
      clock: systemClock,
    });
    const requestor = new RequestorClient({
      address: addresses.requestor,
      security: { kind: "insecure" },
    });
    const story = new Story(world, iso, requestor, tell);
    try {
      await story.payments();
      await story.merchantInitiated();
      await story.batch();
    } finally {
      await iso.close();
      requestor.close();
    }
    return story.wrong;
  }

  private token(place: number): SimToken {
    return this.world.tokens[place % this.world.tokens.length] as SimToken;
  }

  private async payments(): Promise<void> {
    const token = this.token(0);
    const paid = await this.pay(token);
    const message = this.message(paid);
    const first = await this.send(message);
    this.expect("payment with a PTAV", first, reason.VERIFIED, card(first));
    const again = await this.send(message);
    const same = again.verificationId === first.verificationId && again.repeated;
    this.expect("retransmission", again, reason.VERIFIED, "the same answer again", same);
    const replay = await this.send(this.message({ ...paid, ...this.numbers() }));
    this.expect("replayed PTAV", replay, reason.PTAV_REPLAY);
    const altered = await this.pay(this.token(1));
    const sen = await this.send(this.message({ ...altered, amount: altered.amount + 1 }));
    this.expect("amount altered by 1 sen", sen, reason.PTAV_INVALID);
    const other = demoTrid(token.trid === demoTrid(1) ? 2 : 1);
    const foreign = await this.send(this.message({ ...(await this.pay(token)), trid: other }));
    this.expect("TRID of another merchant", foreign, reason.TRID_MISMATCH);
    await this.suspension();
    const { ring } = this.world;
    const old = localPtavSource({ ring, clock: systemClock, random: randomBytes });
    const late = await this.pay(token, old, anHour);
    this.expect("expired PTAV", await this.send(this.message(late)), reason.PTAV_EXPIRED);
    await this.reversal(paid, first);
  }

  private async suspension(): Promise<void> {
    const token = this.token(2);
    const paid = await this.pay(token);
    await this.issuerSays("suspendCard", token);
    const declined = await this.send(this.message(paid));
    this.expect("card suspended by issuer", declined, reason.TOKEN_SUSPENDED);
    await this.issuerSays("resumeCard", token);
    const before = await this.send(this.message({ ...paid, ...this.numbers() }));
    this.expect("PTAV from before that", before, reason.PTAV_EXPIRED);
    const fresh = await this.send(this.message(await this.pay(token)));
    this.expect("resumed, with a new PTAV", fresh, reason.VERIFIED, card(fresh));
    await this.events(token);
  }

  /** What the card's issuer would call, over the issuers' door. */
  private async issuerSays(name: "suspendCard" | "resumeCard", token: SimToken): Promise<void> {
    const { service } = this.world;
    const { pan } = viewToken(service.engine.opened.vault, token.tokenRef);
    const digits = Buffer.alloc(pan.length);
    pan.copyTo(digits, 0);
    const issuer = new IssuerClient({
      address: service.addresses.issuer as string,
      security: { kind: "insecure" },
    });
    const reasonCode = ReasonCode.REASON_CODE_CUSTOMER_REQUEST;
    const action = { idempotencyKey: name, pan: digits, reasonCode, causedAt: undefined };
    try {
      await issuer.call(name, { action });
    } finally {
      issuer.close();
    }
  }

  /** What the requestor of the token is told of it. */
  private async events({ trid, tokenRef }: SimToken): Promise<void> {
    const client = new LifecycleClient({
      address: this.world.service.addresses.requestor,
      security: { kind: "insecure" },
    });
    const { events } = await client.call("listEvents", { trid, cursor: "", limit: 0 });
    client.close();
    const types = events.filter(({ body }) => body.includes(tokenRef)).map(({ type }) => type);
    const says = types.join(", ");
    const right = says === "TOKEN_SUSPENDED, TOKEN_RESUMED";
    if (!right) this.wrong++;
    this.tell({ name: "the requestor's events", right, says });
  }

  private async reversal(payment: Payment, answer: Said): Promise<void> {
    const original: Original = { payment, mti: "0100", verificationId: answer.verificationId };
    const options = { mti: "0420", withMac: true };
    const said = await this.send(encodeMessage(byOriginal(original, this.numbers(), options)));
    this.expect("reversal of the first", said, reason.VERIFIED, card(said));
    const unknown = { ...original, payment: { ...payment, stan: 999_999 } };
    const lost = await this.send(encodeMessage(byOriginal(unknown, this.numbers(), options)));
    this.expect("reversal of nothing", lost, reason.ORIGINAL_NOT_FOUND);
  }

  private async merchantInitiated(): Promise<void> {
    const token = this.token(3);
    const agreement = { agreementId: "SUBSCRIPTION-1", mitType: "R" };
    const charge = () => {
      const { amount } = this.base(token);
      return this.message({ ...this.base(token), ...agreement, amount, initiation: "M" as const });
    };
    const without = await this.send(charge());
    this.expect("MIT without agreement", without, reason.MIT_NO_AGREEMENT);
    const setup = { ...(await this.pay(token)), ...agreement, storedCredential: "F" as const };
    const first = await this.send(this.message(setup));
    this.expect("first payment, agreement", first, reason.VERIFIED, card(first));
    this.world.service.engine.opened.history.foldAll();
    const charged = await this.send(charge());
    this.expect("MIT with agreement", charged, reason.VERIFIED, card(charged));
  }

  /** A frame of 64 over the gRPC session: the way a switch should talk. */
  private async batch(): Promise<void> {
    const grpc = new SwitchGrpc({
      address: this.world.service.addresses.switch,
      security: { kind: "insecure" },
    });
    const count = 64;
    const messages: Buffer[] = [];
    for (let i = 0; i < count; i++)
      messages.push(this.message(await this.pay(this.token(i)), false));
    let approved = 0;
    await new Promise<void>((resolve, reject) => {
      const view = mydebit.createView();
      let answered = 0;
      const session = grpc.session({
        answer(_correlation, bytes, offset, length) {
          mydebit.scanMessage(view, bytes, offset, offset + length);
          if (view.text(39) === "00") approved++;
          if (++answered === count) session.finish();
        },
        fail: (_correlation, error) => reject(error),
        end: (error) => (error === null ? resolve() : reject(error)),
      });
      for (const [i, message] of messages.entries()) session.add(i, message, 0, message.length);
      session.flush();
    });
    grpc.close();
    const right = approved === count;
    if (!right) this.wrong++;
    this.tell({ name: "gRPC session, one frame", right, says: `${approved} of ${count} approved` });
  }

  private numbers(): { stan: number; rrn: string; seconds: number } {
    this.sequence++;
    return {
      stan: this.sequence,
      rrn: `DEMO${String(this.sequence).padStart(8, "0")}`,
      seconds: Math.floor(systemClock.nowMs() / 1000),
    };
  }

  private base(token: SimToken): Payment {
    return {
      tpan: token.tpan,
      tpanExpiry: token.tpanExpiry,
      trid: token.trid,
      amount: 1_000 + this.sequence,
      merchantId: token.merchantId,
      acquirerId: token.acquirerId,
      initiation: "C",
      ...this.numbers(),
    };
  }

  private async pay(token: SimToken, source = this.ptavs, ageSeconds = 0): Promise<Payment> {
    const base = this.base(token);
    const { amount, merchantId } = base;
    return { ...base, ptav: await source.get({ token, amount, merchantId, ageSeconds }) };
  }

  private message(payment: Payment, withMac = true): Buffer {
    return encodeMessage(verification(payment, { mti: "0100", withMac }));
  }

  private send(message: Buffer): Promise<Said> {
    return new Promise((resolve, reject) => {
      this.iso.send(message, (answer) => {
        if (answer === null) reject(new Error("the service did not answer"));
        else resolve(read(answer));
      });
    });
  }

  private expect(name: string, said: Said, code: number, says?: string, more = true): void {
    const right = said.reason === code && said.macOk && more;
    if (!right) this.wrong++;
    const text = says ?? reasonTable.get(said.reason)?.meaning ?? "";
    const numbers = `${said.mti} ${said.de39} ${String(said.reason).padStart(4, "0")}`;
    this.tell({ name, right, says: `${numbers}  ${text}` });
  }
}

function card(said: Said): string {
  return `card ${said.card}, expiry ${said.cardExpiry}`;
}

function read(answer: Answer): Said {
  const { view } = answer;
  const tag = (number: number) => {
    if (!view.has(120) || !view.tags.has(number)) return "";
    const at = view.tags.offset(number);
    return view.buf.toString("latin1", at, at + view.tags.length(number));
  };
  return {
    mti: view.mti.toString(16).padStart(4, "0"),
    de39: view.text(39),
    reason: Number(tag(13)),
    card: maskPan(view.text(2)),
    cardExpiry: view.text(14),
    repeated: tag(20) === "R",
    verificationId: tag(14),
    macOk: answer.macOk,
  };
}
