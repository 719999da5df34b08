import { readFileSync } from 'node:fs';
import type { Stack } from './stack.process.js';
import { inParallel } from './wait.js';

/** The product's own door, with the token it wrote on its first start. */
export function apiClient(stack: Stack) {
  const { url } = stack.service('api');
  const authorization = `Bearer ${readFileSync(stack.tokenFile, 'utf8').trim()}`;

  async function post<T>(path: string, body: unknown): Promise<T> {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  return {
    /** webhooks that all call the same address: a destination has its own order and rate */
    async webhooks(count: number, webhookUrl: string): Promise<string[]> {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const config = { url: webhookUrl, method: 'POST' };
        const body = { name: `hook ${index}`, type: 'webhook', config };
        ids.push((await post<{ id: string }>('notification-providers', body)).id);
      }
      return ids;
    },
    async monitors(count: number, monitorAt: (index: number) => object): Promise<void> {
      await inParallel(count, 16, (index) => post('monitors', monitorAt(index)));
    },
  };
}
