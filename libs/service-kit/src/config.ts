import net from 'node:net';
import { z } from 'zod';
import { Secret } from './secret.js';

export type Environment = Record<string, string | undefined>;

/** Everything that is wrong with the environment, each line with the variable and what to do. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** A value too short to be told from an ordinary word is no secret worth the name. */
const shortestSecret = 6;

function describe(schema: z.ZodType, name: string, issue: z.core.$ZodIssue, env: Environment): string {
  const piece = schema instanceof z.ZodObject ? (schema.shape[name] as z.ZodType | undefined) : undefined;
  const wanted = piece?.description;
  const value = env[name];
  if (value === undefined && issue.code === 'invalid_type')
    return `${name} is not set${wanted === undefined ? '' : `: set it to ${wanted}`}`;
  // A refinement may quote what it was given; nothing that was given is shown.
  const message =
    value === undefined || value.length < shortestSecret
      ? issue.message
      : issue.message.replaceAll(value, '[redacted]');
  const wish = wanted === undefined || message.includes(wanted) ? '' : `; set it to ${wanted}`;
  return `${name}: ${message}${wish}`;
}

/**
 * An empty variable counts as absent: that is how compose files leave one out.
 * @throws ConfigError with every problem at once and no value in it
 */
export function parseConfig<T>(schema: z.ZodType<T>, env: Environment): T {
  const present = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()])
      .filter(([, value]) => value !== undefined && value !== ''),
  ) as Environment;
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) =>
      describe(schema, String(issue.path[0] ?? 'environment'), issue, present),
    ),
  );
}

/** One variable: `read` returns its value or throws a RangeError that says what is wrong, without the value. */
function variable<T>(wanted: string, read: (text: string) => T) {
  return z
    .string()
    .transform((text, context): T => {
      try {
        return read(text);
      } catch {
        context.addIssue({ code: 'custom', message: `not understood, set it to ${wanted}` });
        return z.NEVER;
      }
    })
    .describe(wanted);
}

const require = (condition: boolean): void => {
  if (!condition) throw new RangeError();
};
const items = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function readPort(text: string): number {
  require(/^\d{1,5}$/.test(text));
  const number = Number(text);
  require(number >= 1 && number <= 65_535);
  return number;
}

/** With a password in it as a rule, hence a Secret. */
export const natsUrl = variable('nats://user:password@host:4222, several separated by commas', (text) => {
  const urls = items(text).map((item) => new URL(item.includes('://') ? item : `nats://${item}`));
  require(urls.length > 0 && urls.every((url) => /^(nats|tls):$/.test(url.protocol) && url.hostname !== ''));
  return new Secret(text);
});

export const databaseUrl = variable('postgres://user:password@host:5432/database', (text) => {
  const url = new URL(text);
  require(/^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1);
  return new Secret(text);
});

export const secret = variable('its value, kept out of logs', (text) => new Secret(text));

export const secretList = variable('values separated by commas, kept out of logs', (text) =>
  items(text).map((item) => new Secret(item)),
);

export const port = variable('a port between 1 and 65535', readPort);

export const booleanFlag = variable('true or false', (text) => {
  const word = text.toLowerCase();
  require(/^(true|false|1|0|yes|no|on|off)$/.test(word));
  return /^(true|1|yes|on)$/.test(word);
});

function readCidr(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = net.isIP(address);
  require(family !== 0 && rest.length === 0);
  if (prefix !== undefined) require(/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
  return text;
}

export const cidrList = variable('addresses or CIDRs separated by commas, as 10.0.0.0/8,fd00::/8', (text) =>
  items(text).map(readCidr),
);

export interface Endpoint {
  host: string;
  port: number;
}

function readEndpoint(text: string): Endpoint {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):(\d+)$/i.exec(text);
  require(match !== null);
  return { host: (match?.[1] ?? '').replace(/^\[|\]$/g, ''), port: readPort(match?.[2] ?? '') };
}

export const endpointList = variable('host:port separated by commas, as nats:4222,[::1]:5432', (text) =>
  items(text).map(readEndpoint),
);

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const httpUrl = variable('http://collector:4318', (text) => {
  require(/^https?:$/.test(new URL(text).protocol));
  return text;
});

/** What every service needs; a service writes `baseConfig.extend({ … })`. */
export const baseConfig = z.object({
  NATS_URL: natsUrl,
  HTTP_PORT: port,
  HTTP_HOST: z.string().default('127.0.0.1').describe('the address to listen on'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(`one of ${LOG_LEVELS.join(', ')}`),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
});
export type BaseConfig = z.infer<typeof baseConfig>;
