// One call as its handler gets it, checked in form, and the answer that the handler gives.
import type { Static, TSchema } from "typebox";
import type { DeskCall } from "../../actors/mod.ts";
import type { HttpClient } from "./ports.ts";
import type { ServedId, served } from "./served.ts";

type Row<Id extends ServedId> = (typeof served)[Id];
type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;
type BodyOf<Id extends ServedId> = Row<Id> extends { body: infer Body } ? StaticOf<Body> : null;
type QueryOf<Id extends ServedId> = Row<Id> extends { query: infer Query } ? StaticOf<Query> : null;
type AnswersOf<Id extends ServedId> = Row<Id>["answers"];

interface CallOf<Body, Query> {
  readonly client: HttpClient;
  /** "" for an issuer. */
  readonly trid: string;
  /** "" for a requestor. */
  readonly issuerId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  readonly ifNoneMatch: string | undefined;
  /** Empty key where the operation changes nothing. */
  readonly desk: DeskCall;
}

interface AnswerOf<Status, Body> {
  readonly status: Status;
  readonly body: Body;
  /** True where it is the answer to an earlier call with the same key. */
  readonly repeated?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Call<Id extends ServedId> = CallOf<BodyOf<Id>, QueryOf<Id>>;
export type Answer<Id extends ServedId> = AnswerOf<
  keyof AnswersOf<Id>,
  StaticOf<AnswersOf<Id>[keyof AnswersOf<Id>]>
>;
export type Handler<Id extends ServedId> = (call: Call<Id>) => Promise<Answer<Id>>;
export type Handlers = { readonly [Id in ServedId]: Handler<Id> };
