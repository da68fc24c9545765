// What the service may take: a multiple of what an echo through the same doors took in the same
// minutes. A busy machine slows both.

export interface KindOfCall {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds that the pipeline may add where the echo takes next to nothing. */
const floorMs = 1;

export function budgetOf(echo: KindOfCall, factor: number): KindOfCall {
  const allow = (ms: number) => Math.round((ms * factor + floorMs) * 1_000) / 1_000;
  return { p50: allow(echo.p50), p99: allow(echo.p99) };
}

interface Summary {
  readonly metrics: Readonly<
    Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>
  >;
}

/** Milliseconds out of k6's summary; null where the run had no such calls. */
export function figuresOf(summary: unknown, metric: string): KindOfCall | null {
  const values = (summary as Summary).metrics[metric]?.values;
  const [p50, p99] = [values?.med, values?.["p(99)"]];
  return p50 === undefined || p99 === undefined ? null : { p50, p99 };
}
