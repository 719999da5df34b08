import { readFileSync } from 'node:fs';

/** The end of a server's log, for the message of the error that says it did not start. */
export function logTail(file: string, characters = 4000): string {
  try {
    return readFileSync(file, 'utf8').slice(-characters);
  } catch {
    return '(no log)';
  }
}
