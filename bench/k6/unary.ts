// k6: Unary calls at a constant rate.
import { optionsOf, unaryScenario } from "./load-options.ts";
import { summary } from "./summary.ts";
import { unaryCall } from "./unary-call.ts";

export const options = optionsOf({ unary: unaryScenario() });

export function unary(): void {
  unaryCall();
}

export const handleSummary = summary;
