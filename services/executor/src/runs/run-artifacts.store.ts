import { setTimeout as delay } from 'node:timers/promises';
import type { ArtifactStore } from '@tocsin/artifacts';
import { ARTIFACT_NAME } from '@tocsin/contracts';
import type { Artifact, RunDue } from '@tocsin/monitoring';
import type { Logger } from '@tocsin/service-kit';
import type { ArtifactFile } from '../tests/test-runner.js';
import { MAX_ARTIFACTS } from './run-events.js';

export interface RunArtifacts {
  /** Stores what can be stored. @param folder of the files within the run */
  store(testId: string, folder: string, files: readonly ArtifactFile[]): Promise<void>;
  /** what is stored */
  list(): readonly Artifact[];
}

export interface RunArtifactsDeps {
  readonly artifacts: Pick<ArtifactStore, 'put'>;
  readonly logger: Logger;
  /** told of what is left out, for who looks at the run */
  readonly note: (testId: string, text: string) => void;
  readonly onStored: (bytes: number) => void;
  readonly onFailed: () => void;
}

const MIB = 1024 * 1024;
const MAX_FILE = 20 * MIB;
const MAX_RUN = 60 * MIB;
/** For the files of one attempt: a storage that is away must not keep a run from ending. */
const STORE_MS = 30_000;
const AGAIN_MS = 1_000;
const TRIES = 3;

export function createRunArtifacts(
  { project, runId }: Pick<RunDue, 'project' | 'runId'>,
  deps: RunArtifactsDeps,
): RunArtifacts {
  const stored: Artifact[] = [];
  let bytes = 0;

  const problemOf = ({ size }: ArtifactFile, name: string): string | undefined => {
    if (!ARTIFACT_NAME.test(name)) return 'its name is none that an artifact may have';
    if (size > MAX_FILE) return `it is larger than ${MAX_FILE / MIB} MiB`;
    if (bytes + size > MAX_RUN) return `the run has ${MAX_RUN / MIB} MiB of artifacts already`;
    return stored.length >= MAX_ARTIFACTS ? `the run has ${MAX_ARTIFACTS} artifacts already` : undefined;
  };

  async function put(name: string, file: ArtifactFile, until: number): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await within(until, deps.artifacts.put(`${project}/${runId}/${name}`, file));
        return true;
      } catch (error) {
        if (attempt < TRIES && performance.now() + AGAIN_MS < until) {
          await delay(AGAIN_MS);
          continue;
        }
        deps.onFailed();
        deps.logger.warn({ err: error, runId, artifact: name }, 'an artifact cannot be stored');
        return false;
      }
    }
  }

  return {
    async store(testId, folder, files) {
      const until = performance.now() + STORE_MS;
      for (const file of files) {
        const name = `${folder}/${file.name}`;
        const problem = problemOf(file, name);
        if (problem !== undefined) {
          deps.note(testId, `${file.name} is not kept: ${problem}`);
          continue;
        }
        if (!(await put(name, file, until))) {
          deps.note(testId, `${file.name} and what follows it are not kept: the storage does not take them`);
          return;
        }
        bytes += file.size;
        deps.onStored(file.size);
        stored.push({ name, kind: file.kind, testId, contentType: file.contentType, size: file.size });
      }
    },
    list: () => stored,
  };
}

async function within(until: number, putting: Promise<void>): Promise<void> {
  const giveUp = new AbortController();
  const late = delay(Math.max(0, until - performance.now()), undefined, { signal: giveUp.signal }).then(
    () => {
      throw new Error('the storage takes too long');
    },
  );
  try {
    await Promise.race([putting, late]);
  } finally {
    giveUp.abort();
  }
}
