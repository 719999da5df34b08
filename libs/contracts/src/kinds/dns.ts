import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { activeFields } from './common.js';

export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SOA', 'SRV', 'CAA', 'PTR'] as const;

const schema = z.strictObject({
  recordType: z.enum(RECORD_TYPES).default('A'),
  /** as `dig` prints record data, without quotes: `10 mail.example.com` */
  expectedValues: z.array(z.string().min(1).max(1_000)).min(1).max(50).optional(),
  /** one of the expected values is there, all of them are, or all of them and no other */
  match: z.enum(['any', 'all', 'exact']).default('any'),
  /** name server to ask instead of the system's: `ip`, `ip:port` or `[ipv6]:port` */
  resolver: z
    .string()
    .max(60)
    .refine((text) => parseResolver(text) !== undefined, 'must be an IP address, with :port if it is not 53')
    .optional(),
  ...activeFields(10),
});

export type DnsConfig = z.output<typeof schema>;

export const dnsConfig: ConfigSchema<DnsConfig> = { schema, secretPaths: () => [] };

const isIp = (text: string) => z.union([z.ipv4(), z.ipv6()]).safeParse(text).success;

/** Undefined when the text names no address and port. */
export function parseResolver(text: string): { readonly address: string; readonly port: number } | undefined {
  if (isIp(text)) return { address: text, port: 53 };
  const [, v6, v4, digits] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = v6 ?? v4;
  const port = Number(digits);
  if (address === undefined || !isIp(address) || port < 1 || port > 65_535) return undefined;
  return { address, port };
}
