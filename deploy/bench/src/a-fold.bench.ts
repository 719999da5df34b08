import type { Bench, Measurement } from './bench.js';
import { summary, timeFolding } from './world/fold.process.js';
import { fillStreams, historyFromEnv, resultAt } from './world/history.js';
import { rawInsertRate } from './world/raw-insert.store.js';
import { startStack } from './world/stack.process.js';

const EXPECTED_PER_SECOND = 25_000;

export const run: Bench['run'] = async (say) => {
  const history = historyFromEnv();
  const stack = await startStack({ syncInterval: 'default' });
  const last = await fillStreams(stack, history, say);

  const projected = await timeFolding(stack, 'result-projector', 'results', last);
  say(`result-projector: ${summary(projected)}`);
  const evaluated = await timeFolding(stack, 'alert-evaluator', 'evaluator', last);
  say(`alert-evaluator: ${summary(evaluated)}`);
  const events = Array.from({ length: history.results }, (_, n) => resultAt(history, n));
  const raw = await rawInsertRate(stack.databaseUrl, events);
  say(`raw insert: ${Math.round(raw)} rows/s`);
  const alerts = await alertCount(stack.sql);
  await stack.stop();

  const row = (what: string, fold: typeof projected): Measurement => ({
    what,
    measured: fold.perSecond,
    unit: 'results/s',
    peer: { what: 'rows/s inserted raw', measured: raw },
    expected: { of: 'measured', atLeast: EXPECTED_PER_SECOND },
    note: summary(fold),
    details: { ...history, alerts, ...fold },
  });
  return [row('result-projector', projected), row('alert-evaluator', evaluated)];
};

async function alertCount(sql: Awaited<ReturnType<typeof startStack>>['sql']): Promise<number> {
  const { rows } = await sql.query<{ count: string }>('select count(*) from evaluator.alert');
  return Number(rows[0]?.count ?? 0);
}
