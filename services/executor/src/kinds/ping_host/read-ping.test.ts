import { expect, it } from 'vitest';
import { readPing } from './read-ping.js';

it.each([
  [
    'iputils',
    `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 2029ms
rtt min/avg/max/mdev = 0.021/0.025/0.029/0.004 ms
`,
    { sent: 3, received: 2, averageMs: 0.025 },
  ],
  [
    'iputils without an answer',
    `--- 192.0.2.1 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time 0ms
`,
    { sent: 1, received: 0 },
  ],
  [
    'BusyBox',
    `--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
round-trip min/avg/max = 0.068/0.068/0.068 ms
`,
    { sent: 1, received: 1, averageMs: 0.068 },
  ],
  [
    'BSD',
    `--- 127.0.0.1 ping statistics ---
2 packets transmitted, 2 packets received, 0.0% packet loss
round-trip min/avg/max/stddev = 0.043/0.081/0.119/0.038 ms
`,
    { sent: 2, received: 2, averageMs: 0.081 },
  ],
  ['nothing it knows', 'ping: usage error', undefined],
])('reads %s', (_, output, summary) => {
  expect(readPing(output)).toEqual(summary);
});
