import { callbackify } from 'node:util';
import { type EmailConfig, emailList } from '@tocsin/contracts';
import type { Egress } from '@tocsin/egress';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';
import type { Provider, SmtpDefaults } from '../provider.js';
import { composeEmail } from './compose-email.js';
import { acceptedOutcome, smtpFailure } from './smtp-outcome.js';

/** A mail to every address of a list, through the provider's own mail server or the installation's. */
export const email: Provider<EmailConfig> = {
  kind: 'email',
  rate: { perSecond: 2, burst: 10 },
  async send(message, config, context) {
    const smtp = config.smtp ?? context.smtp;
    if (smtp === undefined) return NOT_CONFIGURED;
    const { notificationId, now, timeoutMs, egress } = context;
    const recipients = emailList(config.emails);
    const transport = createTransport(transportOptions(smtp, timeoutMs, egress));
    try {
      const mail = composeEmail(message, { notificationId, now, from: smtp.from, recipients });
      const info = await transport.sendMail({ ...mail, signal: AbortSignal.timeout(timeoutMs) });
      return acceptedOutcome(info, [smtp.password]);
    } catch (error) {
      return smtpFailure(error, [smtp.password]);
    } finally {
      transport.close();
    }
  },
};

function transportOptions(
  { host, port, secure, user, password }: SmtpDefaults,
  timeoutMs: number,
  egress: Egress,
): SMTPTransportOptions {
  const connect = callbackify(async () => ({
    connection: (await egress.connect({ host, port, timeoutMs })).socket,
  }));
  return {
    host,
    port,
    secure,
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxResponseSize: 16_384,
    disableFileAccess: true,
    disableUrlAccess: true,
    // The mailer opens no connection of its own: the address policy holds for mail servers too.
    getSocket: (_options, done) => connect(done),
  };
}

const NOT_CONFIGURED = {
  result: 'permanent',
  reason: 'smtp_not_configured',
  answer: {
    status: 0,
    excerpt: 'no mail server: give this provider SMTP settings or set the SMTP_… variables of the notifier',
  },
} as const;
