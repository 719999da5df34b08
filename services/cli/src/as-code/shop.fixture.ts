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
