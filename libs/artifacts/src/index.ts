export type { ArtifactStore, NewArtifact, StoredArtifact } from './artifact-store.js';
