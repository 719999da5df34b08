import { setTimeout as delay } from 'node:timers/promises';

export interface ReadyTarget {
  name: string;
  port: number;
}

async function answer(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    return response.status === 200 ? 'ready' : `${response.status} ${text.slice(0, 200)}`.trim();
  } catch {
    return 'no answer yet';
  }
}

/** Resolves when every service says it is ready; says every ten seconds which one does not, and why. */
export async function untilReady(
  targets: ReadyTarget[],
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let sayAt = performance.now() + 10_000;
  for (;;) {
    signal.throwIfAborted();
    const answers = await Promise.all(
      targets.map(async ({ name, port }) => ({ name, said: await answer(port) })),
    );
    const waiting = answers.filter(({ said }) => said !== 'ready');
    if (waiting.length === 0) return;
    if (performance.now() > sayAt) {
      log(`still waiting for ${waiting.map(({ name, said }) => `${name} (${said})`).join(', ')}`);
      sayAt = performance.now() + 10_000;
    }
    await delay(50);
  }
}
