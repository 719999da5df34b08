import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { ArtifactStore } from './artifact-store.js';
import { bytesOf } from './content.store.js';
import type { S3Settings } from './settings.js';

const PUT_MS = 60_000;
/** until the headers are there; what follows is as slow as who reads it */
const GET_MS = 10_000;
const RETRIES = 3;

/** Path-style requests with Signature Version 4, which every S3-compatible storage knows. */
export function createS3Store({ endpoint, bucket, region, accessKey, secretKey }: S3Settings): ArtifactStore {
  const client = new AwsClient({
    accessKeyId: accessKey.reveal(),
    secretAccessKey: secretKey.reveal(),
    region,
    service: 's3',
    retries: RETRIES,
  });
  const urlOf = (key: string) => `${endpoint}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

  return {
    async put(key, artifact) {
      const bytes = await bytesOf(artifact);
      const response = await client.fetch(urlOf(key), {
        method: 'PUT',
        body: bytes as Uint8Array<ArrayBuffer>,
        headers: {
          'content-type': artifact.contentType,
          // Signed too: what arrives is what was sent, or it is refused.
          'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
        },
        signal: AbortSignal.timeout(PUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw refusal('take', response.status);
    },
    async get(key) {
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(new Error('the storage does not answer')), GET_MS);
      let response: Response;
      try {
        response = await client.fetch(urlOf(key), {
          // A size that is true needs bytes as they are kept.
          headers: { 'accept-encoding': 'identity' },
          signal: giveUp.signal,
        });
      } finally {
        clearTimeout(timer);
      }
      const { body, headers, status } = response;
      if (status !== 200 || body === null) {
        await body?.cancel();
        if (status === 404) return undefined;
        throw refusal('give', status);
      }
      return {
        size: Number(headers.get('content-length')),
        contentType: headers.get('content-type') ?? 'application/octet-stream',
        stream: () => body,
      };
    },
  };
}

/** What the storage says in its body may name keys and is for its own log. */
const refusal = (verb: 'take' | 'give', status: number): Error =>
  new Error(
    `the storage does not ${verb} artifacts: it answers ${status}; look at TOCSIN_S3_* and at the rights of the access key`,
  );
