import { inspect } from 'node:util';

const redacted = '[redacted]';

/** A value that shows itself only to who asks by name: not to a template, JSON, a log line or the inspector. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return redacted;
  }
  toJSON(): string {
    return redacted;
  }
  [inspect.custom](): string {
    return redacted;
  }
}
