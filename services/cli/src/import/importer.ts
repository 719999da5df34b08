import type { Mapped } from './assemble.js';

/** One other tool: how its files become one source, and what becomes of that. */
export interface Importer {
  readonly name: string;
  readonly title: string;
  /** which files it reads */
  readonly files: string;
  /**
   * One file of the tool, parsed, in the shape `map` knows; several are put together list by list.
   * @throws CommandError when it is not one
   */
  recognise(content: unknown): Record<string, unknown>;
  map(source: Record<string, unknown>): Mapped;
}
