// k6: unary calls and sessions beside each other, each at its own constant rate; the same script
// runs for minutes as a soak.
import { optionsOf, sessionScenario, unaryScenario } from "./load-options.ts";
import { sessionCall } from "./session-call.ts";
import { summary } from "./summary.ts";
import { unaryCall } from "./unary-call.ts";

export const options = optionsOf({ unary: unaryScenario(), session: sessionScenario() });

export function unary(): void {
  unaryCall();
}

export function session(): void {
  sessionCall();
}

export const handleSummary = summary;
