import { startS3Fake } from '@tocsin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunWorld, type RunWorld, SECRET } from './runs.fixture.js';

let world: RunWorld;
beforeAll(async () => {
  world = await createRunWorld();
});
afterAll(() => world.close());

it('artifacts are kept in S3-compatible storage when that is set', async () => {
  const identity = { accessKey: 'AKIAEXAMPLE', secretKey: 's3cret-0f-the-storage', region: 'eu-central-1' };
  const storage = await startS3Fake(identity);
  const { metrics } = await world.start({
    TOCSIN_S3_ENDPOINT: storage.url,
    TOCSIN_S3_BUCKET: 'artifacts',
    TOCSIN_S3_REGION: identity.region,
    TOCSIN_S3_ACCESS_KEY: identity.accessKey,
    TOCSIN_S3_SECRET_KEY: identity.secretKey,
  });
  const due = await world.publishDue([world.scenario('one')]);
  const run = await world.waitForEnd(due);
  const [kept] = run.artifacts;
  const object = storage.objects.get(`artifacts/default/${due.runId}/${kept?.name}`);
  expect(object?.body).toHaveLength(kept?.size ?? -1);
  expect(object?.body.toString()).not.toContain(SECRET);
  expect(await world.artifact(due, kept?.name ?? '')).toBeUndefined();
  expect(await metrics()).toMatch(/tocsin_artifact_bytes_total\{.*\} [1-9]/);

  storage.failNext(1_000);
  const unkept = await world.publishDue([world.scenario('one')]);
  expect(await world.waitForEnd(unkept)).toMatchObject({ status: 'passed', artifacts: [] });
  await storage.stop();
});
