export type SubscriptionErrorCode =
  | 'not_permitted'
  | 'invalid_cursor'
  | 'log_went_backwards'
  | 'position_taken'
  | 'handler_failed';

/** What ends a subscription, or keeps it from beginning. `cursor` is where it was: nothing after it has been handled. */
export class SubscriptionError extends Error {
  override readonly name = 'SubscriptionError';

  constructor(
    readonly code: SubscriptionErrorCode,
    message: string,
    readonly cursor?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
