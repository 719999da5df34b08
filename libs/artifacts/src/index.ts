export type { ArtifactStore, NewArtifact, StoredArtifact } from './artifact-store.js';
export { createArtifactStore } from './create-store.js';
export {
  type ArtifactSettings,
  artifactSettings,
  completeArtifactSettings,
  type S3Settings,
  s3SettingsOf,
} from './settings.js';
