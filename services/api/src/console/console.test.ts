import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addConsole } from './console.routes.js';

const SCRIPT = `console.log(${JSON.stringify('tocsin'.repeat(100))})`;
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
let folder: string;
let fastify: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tocsin-console-'));
  mkdirSync(path.join(folder, 'assets'));
  mkdirSync(path.join(folder, '.vite'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Tocsin</title>');
  writeFileSync(path.join(folder, 'assets/index-abc123.js'), SCRIPT);
  writeFileSync(path.join(folder, 'assets/index-abc123.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(path.join(folder, '.vite/manifest.json'), '{}');
  fastify = Fastify();
  addConsole(fastify, folder);
  await fastify.ready();
});
afterAll(async () => {
  await fastify.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => fastify.inject({ url, headers });

describe('the console', () => {
  it.each(['/', '/monitors/0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8/edit?tab=results', '/sign-in'])(
    '%s is the page, under a policy that lets no script of others run',
    async (url) => {
      const { statusCode, headers, body } = await get(url, BROWSER);
      expect([statusCode, body]).toEqual([200, '<!doctype html><title>Tocsin</title>']);
      expect(headers['cache-control']).toBe('no-cache');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe-eval');
    },
  );

  it('sends what its name says to be the same for ever once, compressed when that is understood', async () => {
    const plain = await get('/assets/index-abc123.js');
    expect(plain.body).toBe(SCRIPT);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const small = await get('/assets/index-abc123.js', { 'accept-encoding': 'gzip, br' });
    expect(small.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': expect.stringContaining('javascript') as string,
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(String(small.headers.vary).toLowerCase()).toContain('accept-encoding');
  });

  it.each([
    '/api/v1/nothing',
    '/api',
    '/assets/index-gone.js',
    '/.vite/manifest.json',
    '/assets/index-abc123.js.br',
    '/..%2f..%2fetc/passwd',
  ])('%s is nothing of the console', async (url) => {
    const headers = url.startsWith('/api') || url.startsWith('/assets') ? BROWSER : {};
    expect((await get(url, headers)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('does not let the absence of a file be remembered', async () => {
    const { headers } = await get('/assets/index-gone.js', BROWSER);
    expect(headers['cache-control'] ?? '').not.toContain('immutable');
  });

  it('answers programs that mistyped an address as before', async () => {
    expect((await get('/monitors', { accept: 'application/json' })).statusCode).toBe(404);
    expect((await fastify.inject({ method: 'POST', url: '/' })).statusCode).toBe(404);
  });

  it('is left out when it was not built', () => {
    expect(addConsole(Fastify(), path.join(folder, 'nowhere'))).toBe(false);
  });
});
