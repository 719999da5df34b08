import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFamily, type Family } from './family.process.js';
import { newMark, processes } from './proc.store.js';
import { commandLines, ROOT } from './scripts.fixture.js';
import { FIRST_UID, SLOTS } from './settings.js';

/** The last of the ids that are for tests: no other test file gets this far. */
const UID = FIRST_UID + SLOTS - 1;
const MARK = newMark();
const SECONDS = `84001.${process.pid}`;
const asleep = () => commandLines().filter((line) => line.includes(`sleep ${SECONDS}`)).length;

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

function start(script: string, uid?: number): Family {
  // Few enough to be a nuisance to nobody, should this fail.
  const started = spawn('prlimit', ['--nproc=200', `--rttime=${MARK}`, '--', 'sh', '-c', script], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/tmp',
    ...(uid !== undefined && { uid, gid: uid }),
  });
  child = started;
  return createFamily({
    leader: started.pid ?? 0,
    isRunning: () => started.exitCode === null && started.signalCode === null,
    uid,
    mark: MARK,
  });
}

const SCATTER = `
  trap "" TERM
  setsid sh -c 'trap "" TERM; sleep ${SECONDS} & wait' &
  (setsid sleep ${SECONDS} &)
  sleep ${SECONDS}`;

// Without the kernel's help: on machines with a cgroup of their own nobody gets away anyway.
describe.skipIf(process.platform !== 'linux')('without a cgroup, what a test forked', () => {
  it.skipIf(!ROOT)('is all that has its user id, and ends with it', async () => {
    const bystander = spawn('sleep', [`84002.${process.pid}`], { uid: UID - 1, gid: UID - 1 });
    const family = start(SCATTER.replace('setsid sleep', 'setsid env -i sleep'), UID);
    await vi.waitFor(() => expect(asleep()).toBeGreaterThanOrEqual(3));
    expect(family.members().length).toBeGreaterThanOrEqual(4);
    expect(family.members().every(({ uid }) => uid === UID)).toBe(true);
    family.ask();
    expect(await family.end()).toBe(true);
    expect(asleep()).toBe(0);
    expect(processes().some(({ pid }) => pid === bystander.pid)).toBe(true);
    bystander.kill('SIGKILL');
  });

  it.skipIf(!ROOT)('cannot fork faster than it is ended', async () => {
    const bomb = `setInterval(() => { for (let i = 0; i < 20; i++) require('child_process').spawn('setsid', ['sleep', '600'], { stdio: 'ignore' }).on('error', () => {}); }, 1)`;
    const family = start(`exec ${process.execPath} -e "${bomb}"`, UID);
    await vi.waitFor(() => expect(family.members().length).toBeGreaterThan(50));
    expect(await family.end()).toBe(true);
    expect(processes().filter(({ uid }) => uid === UID)).toEqual([]);
  });

  it('is found by descent and by its mark when the user id is ours', async () => {
    const family = start(`env -i setsid setsid -f sleep ${SECONDS}; ${SCATTER}`);
    await vi.waitFor(() => expect(asleep()).toBeGreaterThanOrEqual(3));
    expect(await family.end()).toBe(true);
    expect(asleep()).toBe(0);
  });

  it('is remembered when it lets go of its parents', async () => {
    const family = start(`(setsid env -i sleep ${SECONDS} & exec sleep 1) & exec sleep 0.1`);
    const orphans = () => family.members().filter(({ parent }) => parent === 1);
    await vi.waitFor(() => expect(orphans().length).toBe(1), { timeout: 10_000, interval: 50 });
    await vi.waitFor(() => expect(family.members().length).toBe(1), { timeout: 10_000, interval: 50 });
    expect(await family.end()).toBe(true);
    expect(asleep()).toBe(0);
  });

  it('that has ended by itself leaves others alone, even under its number', async () => {
    const family = start('exit 0');
    await once(child as ChildProcess, 'exit');
    expect(family.members()).toEqual([]);
    family.ask();
    expect(await family.end()).toBe(true);
  });
});
