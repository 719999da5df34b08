import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { build, folder, run } from './process.fixture.js';
import { startWorld, status, type World } from './world.fixture.js';

/** What somebody gets who installs the package, in a folder that knows nothing of this repository. */
const elsewhere = mkdtempSync(path.join(tmpdir(), 'tocsin-client-'));
const modules = path.join(elsewhere, 'node_modules');
const ours = path.join(folder, '../../node_modules');
let files: string[];
let world: World;

beforeAll(async () => {
  await build();
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', elsewhere], { cwd: folder });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  files = packed?.files.map((file) => file.path) ?? [];
  mkdirSync(path.join(modules, '@tocsin'), { recursive: true });
  await run('tar', ['-xzf', path.basename(packed?.filename ?? ''), '-C', modules], { cwd: elsewhere });
  cpSync(path.join(modules, 'package'), path.join(modules, '@tocsin/client'), { recursive: true });
  // Its dependencies from the registry, none of ours
  for (const name of ['@nats-io', 'zod']) symlinkSync(path.join(ours, name), path.join(modules, name));
  writeFileSync(path.join(elsewhere, 'package.json'), '{ "type": "module" }');
  cpSync(path.join(folder, 'examples'), elsewhere, { recursive: true });
  world = await startWorld();
});
afterAll(async () => {
  await world.end();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** Runs an example until it has said `lines` lines, then ends it as a person would. */
async function said(command: string, args: string[], lines: number, env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd: elsewhere,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NATS_URL: world.nats.url.replace(/\/\/.*@/, '//'),
      TOCSIN_USER: 'sink',
      TOCSIN_PASSWORD: 'sink',
      TOCSIN_PROJECT: 'shop',
      ...env,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const heard: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    heard.push(line);
    if (heard.length === lines) child.kill('SIGINT');
  }
  return { heard, code: await ended };
}

test('the package is what was built and a README: no source, no tests, nothing private to depend on', () => {
  expect(files).toContain('dist/index.js');
  expect(files).toContain('dist/index.d.ts');
  expect(files).toContain('README.md');
  expect(
    files.filter((file) => !/^(dist\/[\w.-]+\.(js|d\.ts)|package\.json|README\.md)$/.test(file)),
  ).toEqual([]);
  expect(files.filter((file) => /fixture|test/.test(file))).toEqual([]);
  const { dependencies, private: isPrivate } = JSON.parse(
    readFileSync(path.join(modules, '@tocsin/client/package.json'), 'utf8'),
  ) as { dependencies: Record<string, string>; private?: boolean };
  expect(Object.keys(dependencies)).toEqual(['@nats-io/transport-node', 'zod']);
  expect(isPrivate).toBeUndefined();
});

test('the TypeScript examples fit the types of the package', async () => {
  const config = {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [path.join(ours, '@types')],
    },
    include: ['typescript/*.ts'],
  };
  writeFileSync(path.join(elsewhere, 'tsconfig.json'), JSON.stringify(config));
  const checked = await run(process.execPath, [path.join(ours, 'typescript/bin/tsc'), '-p', elsewhere]).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(checked.stdout).toBe('');
});

test('the TypeScript example says what happened, and goes on where it was', async () => {
  for (const n of [1, 2, 3]) await world.say(status(n));
  const first = await said('node', ['typescript/alerts.ts'], 3);
  await world.say(status(4));
  const second = await said('node', ['typescript/alerts.ts'], 1);
  expect([...first.heard, ...second.heard].map((line) => line.split(' ')[0])).toEqual(
    [1, 2, 3, 4].map((n) => status(n).id),
  );
  expect([first.code, second.code]).toEqual([0, 0]);
});

/** Where there is Python with nats-py it is run; where there is Python, read. */
const has = async (...args: string[]) =>
  run('python3', args).then(
    () => true,
    () => false,
  );

test('the Python example is Python, and says the same', async (context) => {
  if (!(await has('--version'))) context.skip('there is no python3 here');
  const script = path.join(elsewhere, 'python/alerts.py');
  await run('python3', ['-c', `compile(open(${JSON.stringify(script)}).read(), 'alerts.py', 'exec')`]);
  if (!(await has('-c', 'import nats'))) context.skip('there is no nats-py here');
  await world.say(status(5));
  const { messages } = (await world.jsm.streams.info('EVENTS_shop')).state;
  const { heard, code } = await said('python3', [script], -1, { STOP_AFTER: String(messages) });
  expect(heard).toHaveLength(messages);
  expect(heard.at(-1)).toContain(status(5).id);
  expect(code).toBe(0);
});

test('the shell example is a shell script', async () => {
  const { stderr } = await run('sh', ['-n', path.join(elsewhere, 'nats-cli/alerts.sh')]);
  expect(stderr).toBe('');
});
