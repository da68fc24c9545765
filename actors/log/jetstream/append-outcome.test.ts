// Defends: only what is certain is called refused or full; every other answer, and none at all, is
// unknown and has to be read from the log.
import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { outcomeOfError } from "./append-outcome.ts";

function api(err_code: number, description: string): Error {
  return new JetStreamApiError({ code: 400, err_code, description });
}

const cases: [string, Error, object][] = [
  ["another end", api(10071, "wrong last sequence: 9"), { kind: "refused", lastSeq: 9 }],
  ["an end before it", api(10071, "wrong last sequence: 2"), { kind: "refused", lastSeq: 2 }],
  ["its own expectation", api(10071, "wrong last sequence: 5"), { kind: "unknown" }],
  ["no number", api(10071, "wrong last sequence"), { kind: "refused", lastSeq: undefined }],
  ["unknown end", api(10164, "wrong last sequence"), { kind: "refused", lastSeq: undefined }],
  ["full by bytes", api(10077, "maximum bytes exceeded"), { kind: "full" }],
  ["full by count", api(10077, "maximum messages exceeded"), { kind: "full" }],
  ["a failed write", api(10077, "write error: no space left"), { kind: "unknown" }],
  ["no resources", api(10023, "insufficient resources"), { kind: "full" }],
  ["no storage", api(10047, "insufficient storage resources available"), { kind: "full" }],
  ["another stream", api(10060, "expected stream does not match"), { kind: "unknown" }],
  ["a timeout", new errors.TimeoutError(), { kind: "unknown" }],
  ["a bad answer", new JetStreamError("invalid ack response"), { kind: "unknown" }],
  ["a closed connection", new errors.ClosedConnectionError(), { kind: "unknown" }],
];

describe("an append that expected 5 and met", () => {
  it.each(cases)("%s", (_name, error, outcome) => {
    expect(outcomeOfError(error, 5)).toMatchObject(outcome);
  });

  it("something that is no error", () => {
    expect(outcomeOfError("what", 5)).toMatchObject({ kind: "unknown", cause: expect.any(Error) });
  });
});
