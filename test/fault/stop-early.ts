// A soak that is asked to end finishes its round and says what it has found so far.

/** `asked` becomes true with the first SIGTERM or SIGINT; a second one ends the process at once. */
export function untilStopped(): { readonly asked: boolean } {
  const state = { asked: false };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      state.asked = true;
    });
  }
  return state;
}
