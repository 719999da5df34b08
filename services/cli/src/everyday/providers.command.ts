import type { ProviderTestAnswer, ProviderView } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import { findByName, take } from './find.js';

const COLUMNS = [
  { title: 'NAME', of: (p: ProviderView) => p.name },
  { title: 'TYPE', of: (p: ProviderView) => p.type },
  { title: 'ENABLED', of: (p: ProviderView) => p.enabled },
  { title: 'LAST USED', of: (p: ProviderView) => p.lastUsedAt },
  { title: 'FAILING', of: (p: ProviderView) => p.disabledReason ?? p.health.failingReason },
  { title: 'ID', of: (p: ProviderView) => p.id },
];

const LIST = 'listNotificationProviders';

export const providerCommands: CommandModule = (program, context) => {
  const providers = program.command('providers').description('ways to reach people');
  providers
    .command('list')
    .description('providers and whether they work')
    .action(async () => {
      const list = context.api().all<ProviderView>(LIST);
      context.out.table(await take(list, Number.POSITIVE_INFINITY), COLUMNS);
    });
  providers
    .command('test <provider>')
    .description('send a test message now; exit code 1 when it did not arrive')
    .action(async (nameOrId: string) => {
      const { id, name } = await findByName<ProviderView>(context.api(), LIST, 'provider', nameOrId);
      const answer = await context
        .api()
        .call<ProviderTestAnswer>('testNotificationProvider', { params: { id } });
      context.out.answer(answer, () =>
        `${name}: ${answer.result}, status ${answer.status} ${printable(answer.excerpt)} ${answer.reason ?? ''}`.trim(),
      );
      if (answer.result !== 'delivered') context.exitWith(EXIT.found);
    });
};
