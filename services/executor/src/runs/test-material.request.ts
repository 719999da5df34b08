import { requests } from '@tocsin/contracts';
import { TEST_KINDS } from '@tocsin/monitoring';
import type { NatsHandle } from '@tocsin/service-kit';
import { z } from 'zod';
import type { TestMaterial } from '../tests/test-runner.js';

export interface Material {
  readonly test: TestMaterial;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** `missing`: the test is gone. `cancelled`: the run is not wanted any more. `unavailable`: ask again later. */
export type MaterialAnswer = Material | 'missing' | 'cancelled' | 'unavailable';

export interface MaterialRequest {
  readonly project: string;
  readonly testId: string;
  /** absent: for a check, not for a run */
  readonly runId?: string | undefined;
  readonly jobId?: string | undefined;
}

export interface TestMaterials {
  of(asked: MaterialRequest): Promise<MaterialAnswer>;
}

export interface TestMaterialsOptions {
  readonly nats: Pick<NatsHandle, 'current' | 'isConnected'>;
  readonly timeoutMs?: number;
}

const texts = z.record(z.string(), z.string());
const answer = z.union([
  z.object({
    test: z.object({
      id: z.guid(),
      revision: z.int(),
      name: z.string(),
      kind: z.enum(TEST_KINDS),
      definition: z.unknown(),
    }),
    variables: texts,
    secrets: texts,
  }),
  z.object({ error: z.object({ code: z.string() }) }),
]);

/** Asked for each test when its turn comes, and kept nowhere: what the project's secrets are now, and in no event. */
export function createTestMaterials({ nats, timeoutMs = 5_000 }: TestMaterialsOptions): TestMaterials {
  return {
    async of(asked) {
      const connection = nats.current();
      if (connection === undefined || !nats.isConnected()) return 'unavailable';
      try {
        const reply = await connection.request(requests.testMaterial, JSON.stringify(asked), {
          timeout: timeoutMs,
        });
        const parsed = answer.parse(reply.json());
        if (!('error' in parsed)) return parsed;
        if (parsed.error.code === 'not_found') return 'missing';
        return parsed.error.code === 'cancelled' ? 'cancelled' : 'unavailable';
      } catch {
        // Nobody there, no answer in time, or one that is none: the api is not itself at the moment.
        return 'unavailable';
      }
    },
  };
}
