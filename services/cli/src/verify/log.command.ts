import type { ChainedStream } from '@tocsin/audit';
import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { oneOf } from '../everyday/options.js';
import type { ServerOptions } from './servers.js';

const STREAMS = ['CONFIG', 'ALERTS', 'DELIVERIES', 'all'] as const;

interface ExportOptions extends ServerOptions {
  readonly stream: (typeof STREAMS)[number];
  readonly out: string;
}

export const logCommands: CommandModule = (program, context) => {
  program
    .command('log')
    .description('the log itself')
    .command('export')
    .description(
      'what is kept for ever as JSON Lines with its hash chains, to verify anywhere with verify --file',
    )
    .option('--stream <name>', `one of ${STREAMS.join(', ')}`, oneOf(STREAMS), 'all')
    .requiredOption('--out <file>', 'where to; it must not be there yet')
    .option('--nats <url>', 'or NATS_URL; of an identity that reads, such as auditor')
    .option('--database <url>', 'or DATABASE_URL; of a role that reads, such as tocsin_auditor')
    .action((options: ExportOptions) => exportAll(options, context));
};

async function exportAll(options: ExportOptions, { env, out }: Context): Promise<void> {
  const { CHAINED_STREAMS, exportLog } = await import('@tocsin/audit');
  const { createLines } = await import('./files.store.js');
  const { serverUrls, unreachable, withServers } = await import('./servers.js');
  const streams: readonly ChainedStream[] = options.stream === 'all' ? CHAINED_STREAMS : [options.stream];
  const urls = serverUrls(options, env);
  const lines = await createLines(options.out);
  const progress = out.progress('exporting');
  try {
    const events = await withServers(urls, ({ db }) =>
      exportLog({
        db,
        streams,
        nowMs: Date.now(),
        write: (line) => lines.write(line),
        onProgress: (done, total) => progress.update(done, total),
      }),
    );
    progress.stop();
    out.answer({ file: options.out, events, streams }, () => `${events} events in ${options.out}`);
  } catch (error) {
    throw error instanceof CommandError ? error : unreachable('a server', error);
  } finally {
    progress.stop();
    await lines.close();
  }
}
