import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startTocsin, type Tocsin } from './tocsin.fixture.js';

let tocsin: Tocsin;
beforeAll(async () => {
  tocsin = await startTocsin(inject('pgUrl'));
});
beforeEach(() => tocsin.empty());
afterAll(() => tocsin?.stop());

const CANARIES = { SLACK_WEBHOOK: 'https://hooks.example/CANARY-hook', SHOP_PASSWORD: 'CANARY-password', HOST: 'CANARY-host.example' };
const SHOP = `
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

const shop = () => tocsin.file('shop.yaml', SHOP);

describe('apply', () => {
  it('makes what the files say, and the second time there is nothing to do', async () => {
    const planned = await tocsin.cli(['plan', '-f', shop()], CANARIES);
    console.log(planned.stdout, planned.stderr);
    expect(planned.code).toBe(1);
    const applied = await tocsin.cli(['apply', '-f', shop()], CANARIES);
    console.log(applied.stdout, applied.stderr);
    expect(applied.code).toBe(0);
    const again = await tocsin.cli(['plan', '-f', shop()], CANARIES);
    console.log(again.stdout, again.stderr);
    expect(again).toMatchObject({ code: 0, stdout: 'set shop: 9 unchanged\n' });
    const exp = await tocsin.cli(['export'], CANARIES);
    console.log(exp.stdout, exp.stderr);
  });
});
