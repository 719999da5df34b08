import path from 'node:path';

export interface Settings {
  dataDir: string;
  port: number;
  /** of the bundled NATS, where its subscribers look for it; undefined: any that is free, or 4222 if there are some */
  natsPort: number | undefined;
  /** servers of the operator's own, used by everything instead of the bundled ones */
  natsUrl: string | undefined;
  databaseUrl: string | undefined;
  /** what the services write to their log files */
  logLevel: string;
  /** what of it appears on the console */
  consoleLevel: string;
}

const filled = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text);

/** @throws with every problem at once */
export function parseSettings(env: NodeJS.ProcessEnv, cwd: string): Settings {
  const problems: string[] = [];
  const portOf = (name: 'TOCSIN_PORT' | 'TOCSIN_NATS_PORT') => {
    const text = filled(env[name]);
    const port = text === undefined ? undefined : Number(text);
    if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535))
      problems.push(`${name} is not a port: "${text ?? ''}"`);
    return port;
  };
  const port = portOf('TOCSIN_PORT') ?? 3000;
  const natsPort = portOf('TOCSIN_NATS_PORT');
  const url = (name: 'NATS_URL' | 'DATABASE_URL', protocols: string[]) => {
    const text = filled(env[name]);
    const wrong = text
      ?.split(',')
      .some((one) => !URL.canParse(one.trim()) || !protocols.includes(new URL(one.trim()).protocol));
    if (wrong) problems.push(`${name} is not a URL that starts with ${protocols.join('// or ')}//`);
    return text;
  };
  const natsUrl = url('NATS_URL', ['nats:', 'tls:']);
  const databaseUrl = url('DATABASE_URL', ['postgres:', 'postgresql:']);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const level = filled(env.LOG_LEVEL)?.toLowerCase();
  return {
    dataDir: path.resolve(cwd, filled(env.TOCSIN_DATA_DIR) ?? '.tocsin'),
    port,
    natsPort,
    natsUrl,
    databaseUrl,
    logLevel: level ?? 'info',
    consoleLevel: level ?? 'warn',
  };
}
