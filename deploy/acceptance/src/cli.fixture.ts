import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Product } from './product.fixture.js';

const PROGRAM = createRequire(import.meta.url)
  .resolve('@tocsin/cli/package.json')
  .replace('package.json', 'bin/tocsin.mjs');

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `tocsin …` as its user has it: a process of its own, which knows of the product what its environment says. */
export async function tocsin(
  product: Pick<Product, 'local'>,
  args: readonly string[],
  { env = {}, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Said> {
  const { url, token } = product.local;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', TOCSIN_URL: url, TOCSIN_TOKEN: token(), ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** As the auditor, whose identity `npm start` leaves in the data folder. */
export async function asAuditor(product: Pick<Product, 'local'>, ...args: readonly string[]): Promise<Said> {
  const { natsUrl, databaseUrl } = JSON.parse(
    readFileSync(join(product.local.dataDir, 'auditor.json'), 'utf8'),
  );
  return await tocsin(product, args, { env: { NATS_URL: natsUrl, DATABASE_URL: databaseUrl } });
}

/** Chains, both places, and every alert decided again. @returns what is not as it was written */
export async function verifyLog(product: Pick<Product, 'local'>): Promise<string[]> {
  const { code, out, err } = await asAuditor(product, 'verify', '--json');
  if (code !== 0 && code !== 1) throw new Error(`verify could not look: ${err}`);
  return (JSON.parse(out).differences as object[]).map((difference) => JSON.stringify(difference));
}
