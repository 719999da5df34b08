import type { NatsHandle } from '@tocsin/service-kit';
import type { ArtifactStore } from './artifact-store.js';
import { createJetStreamStore } from './jetstream.store.js';
import { createS3Store } from './s3.store.js';
import { type ArtifactSettings, s3SettingsOf } from './settings.js';

/** Asks nobody anything before the first artifact: it is made while NATS and the storage are away. */
export function createArtifactStore(
  settings: ArtifactSettings,
  { nats }: { readonly nats: Pick<NatsHandle, 'connection' | 'isConnected'> },
): ArtifactStore {
  const s3 = s3SettingsOf(settings);
  return s3 === undefined ? createJetStreamStore(nats) : createS3Store(s3);
}
