import { EXIT, type ExitCode } from './exit-codes.js';

/** Ends the command with a sentence for its user, which says what to do, and no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.usage,
  ) {
    super(message);
  }
}
