import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { safeText } from './redact.js';

export interface HealthCheck {
  name: string;
  /** resolves to the reason why not, if there is one; what it throws is a reason too */
  check: () => Promise<unknown>;
}

export interface HealthReport {
  healthy: boolean;
  /** per check "ok" or the reason */
  checks: Record<string, string>;
}

export interface Health {
  add: (check: HealthCheck) => void;
  /** from now on not ready, whatever the checks say */
  setStopping: () => void;
  live: () => HealthReport;
  ready: () => Promise<HealthReport>;
  close: () => void;
}

const windowMs = 10_000;
const stuckMs = 5000;

export function createHealth({ timeoutMs = 2000 } = {}): Health {
  const checks = new Map<string, HealthCheck>();
  let stopping = false;
  let running: Promise<HealthReport> | undefined;
  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  const window = setInterval(() => loop.reset(), windowMs).unref();

  async function run({ name, check }: HealthCheck): Promise<[string, string]> {
    const late = new AbortController();
    try {
      const reason = await Promise.race([
        check(),
        delay(timeoutMs, `no answer within ${timeoutMs} ms`, { signal: late.signal, ref: false }),
      ]);
      return [name, typeof reason === 'string' ? safeText(reason) : 'ok'];
    } catch (error) {
      return [name, safeText(error instanceof Error && error.message !== '' ? error.message : String(error))];
    } finally {
      late.abort();
    }
  }

  async function runAll(): Promise<HealthReport> {
    const results = Object.fromEntries(await Promise.all([...checks.values()].map(run)));
    return { healthy: Object.values(results).every((result) => result === 'ok'), checks: results };
  }

  return {
    add: (check) => {
      if (checks.has(check.name)) throw new Error(`there is a health check "${check.name}" already`);
      checks.set(check.name, check);
    },
    setStopping: () => {
      stopping = true;
    },
    // A loop that is stuck altogether does not answer; one that crawls answers and is told apart here.
    live: () => {
      const medianMs = loop.percentile(50) / 1e6;
      const healthy = !(medianMs > stuckMs);
      return { healthy, checks: { eventLoop: healthy ? 'ok' : `turns take ${Math.round(medianMs)} ms` } };
    },
    ready: async () => {
      if (stopping) return { healthy: false, checks: { service: 'stopping' } };
      // many askers cost one round of checks
      running ??= runAll().finally(() => {
        running = undefined;
      });
      return await running;
    },
    close: () => {
      clearInterval(window);
      loop.disable();
    },
  };
}

/** `select 1` (given by whoever has the database) as a check. */
export const postgresCheck = (selectOne: () => Promise<unknown>): HealthCheck => ({
  name: 'postgres',
  check: async () => {
    await selectOne();
  },
});
