import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { freePort } from '@tocsin/local-stack';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { scriptFor } from './completion/script.js';
import { wordsOf } from './completion/words.js';
import { instantOption, oneOf, positiveInteger } from './everyday/options.js';
import { createProgram, run } from './program.js';

function world() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  return {
    env: { TOCSIN_TOKEN: 'secret-token' },
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    signal: new AbortController().signal,
    said: () => String(stderr.read() ?? ''),
    answered: () => String(stdout.read() ?? ''),
  };
}

describe('the program', () => {
  it.each([
    [['--help'], 0],
    [['frobnicate'], 2],
    [['alerts', 'list', '--state', 'odd'], 2],
    [['monitors', 'list', '--limit', '0'], 2],
    [['completion', 'cmd.exe'], 2],
  ])('ends %j with exit code %i', async (args, code) => {
    expect(await run(args, world())).toBe(code);
  });

  it('says that nobody answers at the address, without the token', async () => {
    const tried = world();
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await run(['status', '--url', url], tried)).toBe(3);
    const said = tried.said();
    expect(said).toContain(`cannot reach the api at ${url}: ECONNREFUSED`);
    expect(said).not.toContain('secret-token');
  });

  it('that fails in a way nobody thought of has found nothing', async () => {
    const page = createServer((_, answer) => answer.end('<html>please sign in</html>')).listen(
      0,
      '127.0.0.1',
    );
    await once(page, 'listening');
    const tried = world();
    try {
      const { port } = page.address() as AddressInfo;
      expect(await run(['status', '--url', `http://127.0.0.1:${port}`], tried)).toBe(3);
    } finally {
      page.closeAllConnections();
      page.close();
    }
    const said = tried.said();
    expect(said).toContain('tocsin: unexpected: SyntaxError');
    expect(said).not.toContain('secret-token');
  });

  it('describes every command and every option', () => {
    const lacking = (command: Command): string[] => [
      ...(command.description() === '' ? [command.name()] : []),
      ...command.options.filter(({ description }) => description === '').map(({ flags }) => flags),
      ...command.commands.flatMap(lacking),
    ];
    expect(lacking(createProgram(world()).program)).toEqual([]);
  });
});

describe('completion', () => {
  const words = wordsOf(createProgram(world()).program);
  const complete = (...typed: string[]) => {
    const script = `${scriptFor('bash', words)}
      COMP_WORDS=(${['tocsin', ...typed].map((word) => `'${word}'`).join(' ')})
      COMP_CWORD=${typed.length}
      _tocsin
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean);
  };

  it.each([
    [['stat'], ['status']],
    [['alerts', 'a'], ['ack']],
    [['alerts', 'list', '--st'], ['--state']],
    [['monitors', 'pause', 'a shop', '--tok'], ['--token-file']],
  ])('of %j is %j in bash', (typed, expected) => {
    expect(complete(...typed)).toEqual(expected);
  });
});

describe('options', () => {
  it('take an instant, or an age', () => {
    expect(instantOption('2026-01-31T08:00:00+01:00')).toBe('2026-01-31T07:00:00.000Z');
    const ago = Date.now() - Date.parse(instantOption('15m'));
    expect(ago).toBeGreaterThanOrEqual(900_000);
    expect(ago).toBeLessThan(960_000);
  });

  it.each(['yesterday', '12', '5w', '2026-13-01'])('refuse "%s" as an instant', (text) => {
    expect(() => instantOption(text)).toThrow('must be an instant');
  });

  it('take whole numbers from 1 and words from a list', () => {
    expect(positiveInteger('12')).toBe(12);
    expect(() => positiveInteger('1.5')).toThrow('whole number');
    expect(() => oneOf(['open', 'resolved'])('shut')).toThrow('open, resolved');
  });
});
