import type { CommandModule } from '../commands.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors.js';
import type { ServerOptions } from './servers.js';

export const checkpointCommands: CommandModule = (program, context) => {
  const checkpoint = program
    .command('checkpoint')
    .description('sign where the log ends, so that what is cut off later shows');
  checkpoint
    .command('keygen')
    .description('make a pair of Ed25519 keys; keep the private one away from the servers it vouches for')
    .requiredOption('--key <file>', 'where the private key goes')
    .requiredOption('--public-key <file>', 'where the public key goes')
    .action((options: { key: string; publicKey: string }) => keygen(options, context));
  checkpoint
    .command('create')
    .description('sign the ends of all chains; verify first')
    .requiredOption('--key <file>', 'the private key, PKCS#8 as PEM')
    .requiredOption('--out <file>', 'where the checkpoint goes; keep it away from the servers too')
    .option('--nats <url>', 'or NATS_URL; of an identity that reads, such as auditor')
    .option('--database <url>', 'or DATABASE_URL; of a role that reads, such as tocsin_auditor')
    .action((options: CreateOptions) => create(options, context));
};

interface CreateOptions extends ServerOptions {
  readonly key: string;
  readonly out: string;
}

async function keygen(
  { key, publicKey }: { key: string; publicKey: string },
  { out }: Context,
): Promise<void> {
  const { createPublicKey } = await import('node:crypto');
  const { generateCheckpointKeys, keyFingerprint } = await import('@tocsin/audit');
  const { writeNew } = await import('./files.store.js');
  const keys = generateCheckpointKeys();
  await writeNew(key, keys.privateKey);
  await writeNew(publicKey, keys.publicKey, 0o644);
  const fingerprint = keyFingerprint(createPublicKey(keys.publicKey));
  out.answer(
    { key, publicKey, fingerprint },
    () => `made ${key} and ${publicKey}, fingerprint ${fingerprint}`,
  );
}

async function create(options: CreateOptions, { env, out }: Context): Promise<void> {
  const { CheckpointError, signCheckpoint, takeCheckpoint } = await import('@tocsin/audit');
  const { privateKeyIn, writeNew } = await import('./files.store.js');
  const { serverUrls, unreachable, withServers } = await import('./servers.js');
  const key = await privateKeyIn(options.key);
  try {
    const checkpoint = await withServers(serverUrls(options, env), (servers) =>
      takeCheckpoint(servers, new Date().toISOString()),
    );
    await writeNew(options.out, signCheckpoint(checkpoint, key));
    const events = checkpoint.chains.reduce((sum, { position }) => sum + position, 0);
    out.answer(
      { ...checkpoint, file: options.out },
      () => `signed ${checkpoint.chains.length} chains of ${events} events as ${options.out}`,
    );
  } catch (error) {
    if (error instanceof CheckpointError) throw new CommandError(`${options.key}: ${error.message}`);
    throw error instanceof CommandError ? error : unreachable('a server', error);
  }
}
