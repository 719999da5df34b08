import type { ConnectionOptions } from '@nats-io/transport-node';
import { z } from 'zod';
import { describeProblem, type Problem } from './event.js';

export type From = 'now' | 'start' | { readonly time: Date | string } | { readonly cursor: string };

export interface SubscribeOptions {
  /** `nats://host:4222`, or several of a cluster */
  readonly servers: string | readonly string[];
  /** the identity that whoever operates Tocsin gave you, for one project */
  readonly user: string;
  readonly pass: string;
  /** default: `default` */
  readonly project?: string | undefined;
  /** where to begin; with `durable` the first time only. Default: `now` */
  readonly from?: From | undefined;
  /** the server keeps the position, under the identity: events go on where they were after a restart */
  readonly durable?: boolean | undefined;
  /** with `durable`: begin at `from` although there is a position */
  readonly reposition?: boolean | undefined;
  /** what should be known although the subscription goes on; default: the console's error output */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  /** read ahead of the handlers, in events; default 500 */
  readonly batch?: number | undefined;
  /** more for the connection to NATS: TLS, for instance */
  readonly connection?: ConnectionOptions | undefined;
}

const instant = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((at) => new Date(at).toISOString());

const schema = z.object({
  servers: z.union([
    z
      .string()
      .min(1)
      .transform((one) => [one]),
    z.array(z.string().min(1)).min(1),
  ]),
  user: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a small letter, then small letters, digits and "-"'),
  pass: z.string(),
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'small letters, digits, "-" and "_"')
    .default('default'),
  from: z
    .union([z.enum(['now', 'start']), z.object({ time: instant }), z.object({ cursor: z.string() })])
    .default('now'),
  durable: z.boolean().default(false),
  reposition: z.boolean().default(false),
  batch: z.int().min(1).max(10_000).default(500),
});

export type Parsed = z.output<typeof schema> & {
  readonly onProblem: (problem: Problem) => void;
  readonly connection: ConnectionOptions;
};

/** @throws TypeError with all that is wrong */
export function parseOptions(options: SubscribeOptions): Parsed {
  const { onProblem, connection, ...rest } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new TypeError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`).join('; '),
    );
  return {
    ...parsed.data,
    onProblem: onProblem ?? ((problem) => console.error(`tocsin: ${describeProblem(problem)}`)),
    connection: connection ?? {},
  };
}
