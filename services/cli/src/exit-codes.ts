/** What a script can tell from how a command ended. In the README. */
export const EXIT = {
  /** done; where two things were compared, they are the same */
  ok: 0,
  /** something was found: a difference, a broken chain, what could not be carried over */
  found: 1,
  /** wrong use: an unknown option, a file that cannot be read or does not parse */
  usage: 2,
  /** no verdict: the api, NATS or Postgres could not be reached or did not answer in time, or we failed ourselves */
  unavailable: 3,
  /** the api said no: not signed in, not allowed, not valid, changed meanwhile */
  refused: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
