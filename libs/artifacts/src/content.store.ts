import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { NewArtifact } from './artifact-store.js';

/** Whole, which the bound of an artifact allows. Never through a link: a test that was run may have left one. */
export async function bytesOf({ content }: NewArtifact): Promise<Uint8Array> {
  if ('bytes' in content) return content.bytes;
  const file = await open(content.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
