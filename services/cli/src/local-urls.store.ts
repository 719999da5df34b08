import { readFileSync } from 'node:fs';

export interface ServerUrls {
  readonly natsUrl: string;
  readonly databaseUrl: string;
}

/** What `npm start` left in a file of its data folder; nothing where there is none. */
export function localUrls(file: string): Partial<ServerUrls> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<ServerUrls>;
  } catch {
    return {};
  }
}
