import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'without-sqlite-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const bin = fileURLToPath(new URL('../../../bin/tocsin.mjs', import.meta.url));
const tocsin = (...args: string[]) =>
  spawnSync(process.execPath, ['--no-experimental-sqlite', bin, ...args], { encoding: 'utf8' });

it('starts with a Node that has no SQLite', () => {
  const { status, stdout, stderr } = tocsin('--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Usage: tocsin');
});

it('says which Node reads a database where this one does not', () => {
  const path = join(folder, 'kuma.db');
  writeFileSync(path, `SQLite format 3\0${'\0'.repeat(84)}`);
  const { status, stderr } = tocsin('import', 'uptime-kuma', path);
  expect(stderr).toContain('use Node 24');
  expect(status).toBe(2);
});
