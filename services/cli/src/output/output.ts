import type { Column } from './table.js';

/** What a command says. Answers go to stdout, everything about them to stderr, so that a pipe gets answers alone. */
export interface Output {
  /** `--json` was given: one JSON document, or one line for each item of what has no end */
  readonly json: boolean;
  /** for a person to look at it: colours are welcome */
  readonly colours: boolean;
  /** `value` with --json, `human` otherwise */
  answer(value: unknown, human: () => string): void;
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void;
  /** a piece of an answer as it is */
  write(text: string): void;
  note(text: string): void;
  progress(what: string, total?: number): Progress;
  /** there is a person to ask */
  readonly asks: boolean;
  /** asks a person; false where there is none to ask */
  confirm(question: string): Promise<boolean>;
}

/** Of long work: a bar for a person, a line now and then for a log. */
export interface Progress {
  update(done: number, total?: number): void;
  stop(): void;
}
