import { isDeepStrictEqual } from 'node:util';
import {
  JetStreamApiError,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';

export interface StreamOptions {
  locations: string[];
  /** undefined: as they are, one for a new stream */
  replicas: number | undefined;
  maxBytesScale: number;
  /** how long what runs leave behind is kept */
  artifactDays: number;
}

export const MIB = 1024 ** 2;
const streamNotFound = 10_059;

export const hasCode = (error: unknown, ...codes: number[]) =>
  error instanceof JetStreamApiError && codes.includes(error.code);

/** An update that changes nothing is not made: a server (2.14) forgets over it when the stream was created. */
export const isAsWanted = (found: StreamConfig, wanted: Partial<StreamConfig>): boolean =>
  Object.entries(wanted).every(([key, value]) =>
    isDeepStrictEqual(found[key as keyof StreamConfig] ?? false, value),
  );

export async function findStream(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (hasCode(error, streamNotFound)) return undefined;
    throw error;
  }
}

/** For streams that hold no events of ours: made, or brought to what is wanted. */
export async function ensureConfig(
  jsm: JetStreamManager,
  wanted: Partial<StreamConfig> & { name: string },
): Promise<void> {
  const found = await findStream(jsm, wanted.name);
  if (found === undefined) await jsm.streams.add(wanted);
  else if (!isAsWanted(found.config, wanted)) await jsm.streams.update(wanted.name, wanted);
}
