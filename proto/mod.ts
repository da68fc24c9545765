// The wire interfaces of Pantun: `pantun/<area>/v1/*.proto` and the TypeScript made from them.
//
// It promises: the generated code is what `node proto/generate.ts` makes of the .proto files that
// lie beside it (a test compares them), the files pass buf's STANDARD rules, and every field that
// may hold card data or a secret carries the option `sensitive`.
//
// It never holds hand-written codecs; where a door needs a faster one, the door keeps it and a test
// there proves that both agree.

export { fileDescriptorSet } from "./gen/descriptors.ts";
export { Any } from "./gen/google/protobuf/any.pb.ts";
export {
  BadRequest,
  type BadRequest_FieldViolation,
  ErrorInfo,
  PreconditionFailure,
  RequestInfo,
  RetryInfo,
} from "./gen/google/rpc/error_details.pb.ts";
export { Status } from "./gen/google/rpc/status.pb.ts";
export {
  CardArt,
  CardStatus,
  ClearCard,
  ReasonCode,
  SuspensionCause,
  TokenStatus,
  TokenView,
} from "./gen/pantun/card/v1/card.pb.ts";
export * as issuer from "./gen/pantun/issuer/v1/issuer_service.pb.ts";
export * as lifecycle from "./gen/pantun/requestor/v1/lifecycle_service.pb.ts";
export {
  Binding,
  GetTokenDataRequest,
  GetTokenDataResponse,
  RequestorServiceClient,
  type RequestorServiceServer,
  RequestorServiceService,
  TransactionType,
} from "./gen/pantun/requestor/v1/requestor_service.pb.ts";
export { Decision, OriginalData, OtherTag } from "./gen/pantun/switch/v1/payment.pb.ts";
export {
  SessionAnswer,
  SessionAnswers,
  SessionError,
  SessionErrors,
  SessionItem,
  SessionRequest,
  SessionRequests,
  SessionResponse,
} from "./gen/pantun/switch/v1/session.pb.ts";
export {
  AdviseRequest,
  AdviseResponse,
  ResolveRequest,
  ResolveResponse,
  SwitchServiceClient,
  type SwitchServiceServer,
  SwitchServiceService,
} from "./gen/pantun/switch/v1/switch_service.pb.ts";
export {
  VerifyBatchRequest,
  VerifyBatchResponse,
  VerifyBatchResult,
  VerifyRequest,
  VerifyResponse,
} from "./gen/pantun/switch/v1/verify.pb.ts";
