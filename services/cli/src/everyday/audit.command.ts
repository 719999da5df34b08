import { writeFile } from 'node:fs/promises';
import type { AuditEntry } from '@tocsin/http-api';
import type { Command } from 'commander';
import type { CommandModule } from '../commands.js';
import { CommandError } from '../errors.js';
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
  const audit = program.command('audit').description('who changed what, when and from where');
  filtered(audit.command('list').description('newest first'))
    .option('--limit <n>', 'so many at most', positiveInteger, 50)
    .action(async ({ limit, ...query }: { limit: number } & Filter) => {
      context.out.table(await take(context.api().all<AuditEntry>('listAudit', { query }), limit), COLUMNS);
    });
  filtered(
    audit
      .command('export')
      .description('all of it as JSON Lines, nothing cut, with places in the hash chain'),
  )
    .option('--out <file>', 'where to; stdout without it')
    .action(async ({ out, ...query }: { out?: string } & Filter) => {
      const lines = await context.api().stream('exportAudit', { query });
      const decoder = new TextDecoder();
      if (out === undefined)
        for await (const piece of lines) context.out.write(decoder.decode(piece, { stream: true }));
      else await writeFile(out, lines, { flag: 'wx', mode: 0o600 }).catch(refuseOverwriting(out));
    });
};

type Filter = Readonly<Record<'actor' | 'kind' | 'from' | 'to', string>>;

const filtered = (command: Command): Command =>
  command
    .option('--actor <who>', 'id or name')
    .option('--kind <kind>', 'monitor, job, test, provider, user, token, …')
    .option('--cause <text>', 'part of something that begins so, like "apply shop"')
    .option('--from <instant>', 'then or later; an instant or an age like 7d', instantOption)
    .option('--to <instant>', 'before', instantOption);

const refuseOverwriting = (path: string) => (error: NodeJS.ErrnoException) => {
  const why = error.code === 'EEXIST' ? 'it is there already' : error.message;
  throw new CommandError(`cannot write ${path}: ${why}`);
};
