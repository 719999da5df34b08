import type { AlertItem } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import { take } from './find.js';
import { instantOption, oneOf, positiveInteger } from './options.js';

const COLUMNS = [
  { title: 'RAISED', of: (a: AlertItem) => a.raisedAt },
  { title: 'STATE', of: (a: AlertItem) => a.state },
  { title: 'TYPE', of: (a: AlertItem) => a.type },
  { title: 'TARGET', of: (a: AlertItem) => a.targetName },
  { title: 'WHY', of: (a: AlertItem) => a.why },
  { title: 'RESOLVED', of: (a: AlertItem) => a.resolvedAt },
  { title: 'ACKNOWLEDGED BY', of: (a: AlertItem) => a.acknowledgedBy },
  { title: 'ID', of: (a: AlertItem) => a.id },
];

export const alertCommands: CommandModule = (program, context) => {
  const alerts = program.command('alerts').description('what was, or is, wrong');
  alerts
    .command('list')
    .description('episodes, newest first')
    .option('--state <state>', 'open or resolved', oneOf(['open', 'resolved']))
    .option('--type <type>', 'failure, ssl_expiring, success, timeout or unobservable')
    .option('--from <instant>', 'raised then or later; an instant or an age like 7d', instantOption)
    .option('--to <instant>', 'raised before', instantOption)
    .option('--limit <n>', 'so many at most', positiveInteger, 50)
    .action(async ({ limit, ...query }: { limit: number } & Record<string, string>) => {
      context.out.table(await take(context.api().all<AlertItem>('listAlerts', { query }), limit), COLUMNS);
    });
  alerts
    .command('show <id>')
    .description('one, with its evidence, notifications and attempts, as JSON')
    .action(async (id: string) => {
      const alert = await context.api().call('getAlert', { params: { id } });
      context.out.answer(alert, () => JSON.stringify(alert, undefined, 2));
    });
  alerts
    .command('ack <id>')
    .description('say that you have seen it')
    .option('-m, --note <text>', 'for the others', '')
    .action(async (id: string, { note }: { note: string }) => {
      const answer = await context.api().call('acknowledgeAlert', { params: { id }, body: { note } });
      context.out.answer(answer, () => 'acknowledged');
    });
};
