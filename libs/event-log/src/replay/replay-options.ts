import { parseArgs } from 'node:util';
import { type Instant, isInstant } from '@tocsin/kernel';
import { wrongUse } from './replayable.js';

export interface ReplayOptions {
  readonly toSchema: string | undefined;
  readonly compare: boolean;
  readonly swap: boolean;
  readonly drop: boolean;
  readonly at: Instant | undefined;
  /** two instants: what changed from the first to the second */
  readonly diff: readonly [Instant, Instant] | undefined;
  readonly json: boolean;
}

const REPLAY_USAGE = `usage: replay --to-schema NAME [--compare] [--swap] [--drop] [--at INSTANT]
       replay --diff INSTANT INSTANT
  --to-schema NAME  fold the log into tables of this schema, beside the live ones; goes on with what is there
  --compare         say row by row whether they are the same, at exactly the same position (exit 1 when not)
  --swap            put them in the place of the live ones, which go to <schema>_before_<time>
  --at INSTANT      the state as of then, such as 2026-01-31T12:00:00Z
  --diff A B        what changed between two instants, B may be "now" (exit 1 when something did)
  --drop            remove the schema, of a replay or of a swap; with --compare or --at, when that is done
  --json            the result as JSON`;

export function parseReplay(args: readonly string[], now: () => Instant): ReplayOptions {
  const { values, positionals } = parsed(args);
  const { 'to-schema': toSchema, compare, swap, drop, json } = values;
  const from = values.diff?.[0];
  const instants = [...(values.at === undefined ? [] : [values.at]), ...(from === undefined ? [] : [from])];
  const both = [...instants, ...positionals].map((text) => instantOf(text, now));
  if (from === undefined) {
    if (positionals.length > 0) throw wrongUse(`"${positionals[0]}" means nothing here\n${REPLAY_USAGE}`);
    if (toSchema === undefined) throw wrongUse(`say into which schema\n${REPLAY_USAGE}`);
    if (both[0] !== undefined && (compare || swap))
      throw wrongUse(
        'a state of the past is neither compared with nor put in the place of the present: use --diff',
      );
    return { toSchema, compare, swap, drop, json, at: both[0], diff: undefined };
  }
  const [a, b, ...more] = both;
  if (
    a === undefined ||
    b === undefined ||
    more.length > 0 ||
    compare ||
    swap ||
    drop ||
    toSchema !== undefined
  )
    throw wrongUse(`--diff takes two instants and nothing else\n${REPLAY_USAGE}`);
  return { toSchema, compare, swap, drop, json, at: undefined, diff: [a, b] };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'to-schema': { type: 'string' },
        compare: { type: 'boolean', default: false },
        swap: { type: 'boolean', default: false },
        drop: { type: 'boolean', default: false },
        at: { type: 'string' },
        diff: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw wrongUse(`${error instanceof Error ? error.message : String(error)}\n${REPLAY_USAGE}`);
  }
}

function instantOf(text: string, now: () => Instant): Instant {
  if (text === 'now') return now();
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d\d-\d\dT/.test(text))
    throw wrongUse(`"${text}" is no instant: write it as 2026-01-31T12:00:00Z`);
  const instant = date.toISOString();
  if (!isInstant(instant)) throw wrongUse(`"${text}" is no instant: write it as 2026-01-31T12:00:00Z`);
  return instant;
}
