/** Ends a switch over a closed union: the compiler proves it unreachable, and stale data fails loudly. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
