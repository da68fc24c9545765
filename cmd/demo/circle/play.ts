// A card's whole way, from its first token to its replacement, every party played by a simulator
// and every answer checked by whoever got it.
import { randomUUID } from "node:crypto";
import { mydebit } from "../../../codec/iso8583/mod.ts";
import { maskPan, withCheckDigit } from "../../../codec/pan/mod.ts";
import { appError, systemClock } from "../../../platform/mod.ts";
import { isCardPicture } from "../../sim/card-picture.ts";
import { sayOverJson } from "../../sim/issuer/over-json.ts";
import { encodeMessage, verification } from "../../sim/messages.ts";
import type { ARes } from "../../sim/three-ds.ts";
import type { StoryLine } from "../story.ts";
import { acquirerId, merchantId, type World } from "../world.ts";
import type { CircleAccess } from "./parties.ts";
import { openScene, type Scene, type Told } from "./scene.ts";

const amount = 49_90;
/** The shop's, the acquirer's and the bank's name of the card. */
const card = "visitors-card";
const expiry = "3012";
const eventLimitMs = 15_000;

type Tell = (line: StoryLine) => void;

/** Plays everything; returns how many lines were wrong. */
export async function playCircle(world: World, access: CircleAccess, tell: Tell): Promise<number> {
  const scene = await openScene(world, access);
  try {
    const circle = new Circle(scene, tell);
    await circle.play();
    return circle.wrong;
  } finally {
    await scene.close();
  }
}

class Circle {
  wrong = 0;
  readonly #scene: Scene;
  readonly #tell: Tell;
  /** The card that the bank gave first, and the one after it. */
  readonly #pans = ["400000001", "400000002"].map((place) => withCheckDigit(`999999${place}`));
  #stan = 700_000;

  constructor(scene: Scene, tell: Tell) {
    this.#scene = scene;
    this.#tell = tell;
  }

  async play(): Promise<void> {
    const { acquirer, shop } = this.#scene;
    for (const one of [acquirer, shop]) await this.#webhook(one);
    const checked = await this.#checkCard();
    await this.#provision(checked);
    await this.#shopToo();
    const paid = await this.#checkToken();
    await this.#pay("payment through the NET", await this.#ptav(), paid);
    const held = await this.#ptav();
    await this.#lost();
    await this.#told("TOKEN_SUSPENDED");
    await this.#declined(held);
    await this.#replaced();
    await this.#told("CARD_UPDATED");
    await this.#pay("same token, new card", await this.#ptav(), await this.#checkToken(false));
    this.#judge("what nobody may get", this.#scene.faults().length === 0, this.#quiet());
  }

