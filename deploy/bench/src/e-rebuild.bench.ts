import type { Bench, Measurement } from './bench.js';
import { summary, timeFolding } from './world/fold.process.js';
import { fillStreams, historyFromEnv } from './world/history.js';
import { type ServiceName, startStack } from './world/stack.process.js';

const EXPECTED_PER_SECOND = 30_000;

export const run: Bench['run'] = async (say) => {
  const history = historyFromEnv();
  const stack = await startStack({ syncInterval: 'default' });
  const last = await fillStreams(stack, history, say);

  const rebuild = async (name: ServiceName, schema: string): Promise<Measurement> => {
    // What is rebuilt was folded live before: the evaluator takes policies from its own events, and the tables are full.
    const live = await timeFolding(stack, name, schema, last);
    say(`${name} live: ${summary(live)}`);
    await stack.command(name, 'rebuild');
    const again = await timeFolding(stack, name, schema, last);
    say(`${name} rebuilt: ${summary(again)}`);
    return {
      what: `${name} rebuilt`,
      measured: again.perSecond,
      unit: 'events/s',
      peer: { what: 'events/s live', measured: live.perSecond },
      expected: { of: 'measured', atLeast: EXPECTED_PER_SECOND },
      note: summary(again),
      details: { ...history, live, rebuilt: again },
    };
  };
  const rows = [await rebuild('result-projector', 'results'), await rebuild('alert-evaluator', 'evaluator')];
  await stack.stop();
  return rows;
};
