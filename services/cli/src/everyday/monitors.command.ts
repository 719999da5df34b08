import type { MonitorView, ResultView } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { findByName, take } from './find.js';
import { positiveInteger } from './options.js';

const COLUMNS = [
  { title: 'NAME', of: (m: MonitorView) => m.name },
  { title: 'STATUS', of: (m: MonitorView) => m.status },
  { title: 'TYPE', of: (m: MonitorView) => m.type },
  { title: 'TARGET', of: (m: MonitorView) => m.target },
  { title: 'EVERY', of: (m: MonitorView) => `${m.intervalSeconds}s` },
  { title: 'LAST CHECK', of: (m: MonitorView) => m.lastCheckAt },
  { title: 'UPTIME 24H', of: (m: MonitorView) => (m.uptime24h === null ? null : `${m.uptime24h} %`) },
  { title: 'ID', of: (m: MonitorView) => m.id },
];

const RESULT_COLUMNS = [
  { title: 'SLOT', of: (r: ResultView) => r.slot },
  { title: 'LOCATION', of: (r: ResultView) => r.location },
  { title: 'OUTCOME', of: (r: ResultView) => r.outcome },
  { title: 'MS', of: (r: ResultView) => Math.round(r.latencyMs) },
  { title: 'ERROR', of: (r: ResultView) => r.error?.message },
];

export const monitorCommands: CommandModule = (program, context) => {
  const monitors = program.command('monitors').description('what is watched');
  const find = (nameOrId: string) =>
    findByName<MonitorView>(context.api(), 'listMonitors', 'monitor', nameOrId);

  monitors
    .command('list')
    .description('monitors with their statuses')
    .option('--status <status...>', 'only these: up, down, degraded, paused, pending, unknown')
    .option('--tag <tag...>', 'only with these tags')
    .option('--search <text>', 'part of the name or the target')
    .option('--sort <by>', 'name, status, lastCheckAt or createdAt', 'name')
    .option('--limit <n>', 'so many at most', positiveInteger)
    .action(async ({ limit, ...query }: { limit?: number } & Record<string, string>) => {
      const list = context.api().all<MonitorView>('listMonitors', { query });
      context.out.table(await take(list, limit ?? Number.POSITIVE_INFINITY), COLUMNS);
    });
  monitors
    .command('show <monitor>')
    .description('one, by name or id, as JSON')
    .action(async (nameOrId: string) => {
      const monitor = await find(nameOrId);
      context.out.answer(monitor, () => JSON.stringify(monitor, undefined, 2));
    });
  monitors
    .command('results <monitor>')
    .description('its latest results')
    .option('--limit <n>', 'so many', positiveInteger, 20)
    .action(async (nameOrId: string, { limit }: { limit: number }) => {
      const { id } = await find(nameOrId);
      const results = context.api().all<ResultView>('listResults', { params: { id } });
      context.out.table(await take(results, limit), RESULT_COLUMNS);
    });
  act(monitors.command('pause <monitor>').description('stop checking'), 'pauseMonitor', 'paused');
  act(monitors.command('resume <monitor>').description('check again'), 'resumeMonitor', 'resumed');
  act(monitors.command('check <monitor>').description('check now'), 'runMonitor', 'asked to be checked');

  function act(command: ReturnType<typeof monitors.command>, route: string, done: string): void {
    command.action(async (nameOrId: string) => {
      const { id, name } = await find(nameOrId);
      await tell(context, route, id, `${name} is ${done}`);
    });
  }
};

/** Does one thing to one thing, and says that it is done. */
export async function tell(context: Context, route: string, id: string, done: string): Promise<void> {
  const answer = await context.api().call(route, { params: { id } });
  context.out.answer(answer, () => done);
}
