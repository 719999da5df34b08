import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { freePort, startPostgres, temporaryFolder } from '@tocsin/local-stack';
import { freshNats } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLines, ISOLATIONS, ROOT, runScript, scriptOf } from './scripts.fixture.js';
import { DEFAULT_LIMITS } from './settings.js';

const CANARY = 'c4n4ry-of-a-service';
const FORK = `import { execFileSync, spawn, spawnSync } from 'node:child_process';\nimport fs from 'node:fs';\nimport net from 'node:net';`;
const hostile = (body: string) => scriptOf(body, FORK);

/** Whoever runs the script goes on meanwhile: the longest this thread was kept from its work. */
async function stallDuring<T>(work: Promise<T>): Promise<{ result: T; stalledMs: number }> {
  let stalledMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    stalledMs = Math.max(stalledMs, now - last);
    last = now;
  }, 20);
  const result = await work.finally(() => clearInterval(timer));
  return { result, stalledMs };
}

/** Something of ours with a secret in its environment, as every service has. */
let service: ChildProcess;
beforeAll(() => {
  process.env.TOCSIN_CANARY = CANARY;
  service = spawn('sleep', ['600'], { env: { ...process.env, DATABASE_URL: CANARY } });
});
afterAll(() => {
  service.kill('SIGKILL');
});

