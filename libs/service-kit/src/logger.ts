import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config.js';
import { redact, safeText } from './redact.js';

export type { Logger } from 'pino';

const redactObject = (object: Record<string, unknown>) => redact(object) as Record<string, unknown>;

/** pino takes the message of a lone error for its own: it goes the same way as any text. */
function safeArguments(args: unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (first instanceof Error)
    return rest.length === 0
      ? [{ err: first }, safeText(first.message)]
      : [{ err: first }, ...safeArguments(rest)];
  if (
    rest.length === 0 &&
    typeof first === 'object' &&
    first !== null &&
    'err' in first &&
    first.err instanceof Error
  )
    return [first, safeText(first.err.message)];
  return args.map((arg) => (typeof arg === 'string' ? safeText(arg) : arg));
}

export interface LoggerOptions {
  name: string;
  level: LogLevel;
  /** default: stdout, written before the call returns, so that the line before an exit is there */
  destination?: DestinationStream;
}

/** One JSON line per event: constant message, structured fields, ids from child loggers. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: { service: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactObject, bindings: redactObject },
      // errors arrive as what redact() made of them
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          method.apply(this, safeArguments(args) as Parameters<typeof method>);
        },
      },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  // pino drops the bindings formatter for children; theirs have this one as prototype and inherit the override
  const parent = logger as unknown as {
    child: (this: unknown, bindings: object, options?: object) => Logger;
  };
  const { child } = parent;
  parent.child = function redacted(bindings, options) {
    return child.call(this, redactObject({ ...bindings }), options);
  };
  return logger;
}

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest passes `(message, …, context)`; an error's stack comes before its context. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: Level) =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = typeof rest.at(-1) === 'string' ? (rest.pop() as string) : undefined;
      const fields = {
        ...(context === undefined ? {} : { context }),
        ...(rest.length === 0 ? {} : { detail: rest }),
      };
      if (message instanceof Error) logger[level]({ ...fields, err: message }, safeText(message.message));
      else if (typeof message === 'string') logger[level](fields, message);
      else logger[level]({ ...fields, detail: message }, 'nest');
    };
  return {
    // Nest tells every route and module at start: detail for whoever looks for it
    log: write('debug'),
    error: write('error'),
    warn: write('warn'),
    debug: write('debug'),
    verbose: write('trace'),
    fatal: write('fatal'),
  };
}
