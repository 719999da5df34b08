import type { JsonObject } from '@tocsin/kernel';
import { sql } from 'kysely';
import type { Api } from './api.fixture.js';
import { type Client, clientFor, textAt } from './client.fixture.js';

export const hook = {
  name: 'hook',
  type: 'webhook',
  config: { url: 'http://127.0.0.1:9999/in', method: 'POST' },
};

export const createProvider = async (api: Api): Promise<string> =>
  (await api.admin.post('/notification-providers', hook)).id;

export const script = { name: 'checkout', kind: 'browser', definition: { script: 'test("a", () => {})' } };

export const createTest = async (api: Api, more: object = {}): Promise<string> =>
  (await api.admin.post('/tests', { ...script, ...more })).id;

/** A job with a test. */
export const createJob = async (api: Api, more: object = {}): Promise<string> =>
  (await api.admin.post('/jobs', { name: 'nightly', tests: [await createTest(api)], ...more })).id;

/** Another system, with a key of the job and nothing else. */
export async function clientWithKey(api: Api, jobId: string, more: object = {}): Promise<Client> {
  const { body } = await api.admin.post(`/jobs/${jobId}/keys`, { name: 'ci', ...more });
  return clientFor(api.url, textAt(body, 'key'));
}

/** What the event table says of one entity, oldest first. */
export async function configEvents(api: Api, entityId: string): Promise<JsonObject[]> {
  const { rows } = await sql<{ data: string }>`
    select data from config.event where entity_id = ${entityId} order by position`.execute(api.db);
  return rows.map(({ data }) => JSON.parse(data) as JsonObject);
}

/** A client with a token of its own. */
export async function clientWith(api: Api, scope: 'read' | 'write' | 'admin'): Promise<Client> {
  const { body } = await api.admin.post('/tokens', { name: scope, scopes: [scope] });
  return clientFor(api.url, textAt(body, 'token'));
}

/** The administrator of another project: whatever is not theirs does not exist. */
export async function foreigner(api: Api): Promise<Client> {
  const { id, body } = await api.admin.post('/tokens', { name: 'foreigner', scopes: ['admin'] });
  await api.db.updateTable('auth.token').set({ project: 'other' }).where('id', '=', id).execute();
  return clientFor(api.url, textAt(body, 'token'));
}
