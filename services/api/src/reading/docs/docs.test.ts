import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, undefined, { TOCSIN_PUBLIC_URL: 'https://tocsin.example/' });
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const get = async (path: string) => {
  const response = await fetch(`${api.url}${path}`);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    text: await response.text(),
  };
};

describe('the documentation', () => {
  it('is an OpenAPI document of every route, for the address people use', async () => {
    const { status, type, text } = await get('/api/openapi.json');
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    const document = JSON.parse(text) as {
      openapi: string;
      servers: object[];
      paths: Record<string, object>;
    };
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://tocsin.example' }] });
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/monitors/{id}/results', '/api/v1/events', '/api/v1/alerts/{id}']),
    );
  });

  it.each(['/api/docs', '/api/docs/'])('%s is a page that runs and loads nothing of others', async (path) => {
    const { status, type, headers, text } = await get(path);
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style/);
    const addresses = [...text.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(addresses).toHaveLength(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\/api\/docs\//);
      const asset = await get(address);
      expect([asset.status, asset.type]).toEqual([200, expect.stringMatching(/^text\/(css|javascript)/)]);
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
      expect(asset.text.length).toBeGreaterThan(50);
    }
  });

  it.each(['/api/docs/package.json', '/api/docs/..%2f..%2fpackage.json', '/api/docs/swagger-ui.js'])(
    '%s is not served',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
