import type { AuditEntry } from '@tocsin/http-api';
import type { CommandModule } from '../commands.js';
import { take } from './find.js';
import { instantOption, positiveInteger } from './options.js';

const COLUMNS = [
  { title: 'AT', of: (e: AuditEntry) => e.at },
  { title: 'WHO', of: (e: AuditEntry) => `${e.actor.kind} ${e.actor.name}` },
  { title: 'FROM', of: (e: AuditEntry) => e.network },
  { title: 'DID', of: (e: AuditEntry) => `${e.action} ${e.kind}` },
  { title: 'WHAT', of: (e: AuditEntry) => e.entityName ?? e.entityId },
  { title: 'BEFORE', of: (e: AuditEntry) => short(e.before) },
  { title: 'AFTER', of: (e: AuditEntry) => short(e.after) },
];

const SHOWN = 60;

const short = (fields: AuditEntry['before']): string => {
  const text = fields === null ? '' : JSON.stringify(fields);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

export const auditCommand: CommandModule = (program, context) => {
  program
    .command('audit')
    .description('who changed what, when and from where')
    .option('--actor <who>', 'id or name')
    .option('--kind <kind>', 'monitor, job, test, provider, user, token, …')
    .option('--from <instant>', 'then or later; an instant or an age like 7d', instantOption)
    .option('--to <instant>', 'before', instantOption)
    .option('--limit <n>', 'so many at most', positiveInteger, 50)
    .action(async ({ limit, ...query }: { limit: number } & Record<string, string>) => {
      context.out.table(await take(context.api().all<AuditEntry>('listAudit', { query }), limit), COLUMNS);
    });
};