  #judge(name: string, right: boolean, says: string): void {
    if (!right) this.wrong++;
    this.#tell({ name, right, says });
  }

  #quiet(): string {
    const [fault] = this.#scene.faults();
    return fault ?? "no notice unsigned or out of order, no card for another's key";
  }

  async #webhook({ requestor, receiver }: Told): Promise<void> {
    const { code, body } = await requestor.call("putWebhook", { body: { url: receiver.url } });
    if (code !== "OK") throw appError("FAILED", `A webhook is refused: ${code}.`);
    receiver.trust(body.publicKey ?? "");
  }

  async #checkCard(): Promise<ARes> {
    const pan = this.#pans[0] ?? "";
    const checked = await this.#scene.acquirer.requestor.checkCard({ pan, expiry });
    const { transStatus, eci = "", flow = "" } = checked;
    const says = `transStatus ${transStatus}, ECI ${eci}, ${flow.toLowerCase()}`;
    this.#judge("3DS with the card", transStatus === "Y", says);
    return checked;
  }

  async #provision(checked: ARes): Promise<void> {
    const { requestor } = this.#scene.acquirer;
    const plain = { pan: this.#pans[0] ?? "", expiry, securityCode: "123" };
    const { code, body } = await requestor.provision(
      card,
      plain,
      {},
      {
        check: checked,
        atMs: systemClock.nowMs(),
      },
    );
    if (code !== "OK") return this.#judge("token for the card", false, code);
    const { assetId, isGeneric } = body.cardArt ?? {};
    const art = await requestor.call("getAsset", { params: { assetId: assetId ?? "" } });
    const hasArt = art.code === "OK" && isCardPicture(art.body);
    const kind = isGeneric === true ? "generic art" : "the issuer's art";
    const says = `${maskPan(body.tpan)} until ${body.tpanExpiry}, ${kind}: PNG 1536 x 969`;
    this.#judge("token for the card", hasArt && body.status === "ACTIVE", says);
  }

  /** Another requestor's token of the same card: another number. */
  async #shopToo(): Promise<void> {
    const { acquirer, shop } = this.#scene;
    const { code } = await shop.requestor.provision(card, { pan: this.#pans[0] ?? "", expiry });
    if (code !== "OK") return this.#judge("a shop's own token", false, code);
    const [ours, theirs] = [acquirer, shop].map(({ requestor }) => requestor.token(card).tpan);
    const says = `${maskPan(theirs ?? "")}, another number for another requestor`;
    this.#judge("a shop's own token", ours !== theirs, says);
  }

  async #checkToken(aloud = true): Promise<ARes> {
    const checked = await this.#scene.acquirer.requestor.checkToken(card, amount);
    const outcome = this.#scene.checks.at(-1);
    const right = checked.transStatus === "Y" && outcome?.right === true;
    if (aloud || !right) this.#judge("3DS with the token", right, outcome?.says ?? "");
    return checked;
  }

  async #ptav(): Promise<string> {
    const { requestor } = this.#scene.acquirer;
    const { code, body } = await requestor.tokenData(card, amount, merchantId);
    if (code !== "OK") throw appError("FAILED", `There is no cryptogram: ${code}.`);
    return body.ptav;
  }

  async #pay(name: string, ptav: string, checked: ARes): Promise<void> {
    const { network, bankHost } = this.#scene;
    const tpan = this.#scene.acquirer.requestor.token(card).tpan;
    const at = bankHost.seen.length;
    const answer = await this.#ask(ptav, checked);
    const seen = bankHost.seen[at];
    const right =
      answer["39"] === "00" &&
      // The acquirer never learns the card.
      answer["2"] === tpan &&
      network.passed.at(-1)?.reason === "0000" &&
      seen?.tpan === tpan &&
      seen.authenticated &&
      seen.card === maskPan(this.#pans[name === "same token, new card" ? 1 : 0] ?? "");
    const piav = seen?.authenticated === true ? "its own" : "no good";
    const got = `card ${seen?.card}, field 120 with PTAV ${seen?.ptavResult} and ${piav} PIAV`;
    this.#judge(name, right, `0110 ${answer["39"]}, the issuer's host got ${got}`);
  }

  async #declined(ptav: string): Promise<void> {
    const { network, bankHost } = this.#scene;
    const before = bankHost.seen.length;
    const { "39": code } = await this.#ask(ptav, null);
    const { reason, issuerCode } = network.passed.at(-1) ?? {};
    const right =
      code === "41" && reason === "1006" && issuerCode === null && bankHost.seen.length === before;
    this.#judge(
      "the next payment",
      right,
      `0110 ${code}, reason ${reason}; the issuer never saw it`,
    );
  }

  /** What the acquirer's terminal sends to the network, and the elements of the answer. */
  async #ask(ptav: string, checked: ARes | null): Promise<Readonly<Record<string, string>>> {
    const { tpan, tpanExpiry, trid } = this.#scene.acquirer.requestor.token(card);
    const stan = ++this.#stan;
    const threeDs =
      checked === null
        ? {}
        : {
            piav: checked.authenticationValue ?? "",
            eci: checked.eci ?? "",
            dsTransId: checked.dsTransID,
          };
    const payment = {
      ...{ tpan, tpanExpiry, trid, amount, merchantId, acquirerId, stan, ptav, ...threeDs },
      rrn: `CIRC${String(stan).padStart(8, "0")}`,
      seconds: Math.floor(systemClock.nowMs() / 1_000),
      initiation: "C",
      storedCredential: "S",
    } as const;
    const message = encodeMessage(verification(payment, { mti: "0100", withMac: false }));
    return new Promise((resolve) => {
      this.#scene.terminal.send(message, (answer) => {
        resolve(answer === null ? {} : mydebit.values(answer.view));
      });
    });
  }

  async #lost(): Promise<void> {
    const line = { pan: this.#pans[0] ?? "", action: "SUSP", reason: "LOST" } as const;
    const { response, tokensAffected, cardStatus } = await sayOverJson(this.#scene.bank, {
      ...line,
      reference: randomUUID(),
    });
    const right = response === "00" && tokensAffected === 2 && cardStatus === "S";
    this.#judge("bank: card lost", right, `card suspended with its ${tokensAffected} tokens`);
  }

  async #replaced(): Promise<void> {
    const { response, tokensAffected } = await sayOverJson(this.#scene.bank, {
      pan: this.#pans[0] ?? "",
      action: "PANU",
      reason: "REPL",
      newPan: this.#pans[1] ?? "",
      newExpiry: "3112",
      reference: randomUUID(),
    });
    const right = response === "00" && tokensAffected === 2;
    const next = maskPan(this.#pans[1] ?? "");
    this.#judge("bank: a new card", right, `${tokensAffected} tokens moved to ${next}`);
  }

  /** Every requestor that has a token of the card. */
  async #told(type: string): Promise<void> {
    const says: string[] = [];
    let right = true;
    for (const { name, requestor, receiver } of [this.#scene.acquirer, this.#scene.shop]) {
      const { tokenRef } = requestor.token(card);
      const fits = (event: { readonly type: string; readonly tokenRef: string }) =>
        event.type === type && event.tokenRef === tokenRef;
      const event = await receiver.takeNext(fits, eventLimitMs);
      right &&= event?.causedBy === "ISSUER";
      says.push(`${name} (number ${event?.seq ?? "none"})`);
    }
    this.#judge("webhooks", right, `${type} by ISSUER at ${says.join(" and ")}`);
  }
}
