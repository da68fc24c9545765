// The whole service with a client of each kind, for tests of the command path.
import { randomInt, randomUUID } from "node:crypto";
import {
  IssuerClient,
  LifecycleClient,
  RequestorClient,
  SwitchClient,
} from "../../api/grpc/mod.ts";
import { acquirerId, demoTrid, merchantId, openWorld, type World } from "../../cmd/demo/world.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import { Binding, ReasonCode, TransactionType, type VerifyRequest } from "../../proto/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { panBytes, tokensByCard, viewNow } from "./cards.ts";
import { paymentRequest } from "./doors.ts";

export async function refusalOf(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => new Error("the call went through"),
    (error: unknown) => error,
  );
  if (!isAppError(thrown)) throw thrown;
  return thrown;
}

export const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

export class CommandWorld {
  readonly world: World;
  /** Card by card, two of each: the even places are different cards. */
  readonly tokens: readonly SimToken[];
  readonly payer: SwitchClient;
  readonly requestor: RequestorClient;
  readonly lifecycle: LifecycleClient;
  readonly issuer: IssuerClient;
  readonly vault: Vault;
  #stan = randomInt(1, 500_000);
  #keys = 0;

  private constructor(world: World) {
    this.world = world;
    this.tokens = tokensByCard(world);
    this.vault = world.service.engine.opened.vault;
    const { addresses } = world.service;
    const security = { kind: "insecure" } as const;
    const target = { security, timeoutMs: 10_000 };
    this.payer = new SwitchClient({ address: addresses.switch, ...target });
    this.requestor = new RequestorClient({ address: addresses.requestor, ...target });
    this.lifecycle = new LifecycleClient({ address: addresses.requestor, ...target });
    this.issuer = new IssuerClient({ address: addresses.issuer as string, ...target });
  }

  static async open(flags: Readonly<Record<string, string>> = {}): Promise<CommandWorld> {
    return new CommandWorld(await openWorld({ tokens: 64, flags }));
  }

  async close(): Promise<void> {
    for (const one of [this.payer, this.requestor, this.lifecycle, this.issuer]) one.close();
    await this.world.close();
  }

  /** An idempotency key that was not used yet. */
  key(): string {
    return `key-${++this.#keys}`;
  }

  view(place: number) {
    return viewNow(this.vault, this.tokens[place]!.tokenRef);
  }

  /** The card number behind a token, as its issuer would send it. */
  panOf(place: number): Buffer {
    return panBytes(this.vault, this.tokens[place]!.tokenRef);
  }

  card(place: number, changes = {}) {
    const action = {
      idempotencyKey: this.key(),
      pan: this.panOf(place),
      reasonCode: ReasonCode.REASON_CODE_LOST,
      causedAt: undefined,
      ...changes,
    };
    return { action };
  }

  action(place: number, changes = {}) {
    const { trid, tokenRef } = this.tokens[place]!;
    const given = {
      idempotencyKey: this.key(),
      trid,
      tokenRef,
      reasonCode: ReasonCode.REASON_CODE_CUSTOMER_REQUEST,
      expectedVersion: undefined,
      ...changes,
    };
    return { action: given };
  }

  provision(pan: string, changes = {}) {
    const seconds = BigInt(Math.floor(Date.now() / 1_000));
    return {
      idempotencyKey: this.key(),
      trid: demoTrid(1),
      card: { pan: Buffer.from(pan), expiry: "3012" },
      verification: {
        transStatus: "Y",
        challenged: true,
        dsTransId: randomUUID(),
        authenticatedAt: { seconds, nanos: 0 },
      },
      agreement: undefined,
      notify: false,
      ...changes,
    };
  }

  /** A payment that the requestor has just fetched a PTAV for. */
  async paid(place: number): Promise<VerifyRequest> {
    const token = this.tokens[place]!;
    const { ptav, tpan, tpanExpiry, trid } = await this.requestor.getTokenData({
      trid: token.trid,
      tokenRef: token.tokenRef,
      transactionType: TransactionType.TRANSACTION_TYPE_CIT,
      amount: 12_345n,
      currency: "458",
      merchantId,
      unpredictableNumber: Buffer.alloc(0),
      amountBinding: Binding.BINDING_BOUND,
      merchantBinding: Binding.BINDING_BOUND,
    });
    const digits = new Date().toISOString().replace(/\D/g, "");
    return this.again(
      paymentRequest({
        transmissionDateTime: digits.slice(4, 14),
        localDate: digits.slice(4, 8),
        localTime: digits.slice(8, 14),
        acquirerId,
        merchantId,
        trid,
        tpan,
        tokenExpiry: tpanExpiry,
        ptav,
      }),
    );
  }

  /** The same payment as another message. */
  again(request: VerifyRequest): VerifyRequest {
    const text = String(++this.#stan).padStart(6, "0");
    return { ...request, stan: text, rrn: `600100${text}` };
  }
}
