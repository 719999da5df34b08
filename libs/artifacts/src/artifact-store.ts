/** Where what runs leave behind is kept, for its time. A key is `<project>/<run id>/<name>`. */
export interface ArtifactStore {
  /** Replaces what has the key. @throws when the storage cannot take it: try again */
  put(key: string, artifact: NewArtifact): Promise<void>;
  /** @returns undefined when there is none, or none any more */
  get(key: string): Promise<StoredArtifact | undefined>;
}

export interface NewArtifact {
  readonly content: { readonly path: string } | { readonly bytes: Uint8Array };
  /** MIME type */
  readonly contentType: string;
}

export interface StoredArtifact {
  /** bytes */
  readonly size: number;
  readonly contentType: string;
  /** may be read once */
  stream(): AsyncIterable<Uint8Array>;
}
