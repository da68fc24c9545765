// Cards and tokens of a demo world, as tests of the command path need them.
import type { World } from "../../cmd/demo/world.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { type TokenView, type Vault, viewToken } from "../../vault/mod.ts";

export function viewNow(vault: Vault, tokenRef: string): TokenView {
  vault.freshRead();
  return viewToken(vault, tokenRef);
}

/** The card number behind a token, as its issuer would send it. */
export function panBytes(vault: Vault, tokenRef: string): Buffer {
  const { pan } = viewNow(vault, tokenRef);
  const digits = Buffer.alloc(pan.length);
  pan.copyTo(digits, 0);
  return digits;
}

/** The tokens of a world card by card: two of each, so the even places are different cards. */
export function tokensByCard({ service, tokens }: World): SimToken[] {
  const { vault } = service.engine.opened;
  const keyed = tokens.map((token) => ({ token, pan: panBytes(vault, token.tokenRef) }));
  keyed.sort((a, b) => Buffer.compare(a.pan, b.pan));
  return keyed.map(({ token }) => token);
}

/** A card number that begins so, 16 digits with the right check digit. */
export function luhnPan(head: string): string {
  const digits = head.padEnd(15, "0");
  let sum = 0;
  for (const [i, digit] of [...digits].entries()) {
    const doubled = Number(digit) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + String((10 - (sum % 10)) % 10);
}
