import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentSchema } from '../as-code/document.js';
import { run } from '../program.js';
import { sample } from './accounting.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string) => join(folder, name);

async function tocsin(...args: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const code = await run(args, {
    env: {},
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    signal: new AbortController().signal,
  });
  return { code, answered: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

const BACKUP = sample('./uptime-kuma/sample/backup.json');
const CANARY = /canary-[\w-]*\d/;

describe('import', () => {
  it('writes the document to stdout and the report beside it, without a secret, and ends with 1', async () => {
    const { code, answered, said } = await tocsin('import', 'uptime-kuma', BACKUP);
    expect(code).toBe(1);
    expect(parse(answered)).toMatchObject({ tocsin: 1, set: 'uptime-kuma' });
    expect(said).toContain('not carried over');
    expect(answered + said).not.toMatch(CANARY);
  });

  it('writes files: the document, all of the report, and secrets for their owner alone', async () => {
    const [out, report, secrets] = [file('tocsin.yaml'), file('report.json'), file('tocsin.env')];
    const options = ['--out', out, '--report', report, '--secrets-file', secrets, '--set', 'shop'];
    const { answered, said } = await tocsin('import', 'uptime-kuma', BACKUP, ...options);
    expect(readFileSync(out, 'utf8') + readFileSync(report, 'utf8') + answered + said).not.toMatch(CANARY);
    expect(parse(readFileSync(out, 'utf8'))).toMatchObject({ set: 'shop' });
    const { entries } = JSON.parse(readFileSync(report, 'utf8')) as { entries: { outcome: string }[] };
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(
      new Set(['left', 'changed', 'carried', 'unneeded']),
    );
    expect(readFileSync(secrets, 'utf8')).toContain(
      "MONITOR_SHOP_API_ORDERS_AUTH_PASSWORD='kuma-canary-basic-2'\n",
    );
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
  });

  it('overwrites nothing unless told to, and a secret file that others could read is made anew', async () => {
    const secrets = file('open.env');
    writeFileSync(secrets, 'mine', { mode: 0o644 });
    const args = ['import', 'uptime-kuma', BACKUP, '--out', file('o.yaml'), '--secrets-file', secrets];
    const refused = await tocsin(...args);
    expect(refused).toMatchObject({ code: 2, said: expect.stringContaining('--force') as string });
    expect(readFileSync(secrets, 'utf8')).toBe('mine');
    expect((await tocsin(...args, '--force')).code).toBe(1);
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
  });

  it('answers one JSON document, and ends with 0 when everything was carried over', async () => {
    const path = file('gatus.yaml');
    writeFileSync(
      path,
      'endpoints:\n  - { name: a, url: "https://a.example/", conditions: ["[STATUS] == 200"] }\n',
    );
    const { code, answered } = await tocsin('--json', 'import', 'gatus', path);
    expect(code).toBe(0);
    const { document } = JSON.parse(answered) as { document: unknown };
    expect(documentSchema.safeParse(document).success).toBe(true);
  });

  it.each([
    ['a file that is not there', ['import', 'gatus', '/nonexistent'], 'cannot read'],
    ['a file of another tool', ['import', 'healthchecks', BACKUP], 'no export of Healthchecks'],
    ['no name of a set', ['import', 'gatus', BACKUP, '--set', 'a b'], 'no name of a set'],
  ])('says what is wrong with %s', async (_, args, words) => {
    expect(await tocsin(...args)).toMatchObject({ code: 2, said: expect.stringContaining(words) as string });
  });

  it('quotes nothing of a file that it cannot parse', async () => {
    const path = file('broken.json');
    writeFileSync(path, '{ "password": canary-secret-1 }');
    const { code, said } = await tocsin('import', 'uptime-kuma', path);
    expect(code).toBe(2);
    expect(said).not.toContain('canary');
  });
});
