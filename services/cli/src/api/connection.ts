import { CommandError } from '../errors.js';

export const DEFAULT_URL = 'http://127.0.0.1:3000';
/** Where `npm start` leaves the first token of the installation in the folder it was called in. */
const LOCAL_TOKEN_FILE = '.tocsin/token';

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly tokenFile?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws CommandError when it is no http address */
export function apiUrl({ url }: ConnectionOptions, env: Environment): string {
  const text = url ?? env.TOCSIN_URL ?? DEFAULT_URL;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new CommandError(`"${text}" is no address of an api: give one like https://tocsin.example`);
  return text.replace(/\/+$/, '');
}

/** A token is not taken as an option: everybody on the machine could read it in the list of processes. */
export function apiToken(
  { tokenFile }: ConnectionOptions,
  env: Environment,
  read: (path: string) => string | undefined,
): string {
  if (tokenFile !== undefined) {
    const text = read(tokenFile);
    if (text === undefined) throw new CommandError(`cannot read the token file ${tokenFile}`);
    return text.trim();
  }
  const text = env.TOCSIN_TOKEN ?? read(env.TOCSIN_TOKEN_FILE ?? LOCAL_TOKEN_FILE);
  if (text === undefined || text.trim() === '')
    throw new CommandError(
      'no token: set TOCSIN_TOKEN, or name a file with --token-file; tokens are made in the console under Settings',
    );
  return text.trim();
}
