/** Every code that leaves the product, in problem details, events and logs. Codes are never renamed. */
export const ERROR_CODES = {
  validation_failed: 400,
  invalid_cursor: 400,
  unauthorized: 401,
  code_required: 401,
  forbidden: 403,
  password_change_required: 403,
  not_found: 404,
  conflict: 409,
  provider_in_use: 409,
  test_in_use: 409,
  idempotency_mismatch: 422,
  precondition_failed: 412,
  precondition_required: 428,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface FieldProblem {
  /** dotted path of the offending field, e.g. `alertConfig.failureThreshold` */
  readonly field: string;
  readonly message: string;
}

/** The rule says no: shown to the caller, who can do something about it. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly problems: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** The world says no and will say no again: retrying is pointless. */
export class PermanentError extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = 'PermanentError';
  }
}
