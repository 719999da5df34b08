import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export interface LocalSecrets {
  /** 32 bytes in base64, wraps the keys of the providers' secrets; without it those cannot be read again */
  secretKey: string;
  natsAdmin: string;
  /** password by service */
  nats: Record<string, string>;
  postgresAdmin: string;
  postgres: Record<string, string>;
}

const password = () => randomBytes(24).toString('base64url');
const passwords = (names: string[], known: Record<string, string> = {}) =>
  Object.fromEntries(names.map((name) => [name, known[name] ?? password()]));

/** Keeps what is there and adds what a newer version needs. */
function complete(
  known: Partial<LocalSecrets>,
  names: string[],
  secretKey: string | undefined,
): LocalSecrets {
  return {
    secretKey: secretKey ?? known.secretKey ?? randomBytes(32).toString('base64'),
    natsAdmin: known.natsAdmin ?? password(),
    nats: passwords(names, known.nats),
    postgresAdmin: known.postgresAdmin ?? password(),
    postgres: passwords(names, known.postgres),
  };
}

/** The secrets of this data folder, made on the first start. `secretKey` is the operator's own, if there is one. */
export function loadSecrets(dataDir: string, names: string[], secretKey: string | undefined): LocalSecrets {
  const file = path.join(dataDir, 'secrets.json');
  let text: string | undefined;
  if (existsSync(file)) text = readFileSync(file, 'utf8');
  else if (existsSync(path.join(dataDir, 'postgres', 'data')))
    throw new Error(
      `${file} is gone, and with it the key to the stored secrets: put it back from a backup, or remove ${dataDir} to begin anew`,
    );
  let known: Partial<LocalSecrets>;
  try {
    known = JSON.parse(text ?? '{}') as Partial<LocalSecrets>;
  } catch (cause) {
    throw new Error(`${file} is damaged: put it back from a backup`, { cause });
  }
  const secrets = complete(known, names, secretKey);
  const wanted = `${JSON.stringify(secrets, undefined, 2)}\n`;
  if (wanted === text) chmodSync(file, 0o600);
  else writeDurably(file, wanted);
  return secrets;
}

/**
 * Where the servers are today and who may what there: `auditor` reads the log, for `tocsin verify`; `operator` may do
 * everything, for `tocsin replay`, and tells nobody more than the secrets beside it.
 */
export function keepUrls(
  dataDir: string,
  who: 'auditor' | 'operator',
  urls: { natsUrl: string; databaseUrl: string },
): void {
  writeDurably(path.join(dataDir, `${who}.json`), `${JSON.stringify(urls, undefined, 2)}\n`);
}

/** On disk under its name or not at all: half a secrets file would cost the whole data folder. */
function writeDurably(file: string, text: string): void {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}
