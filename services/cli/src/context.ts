import type { Api } from './api/api.js';
import type { Output } from './output/output.js';

/** What a command has of the world. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  /** over the api, as the token allows */
  api(): Api;
  /** how the process will end; the last to say so wins, and an error says more */
  exitWith(code: number): void;
  /** aborted by Ctrl-C */
  readonly signal: AbortSignal;
}
