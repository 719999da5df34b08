import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
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