for (const { isolation, obstacle } of ISOLATIONS) {
  const note = obstacle === undefined ? '' : ` (skipped: ${obstacle})`;
  describe.skipIf(obstacle !== undefined)(`${isolation}: a script that${note}`, () => {
    it('forks without end is ended with all it forked', async () => {
      const bomb = hostile(`
        fs.writeFileSync('bomb.sh', 'while true; do sh bomb.sh & sh bomb.sh & done', { mode: 0o755 });
        spawnSync('sh', ['bomb.sh']);
        await new Promise(() => {});`);
      const { result, stalledMs } = await stallDuring(runScript(isolation, bomb));
      expect(result).toMatchObject({ status: 'failed', error: { code: 'process_limit' } });
      expect(stalledMs).toBeLessThan(3_000);
      expect(commandLines().join('\n')).not.toContain('bomb.sh');
      await result.dispose();
    });

    it('takes 4 GB is ended before it has them', async () => {
      const greedy = hostile(`
        const taken = [];
        for (let i = 0; i < 64; i++) { taken.push(Buffer.alloc(64 * 1024 * 1024, 1)); await new Promise((r) => setTimeout(r, 20)); }
        console.log('has it all', taken.length);`);
      const ran = await runScript(isolation, greedy);
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'memory_limit' } });
      expect(ran.output).not.toContain('has it all');
      await ran.dispose();
    });

    it('prints without end is ended, and little of it is kept', async () => {
      const talker = hostile(`spawnSync('sh', ['-c', 'yes this is endless'], { stdio: 'inherit' });`);
      const { result, stalledMs } = await stallDuring(runScript(isolation, talker));
      expect(result).toMatchObject({ status: 'failed', error: { code: 'output_limit' } });
      expect(result.output).toContain('says more than is shown');
      expect(result.output.length).toBeLessThan(DEFAULT_LIMITS.outputBytes + 100_000);
      expect(result.file('console.txt').length).toBeLessThan(1_100_000);
      expect(stalledMs).toBeLessThan(2_000);
      await result.dispose();
    });

    it('fills the disk with a file, or with many, is ended', async () => {
      const limits = { diskBytes: 64 * 1024 * 1024, files: 5_000 };
      const big = hostile(`
        for (let i = 0; i < 1000; i++) { fs.writeFileSync('big' + i, Buffer.alloc(8 * 1024 * 1024, 1)); await new Promise((r) => setTimeout(r, 50)); }`);
      expect(await runScript(isolation, big, { limits })).toMatchObject({ error: { code: 'disk_limit' } });
      const many = hostile(`
        for (let i = 0; i < 1e7; i++) { fs.writeFileSync('home/' + i, ''); if (i % 500 === 0) await new Promise((r) => setTimeout(r, 20)); }`);
      expect(await runScript(isolation, many, { limits })).toMatchObject({ error: { code: 'disk_limit' } });
      const deep = hostile(`
        for (;;) { fs.mkdirSync('d'.repeat(200)); process.chdir('d'.repeat(200)); await new Promise((r) => setTimeout(r, 2)); }`);
      const ran = await runScript(isolation, deep, { limits });
      expect(ran).toMatchObject({ error: { code: 'disk_limit' } });
      await ran.dispose();
    });

    it.skipIf(!ROOT && isolation === 'plain')(
      'looks for our secrets in its environment and in /proc finds none',
      async () => {
        const curious = hostile(`
          console.log('own', JSON.stringify(process.env));
          for (const pid of fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)))
            for (const file of ['environ', 'cmdline', 'maps', 'mem'])
              try { console.log(pid, file, fs.readFileSync('/proc/' + pid + '/' + file, 'latin1').slice(0, 4000)); } catch {}
          try { fs.readFileSync('/proc/${process.pid}/environ'); console.log('read the runner'); } catch {}
          console.log('looked everywhere');`);
        const ran = await runScript(isolation, curious);
        expect(ran.status).toBe('passed');
        expect(ran.output).toContain('looked everywhere');
        expect(ran.output).toContain('own {');
        expect(ran.output).not.toContain(CANARY);
        expect(ran.output).not.toContain('read the runner');
        await ran.dispose();
      },
    );

    it('asks NATS and Postgres without credentials is refused', async () => {
      const nats = await freshNats();
      const folder = temporaryFolder();
      const pg = await startPostgres({
        dir: folder.dir,
        port: await freePort(),
        password: CANARY,
        durable: false,
      });
      const say = (port: number, words: string) => `
        await new Promise((resolve) => {
          const said = [];
          const socket = net.connect(${port}, '127.0.0.1', () => { ${words} });
          socket.on('data', (bytes) => said.push(bytes)).on('error', resolve).on('close', resolve);
          socket.setTimeout(1500, () => socket.destroy());
          socket.on('close', () => console.log('${port} says', JSON.stringify(Buffer.concat(said).toString('latin1'))));
        });`;
      try {
        const startup = `const startup = Buffer.from('\\0\\x03\\0\\0user\\0postgres\\0database\\0postgres\\0\\0', 'latin1');
          const length = Buffer.alloc(4); length.writeInt32BE(startup.length + 4);
          socket.write(Buffer.concat([length, startup]));
          setTimeout(() => socket.write(Buffer.from('Q\\0\\0\\0\\rselect 1\\0', 'latin1')), 200);`;
        const caller = hostile(
          say(nats.port, `socket.write('CONNECT {"verbose":true}\\r\\nPING\\r\\n');`) + say(pg.port, startup),
        );
        const ran = await runScript(isolation, caller);
        expect(ran.status).toBe('passed');
        expect(ran.output).toContain('Authorization Violation');
        expect(ran.output).toMatch(/SCRAM-SHA-256.*FATAL|FATAL.*(password|authentication|SASL)/i);
        await ran.dispose();
      } finally {
        await Promise.all([nats.remove(), pg.stop()]);
        folder.remove();
      }
    });

    it.skipIf(!ROOT && isolation === 'plain')('writes outside its folder leaves nothing there', async () => {
      const marks = ['/etc', '/usr', '/srv', '/var', '/run', '/', '/tmp', '/var/tmp', '/dev/shm'].map(
        (folder) => `${folder === '/' ? '' : folder}/tocsin-was-here`,
      );
      const writer = hostile(`
        for (const path of [...${JSON.stringify(marks)}, process.execPath + '.mine', '/proc/sys/kernel/hostname'])
          try { fs.writeFileSync(path, 'x'); console.log('wrote', path); } catch {}
        try { fs.writeFileSync(process.execPath, 'x'); console.log('replaced node'); } catch {}
        try { process.setuid(0); console.log('is root'); } catch {}`);
      const ran = await runScript(isolation, writer);
      expect(ran.status).toBe('passed');
      const wrote = ran.output.split('\n').filter((line) => line.startsWith('wrote '));
      // In a sandbox these are folders of its own, and Node may be shown below one of them.
      expect(wrote.filter((line) => !/^wrote \/(?:tmp|var\/tmp|dev\/shm)\//.test(line))).toEqual([]);
      expect(ran.output).not.toMatch(/replaced node|is root/);
      const outside = [...marks, `${process.execPath}.mine`];
      expect(outside.filter((path) => existsSync(path))).toEqual([]);
      await ran.dispose();
    });

    it('plants links, pipes and huge files among its results leaves only plain ones', async () => {
      rmSync('/tmp/tocsin-was-here', { force: true });
      const planter = hostile(`
        fs.mkdirSync('results', { recursive: true });
        for (const [target, name] of [['/etc/shadow', 'shadow.txt'], ['/etc', 'folder'], ['/proc/self/environ', 'environ.txt']])
          fs.symlinkSync(target, 'results/' + name);
        for (const target of ['/etc/shadow', '/etc/passwd', process.execPath]) try { fs.linkSync(target, 'results/hard.txt'); } catch {}
        spawnSync('mkfifo', ['results/pipe.txt']);
        fs.writeFileSync('results/huge.txt', Buffer.alloc(21 * 1024 * 1024, 'x'));
        fs.truncateSync(fs.openSync('results/sparse.txt', 'w') && 'results/sparse.txt', 400 * 1024 * 1024);
        fs.writeFileSync('results/plain.txt', 'all mine');
        for (let i = 0; i < 60; i++) fs.writeFileSync('results/z' + i + '.txt', 'x');
        fs.mkdirSync('results/a/b/c/d/e/f/g/h/i/j', { recursive: true });
        fs.writeFileSync('results/<script>.html', '<script>alert(1)</script>');`);
      const ran = await runScript(isolation, planter);
      expect(ran.status).toBe('passed');
      const names = ran.files.map(({ name }) => name);
      expect(names.length).toBeLessThanOrEqual(30);
      expect(names).toEqual(expect.arrayContaining(['plain.txt', 'report/index.html', 'console.txt']));
      expect(names).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/shadow|environ|hard|pipe|huge|sparse|passwd/)]),
      );
      expect(ran.file('plain.txt').toString()).toBe('all mine');
      const contents = ran.files.map(({ name }) => ran.file(name).toString('latin1')).join('');
      expect(contents).not.toContain('root:');
      expect(
        ran.files.every(({ contentType, kind }) => kind === 'report' || !contentType.includes('html')),
      ).toBe(true);
      expect(ran.file('console.txt').toString()).toContain('shadow.txt is left out: it is a link');
      expect(ran.file('console.txt').toString()).toContain('huge.txt is left out: it is larger than 20 MiB');
      await ran.dispose();
    });

    it('puts links in the place of its result, its report and its folders gives nothing away', async () => {
      const swapper = hostile(`
        process.on('exit', () => {});
        spawn('sh', ['-c', 'sleep 0; rm -rf results report; ln -s /etc results; ln -s /etc report; ln -s /etc/passwd result.json'], { stdio: 'ignore' });
        await new Promise((r) => setTimeout(r, 300));
        process.kill(process.ppid, 'SIGKILL');`);
      const ran = await runScript(isolation, swapper);
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'script_invalid' } });
      expect(ran.files.map(({ name }) => name)).toEqual(['console.txt']);
      await ran.dispose();
    });

    it('packs a bomb into an archive loses it', async () => {
      const packer = hostile(`
        fs.mkdirSync('results', { recursive: true });
        const zlib = await import('node:zlib');
        const size = 300 * 1024 * 1024;
        const packed = zlib.deflateRawSync(Buffer.alloc(size), { level: 9 });
        const head = Buffer.alloc(30); head.writeUInt32LE(0x04034b50, 0); head.writeUInt16LE(8, 8);
        head.writeUInt32LE(packed.length, 18); head.writeUInt32LE(size, 22); head.writeUInt16LE(1, 26);
        const entry = Buffer.alloc(46); entry.writeUInt32LE(0x02014b50, 0); entry.writeUInt16LE(8, 10);
        entry.writeUInt32LE(packed.length, 20); entry.writeUInt32LE(size, 24); entry.writeUInt16LE(1, 28);
        const end = Buffer.alloc(22); end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(1, 8); end.writeUInt16LE(1, 10);
        end.writeUInt32LE(47, 12); end.writeUInt32LE(31 + packed.length, 16);
        fs.writeFileSync('results/trace.zip', Buffer.concat([head, Buffer.from('x'), packed, entry, Buffer.from('x'), end]));`);
      const ran = await runScript(isolation, packer, { secrets: { PASSWORD: 'hunter22' } });
      expect(ran.status).toBe('passed');
      expect(ran.files.map(({ name }) => name)).not.toContain('trace.zip');
      expect(ran.file('console.txt').toString()).toContain('trace.zip is left out');
      await ran.dispose();
    });
  });
}
