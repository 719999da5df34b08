import { z } from 'zod';

/** Names that would change the program that runs the test instead of being data of it. */
const RESERVED =
  /^(?:PATH|HOME|SHELL|USER|PWD|TMPDIR|CI|DEBUG|CHROMIUM|LANG|TZ|IFS|ENV|BASH_ENV|(?:NODE|NPM|LD|DYLD|LC|GLIBC|MALLOC|PLAYWRIGHT|PW|TOCSIN|NATS|DATABASE|OTEL)_.*)$/;

/** Tests see a variable as `process.env.NAME` in a script and as `{{NAME}}` in a scenario. */
export const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be 1 to 64 of A-Z 0-9 _, beginning with a letter')
  .refine((name) => !RESERVED.test(name), 'is reserved: choose another name');

export const VARIABLE_MAX_LENGTH = 4_000;
/** of a project, so that all of them fit into one answer */
export const VARIABLES_MAX = 100;
