// k6: Sessions with one frame each at a constant rate.
import { optionsOf, sessionScenario } from "./load-options.ts";
import { sessionCall } from "./session-call.ts";
import { summary } from "./summary.ts";

export const options = optionsOf({ session: sessionScenario() });

export function session(): void {
  sessionCall();
}

export const handleSummary = summary;
