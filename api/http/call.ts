// One call as its handler gets it, checked in form, and the answer that the handler gives.
import type { Static, TSchema } from "typebox";
import type { DeskCall } from "../../actors/mod.ts";
import type { Operation } from "./operations.ts";
import type { HttpClient } from "./ports.ts";
import type { ServedId, served } from "./served.ts";

type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;
type BodyOf<Row> = Row extends { body: infer Body } ? StaticOf<Body> : null;
type QueryOf<Row> = Row extends { query: infer Query } ? StaticOf<Query> : null;
type AnswersOf<Row extends Operation> = Row["answers"];

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

/** Operations that one door serves, by name. */
export type OperationTable = Readonly<Record<string, Operation>>;

export type CallTo<Row extends Operation> = CallOf<BodyOf<Row>, QueryOf<Row>>;
export type AnswerTo<Row extends Operation> = AnswerOf<
  keyof AnswersOf<Row>,
  StaticOf<AnswersOf<Row>[keyof AnswersOf<Row>]>
>;
export type HandlersOf<Table extends OperationTable> = {
  readonly [Id in keyof Table]: (call: CallTo<Table[Id]>) => Promise<AnswerTo<Table[Id]>>;
};

export type Call<Id extends ServedId> = CallTo<(typeof served)[Id]>;
export type Answer<Id extends ServedId> = AnswerTo<(typeof served)[Id]>;
export type Handlers = HandlersOf<typeof served>;
