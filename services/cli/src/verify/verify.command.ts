import type { Difference } from '@tocsin/audit';
import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { ServerOptions } from './servers.js';

interface VerifyOptions extends ServerOptions {
  readonly target?: string;
  readonly against?: string;
  readonly publicKey?: string;
  readonly file?: string;
}

export const verifyCommand: CommandModule = (program, context) => {
  program
    .command('verify')
    .description(
      'whether the log is as it was written: hash chains, both places, and every decision made again',
    )
    .option('--target <id>', 'decide the alerts of this monitor or job alone')
    .option('--against <file>', 'a signed checkpoint: what was cut off or rewritten in every place shows')
    .option('--public-key <file>', 'of the key that signed it, as PEM')
    .option('--file <file>', 'an export; alone it is verified without any server')
    .option('--nats <url>', 'or NATS_URL; of an identity that reads, such as auditor')
    .option('--database <url>', 'or DATABASE_URL; of a role that reads, such as tocsin_auditor')
    .action((options: VerifyOptions) => verify(options, context));
};

async function verify(options: VerifyOptions, context: Context): Promise<void> {
  const { target, against, publicKey, file } = options;
  if ((against === undefined) !== (publicKey === undefined))
    throw new CommandError(
      '--against and --public-key go together: a signature is believed for its key alone',
    );
  if (target !== undefined && !/^[0-9a-f-]{36}$/i.test(target))
    throw new CommandError(`--target ${target}: give the id of a monitor or job`);
  const audit = await import('@tocsin/audit');
  const files = await import('./files.store.js');
  const report = await import('./report.js');
  const checkpoint = await checkpointOf(options);
  const { out } = context;

  // 1. the export, which needs nobody
  const inFile: Difference[] = [];
  const tellFile = (difference: Difference) => void inFile.push(difference);
  const progress = out.progress('verifying');
  let read = 0;
  let exported: Awaited<ReturnType<typeof audit.verifyFile>> | undefined;
  try {
    if (file !== undefined)
      exported = await audit
        .verifyFile(files.linesOf(file), tellFile, {
          targetId: target,
          onRead: (events) => {
            read += events;
            progress.update(read);
          },
        })
        .catch((error: unknown) => {
          if (error instanceof audit.NoLogFileError) throw new CommandError(`${file}: ${error.message}`);
          throw error;
        });
    if (exported !== undefined && checkpoint !== undefined)
      await audit.compareFileWithCheckpoint(exported, checkpoint, tellFile);

    // 2. the servers, unless the export is all that is asked for
    const hasServers = options.nats !== undefined || options.database !== undefined || file === undefined;
    const verified = hasServers
      ? await look(options, context, async ({ nats, db }) =>
          audit.verifyLive({
            nats,
            db,
            targetId: target,
            onProgress: (done, total) => progress.update(done, total),
            inSameSnapshot: async (tx, tell) => {
              if (checkpoint !== undefined) await audit.compareCheckpoint(tx, checkpoint, tell);
              if (exported !== undefined) await audit.compareFile(tx, exported, tell);
            },
          }),
        )
      : undefined;
    progress.stop();

    // 3. say it
    const differences = [...inFile, ...(verified?.differences ?? [])];
    const fileReport =
      exported === undefined
        ? undefined
        : { madeAt: exported.madeAt, events: exported.events, judgement: exported.judgement };
    out.answer({ differences, file: fileReport, live: verified }, () =>
      [
        exported === undefined ? [] : report.verifiedFileText(exported, inFile),
        verified === undefined ? [] : report.verifiedText(verified),
      ]
        .flat()
        .join('\n\n'),
    );
    if (differences.length > 0) context.exitWith(EXIT.found);
  } finally {
    progress.stop();
  }
}

async function checkpointOf({ against, publicKey }: VerifyOptions) {
  if (against === undefined || publicKey === undefined) return undefined;
  const { CheckpointError, readCheckpoint } = await import('@tocsin/audit');
  const { publicKeyIn, readText } = await import('./files.store.js');
  try {
    return readCheckpoint(await readText(against), await publicKeyIn(publicKey));
  } catch (error) {
    if (error instanceof CheckpointError) throw new CommandError(`${against}: ${error.message}`);
    throw error;
  }
}

/** Works with the servers; what they fail with is no verdict. */
async function look<T>(
  options: ServerOptions,
  { env }: Context,
  work: Parameters<typeof import('./servers.js').withServers<T>>[1],
): Promise<T> {
  const { serverUrls, unreachable, withServers } = await import('./servers.js');
  try {
    return await withServers(serverUrls(options, env), work);
  } catch (error) {
    throw error instanceof CommandError ? error : unreachable('a server', error);
  }
}
