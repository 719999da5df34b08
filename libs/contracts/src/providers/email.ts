import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';

// HTML's own pattern: it lets `root@localhost` through, which a mail server in the house is fine with, and lets no
// space, comma, angle bracket or line break into a header.
const address = z.string().max(254).regex(z.regexes.html5Email, 'must be an e-mail address');

const DISPLAY_FORM = /^[^<>"\p{Cc}]{0,100}<([^<>]+)>$/u;

const sender = z
  .string()
  .max(320)
  .refine(
    (text) => address.safeParse(DISPLAY_FORM.exec(text)?.[1] ?? text).success,
    'must be an address or `Name <address>`',
  );

const schema = z.strictObject({
  /** comma-separated addresses */
  emails: z
    .string()
    .max(500)
    .refine((list) => emailList(list).length > 0, 'at least one address is needed')
    .refine(
      (list) => emailList(list).every((entry) => address.safeParse(entry).success),
      'must be e-mail addresses separated by commas',
    ),
  /** absent: the installation's own mail server */
  smtp: z
    .strictObject({
      host: z
        .string()
        .max(253)
        .regex(/^[\w.:-]+$/, 'must be a host name or address'),
      port: z.int().min(1).max(65_535),
      /** TLS from the first byte; otherwise STARTTLS where the server offers it */
      secure: z.boolean(),
      user: z.string().max(255),
      password: z.string().max(500),
      from: sender,
    })
    .optional(),
});

export type EmailConfig = z.output<typeof schema>;

export const emailConfig: ConfigSchema<EmailConfig> = {
  schema,
  secretPaths: (config) => (config.smtp === undefined ? [] : [['smtp', 'password']]),
};

/** The recipients, each once, in the order they were written. */
export function emailList(emails: string): readonly string[] {
  const entries = emails.split(',').map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ''))];
}
