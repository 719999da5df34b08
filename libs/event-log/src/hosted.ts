/** Something the Nest transport runs: a projection or a worker. */
export interface Hosted {
  /** what the handler's `@EventPattern` says */
  readonly pattern: string;
  /** runs until the signal; every unit of work goes through the handler */
  run(handle: (payload: unknown, context: unknown) => Promise<void>, signal: AbortSignal): Promise<void>;
}
