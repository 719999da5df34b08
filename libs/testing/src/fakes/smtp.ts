import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { TlsKeyPair } from './serve-http.js';

export interface ReceivedMail {
  readonly at: number;
  readonly from: string;
  /** accepted recipients of the envelope */
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
  readonly raw: Buffer;
  /** the header block as it came, CRLF between lines */
  readonly rawHeaders: string;
  readonly mail: ParsedMail;
  /** false when the connection was cut before the sender heard that the mail was taken */
  readonly acknowledged: boolean;
}

export interface SmtpRefusal {
  /** 4xx or 5xx */
  readonly code: number;
  readonly message?: string;
  /** how often, e.g. 1 for greylisting; for ever unless told */
  readonly times?: number;
}

export interface SmtpFake {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Answers RCPT TO of this address with the refusal. */
  refuseRecipient(address: string, refusal: SmtpRefusal): void;
  /** Answers the message itself, after its final dot, with the refusal. */
  refuseMessage(refusal: SmtpRefusal): void;
  /** Takes the next messages, then cuts the connection instead of saying so: the sender cannot know. */
  cutAfterData(times?: number): void;
  /** Forgets refusals and cuts. */
  heal(): void;
  stop(): Promise<void>;
}

export interface SmtpOptions {
  /** no mail is taken without these */
  readonly auth?: { readonly user: string; readonly password: string };
  /** offers STARTTLS with this certificate; plain only unless told */
  readonly tls?: TlsKeyPair;
  /** TLS from the first byte */
  readonly secure?: boolean;
}

/** An SMTP server that keeps what it takes. */
export async function startSmtpFake(options: SmtpOptions = {}): Promise<SmtpFake> {
  const received: ReceivedMail[] = [];
  const recipients = new Map<string, { left: number; refusal: SmtpRefusal }>();
  let message: { left: number; refusal: SmtpRefusal } | undefined;
  let cuts = 0;
  const sockets = new Set<Socket>();

  const take = async (stream: Readable, session: SMTPServerSession, done: (error?: Error) => void) => {
    try {
      const raw = Buffer.concat(await stream.toArray());
      const refused = refusalNow(message);
      if (refused) return done(refused);
      const acknowledged = cuts === 0;
      if (!acknowledged) cuts -= 1;
      received.push(await toReceived(raw, session, acknowledged));
      if (acknowledged) return done();
      for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.resetAndDestroy();
    } catch (error) {
      done(error as Error);
    }
  };
  const server = new SMTPServer({
    ...security(options),
    disableReverseLookup: true,
    onAuth: (given, _session, done) => {
      const { user, password } = options.auth ?? {};
      if (given.username === user && given.password === password) return done(null, { user: given.username });
      return done(smtpError({ code: 535, message: 'authentication failed' }));
    },
    onRcptTo: ({ address }, _session, done) => done(refusalNow(recipients.get(address.toLowerCase()))),
    onData: (stream, session, done) => void take(stream, session, done),
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');

  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    received,
    refuseRecipient: (address, refusal) =>
      void recipients.set(address.toLowerCase(), { left: refusal.times ?? Infinity, refusal }),
    refuseMessage: (refusal) => {
      message = { left: refusal.times ?? Infinity, refusal };
    },
    cutAfterData: (times = 1) => {
      cuts += times;
    },
    heal: () => {
      recipients.clear();
      message = undefined;
      cuts = 0;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function security({ auth, tls, secure = false }: SmtpOptions): SMTPServerOptions {
  // Without a certificate of its own the server would offer STARTTLS with one that nobody can verify.
  const disabledCommands = [...(tls && !secure ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])];
  return { ...tls, secure, disabledCommands, authOptional: auth === undefined, allowInsecureAuth: true };
}

function refusalNow(rule: { left: number; refusal: SmtpRefusal } | undefined): Error | undefined {
  if (rule === undefined || rule.left === 0) return undefined;
  rule.left -= 1;
  return smtpError(rule.refusal);
}

const smtpError = ({ code, message = 'refused by the test' }: SmtpRefusal): Error =>
  Object.assign(new Error(message), { responseCode: code });

async function toReceived(
  raw: Buffer,
  session: SMTPServerSession,
  acknowledged: boolean,
): Promise<ReceivedMail> {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    at: Date.now(),
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    user: typeof session.user === 'string' ? session.user : undefined,
    secure: session.secure,
    raw,
    rawHeaders: raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '',
    mail: await simpleParser(raw),
    acknowledged,
  };
}
