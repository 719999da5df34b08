import { startHttpTarget } from '@tocsin/testing';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { ISOLATIONS, runScript, scriptOf } from './scripts.fixture.js';

const site = await startHttpTarget();
afterAll(() => site.stop());

const SECRET = 'p4ss/w0rd "with" ümläuts & more';
const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  JSON.stringify(SECRET).slice(1, -1),
  Buffer.from(SECRET).toString('base64'),
];
const holds = (bytes: Uint8Array) => FORMS.filter((form) => Buffer.from(bytes).includes(form));

for (const { isolation, obstacle } of ISOLATIONS) {
  const name = obstacle === undefined ? '' : ` (skipped: ${obstacle})`;
  describe.skipIf(obstacle !== undefined)(`${isolation}: the secrets of a project${name}`, () => {
    it('are in the hands of the script and nowhere it leaves traces', async () => {
      const script = scriptOf(
        `const secret = process.env.PASSWORD;
         console.log('plain', secret, 'url', encodeURIComponent(secret), 'json', JSON.stringify({ secret }));
         console.error('base64', Buffer.from(secret).toString('base64'));
         for (const letter of secret) { process.stdout.write(letter); await new Promise((r) => setTimeout(r, 5)); }
         await page.goto(process.env.SITE + '/?q=' + encodeURIComponent(secret), { headers: {} });
         await page.setContent('<input id="i"><p id="p"></p>');
         await page.fill('#i', secret);
         await page.setExtraHTTPHeaders({ authorization: 'Basic ' + Buffer.from(secret).toString('base64') });
         await page.evaluate((s) => { document.querySelector('#p').textContent = s; console.log(s); }, secret);
         await page.goto(process.env.SITE).catch(() => {});
         writeFileSync(test.info().outputPath('mine.json'), JSON.stringify({ secret }));
         await test.info().attach('mine', { body: secret, contentType: 'text/plain' });
         console.log('length', secret.length);
         expect('something else').toBe(secret);`,
        `import { writeFileSync } from 'node:fs';`,
      );
      const ran = await runScript(isolation, script, {
        variables: { SITE: site.url },
        // As short as can be masked, and in every timestamp of the trace and the report.
        secrets: { PASSWORD: SECRET, SHORT: 'ab', PIN: String(Date.now()).slice(0, 4) },
      });
      expect(ran).toMatchObject({ status: 'failed', error: { code: 'test_failed' } });
      expect(ran.output).toContain(`length ${SECRET.length}`);
      expect(ran.output).toContain('plain ********');
      expect(ran.error?.message).toContain('********');
      expect(holds(Buffer.from(ran.output + ran.error?.message))).toEqual([]);

      const entries = (file: string) => Object.entries(unzipSync(ran.file(file)));
      const trace = entries('trace.zip');
      expect(trace.length).toBeGreaterThan(3);
      expect(Buffer.concat(trace.map(([, content]) => content)).toString()).toContain('********');
      expect(trace.filter(([, content]) => holds(content).length > 0).map(([file]) => file)).toEqual([]);

      const report = ran.file('report/index.html').toString('latin1');
      const data = /playwrightReportBase64">data:application\/zip;base64,([^<]*)</.exec(report)?.[1] ?? '';
      const told = Object.values(unzipSync(Buffer.from(data, 'base64')));
      expect(told.length).toBeGreaterThan(1);
      expect(told.flatMap(holds)).toEqual([]);
      expect(Buffer.concat(told).toString()).toContain('********');

      const readable = ran.files.filter(({ kind }) => kind !== 'screenshot').map((file) => file.name);
      expect(readable.length).toBeGreaterThanOrEqual(4);
      expect(readable.filter((file) => holds(ran.file(file)).length > 0)).toEqual([]);
      const lines = trace
        .filter(([file]) => file.endsWith('.trace'))
        .flatMap(([, content]) => Buffer.from(content).toString().trim().split('\n'));
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
      expect(ran.file('mine.json').toString()).toBe('{"secret":"********"}');
      await ran.dispose();
    });
  });
}
