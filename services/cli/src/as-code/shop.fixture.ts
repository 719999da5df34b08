import type { JsonObject } from '@tocsin/kernel';
import type { Ended, Tocsin } from './tocsin.fixture.js';

/** Nothing of these may show anywhere. */
export const CANARIES = {
  SLACK_WEBHOOK: 'https://hooks.example/CANARY-hook',
  SHOP_PASSWORD: 'CANARY-password',
  HOST: 'CANARY-host.example',
};

export const SHOP = `
tocsin: 1
set: shop
providers:
  - { name: ops, type: slack, config: { webhookUrl: "\${SLACK_WEBHOOK}" } }
variables:
  - { name: BASE_URL, value: https://shop.example }
  - { name: PASSWORD, secret: "\${SHOP_PASSWORD}" }
tests:
  - name: sign in
    kind: api
    definition: { steps: [{ name: home, url: "{{BASE_URL}}/login" }] }
  - name: browse
    kind: browser
    definition:
      script: |
        test("\${a}", () => {})
monitors:
  - name: shop
    type: http_request
    target: https://\${HOST}/
    alertConfig: { enabled: true, notificationProviders: [ops] }
  - { name: backup, type: heartbeat, intervalSeconds: 3600 }
  - { name: browsing, type: synthetic_test, config: { test: browse } }
jobs:
  - { name: nightly, tests: [sign in, browse], cron: 0 3 * * * }
`;

/** A ping monitor, as a line of a document. */
export const monitor = (name: string, more = ''): string =>
  `- { name: ${name}, type: ping_host, target: localhost${more} }`;
export const set = (name: string, ...monitors: readonly string[]): string =>
  `tocsin: 1\nset: ${name}\nmonitors:\n${monitors.map((line) => `  ${line}\n`).join('')}`;

/** Commands about one file, with the canaries in the environment. */
export function shopIn(tocsin: Tocsin) {
  const ended: Ended[] = [];
  const listed = async (noun: string): Promise<JsonObject[]> =>
    (await tocsin.call(`list${noun}s`)).items as JsonObject[];
  return {
    /** whatever commands said */
    ended,
    async cli(command: string, text: string, ...more: readonly string[]): Promise<Ended> {
      const file = tocsin.file('tocsin.yaml', text);
      const [verb = '', ...flags] = command.split(' ');
      const end = await tocsin.cli([verb, '-f', file, ...flags, ...more], CANARIES);
      ended.push(end);
      return end;
    },
    listed,
    async one(noun: string, name: string): Promise<JsonObject> {
      const found = (await listed(noun)).find((item) => item.name === name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    },
  };
}
