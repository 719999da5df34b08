import { createEgress, egressPolicy } from '@tocsin/egress';
import { inParallel } from '../world/wait.js';

/** The executor's own HTTP client in a loop: no queue, no log, no result. */
const [, , port = '0', checks = '0', concurrency = '1'] = process.argv;

const egress = createEgress(egressPolicy({ purpose: 'monitor', allow: ['127.0.0.0/8'], ownEndpoints: [] }));
const headers = { 'user-agent': 'Tocsin-Monitor/1.0', accept: '*/*' };
const one = (index: number) =>
  egress.request({
    url: `http://127.0.0.${1 + (index % 40)}:${port}/`,
    method: 'GET',
    headers,
    timeoutMs: 5_000,
    maxRedirects: 5,
  });

await inParallel(2_000, Number(concurrency), one);
const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
await inParallel(Number(checks), Number(concurrency), one);
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpu);
process.send?.({ perSecond: Number(checks) / seconds, cpuMs: (user + system) / 1_000 / Number(checks) });
process.disconnect();
