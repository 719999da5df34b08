import { token } from '@tocsin/http-api';
import { z } from 'zod';
import { job, monitor, provider, test, variable } from './things.js';

/** Kinds of things in the order in which each may name those before it. */
export const KINDS = ['variable', 'provider', 'test', 'monitor', 'job'] as const;
export type Kind = (typeof KINDS)[number];

const LISTS = {
  variable: 'variables',
  provider: 'providers',
  test: 'tests',
  monitor: 'monitors',
  job: 'jobs',
} as const satisfies Record<Kind, string>;

/** Where the things of a kind are listed. */
export const listOf = (kind: Kind) => LISTS[kind];

const withoutSet =
  'without one nothing belongs to anybody: nothing is ever removed and nothing is taken over';

/** Configuration as people keep it in files: what the api takes, with names where the api has ids. */
export const documentSchema = z
  .strictObject({
    tocsin: z.literal(1, { error: 'must be 1, the version of this format' }).meta({
      description: 'the version of this format',
    }),
    set: token.optional().meta({
      description: `owns what is listed here: what this set made and no longer lists is removed; ${withoutSet}`,
    }),
    providers: z.array(provider).default([]).meta({ description: 'ways to reach people' }),
    variables: z.array(variable).default([]).meta({ description: 'what tests may use, secret or not' }),
    tests: z.array(test).default([]).meta({ description: 'what jobs and synthetic monitors run' }),
    monitors: z.array(monitor).default([]).meta({ description: 'what is watched' }),
    jobs: z.array(job).default([]).meta({ description: 'tests in order, on a cron or by hand' }),
  })
  .superRefine((document, context) => {
    for (const kind of KINDS) {
      const seen = new Set<string>();
      for (const [index, { name }] of document[listOf(kind)].entries()) {
        if (seen.has(name))
          context.addIssue({
            code: 'custom',
            path: [listOf(kind), index, 'name'],
            message: `there is another ${kind} called "${name}": a name stands for one thing`,
          });
        seen.add(name);
      }
    }
  });

/** As it is written: what has a default may be left out. */
export type DocumentInput = z.input<typeof documentSchema>;
export type Document = z.output<typeof documentSchema>;

interface ThingOf {
  readonly variable: Document['variables'][number];
  readonly provider: Document['providers'][number];
  readonly test: Document['tests'][number];
  readonly monitor: Document['monitors'][number];
  readonly job: Document['jobs'][number];
}
/** One thing of a document. */
export type Thing<K extends Kind = Kind> = ThingOf[K];
