import type { Instant } from '@tocsin/kernel';
import { escapeHtml, type Message } from '@tocsin/notifying';

export interface Letter {
  readonly notificationId: string;
  readonly now: Instant;
  /** an address or `Name <address>` */
  readonly from: string;
  readonly recipients: readonly string[];
}

/** The mail of one notification: the same `Message-ID` on every attempt, so that a mailbox may drop a repeat. */
export function composeEmail(message: Message, { notificationId, now, from, recipients }: Letter) {
  const sender = parseSender(from);
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  return {
    from: sender,
    to: recipients.map((address) => ({ name: '', address })),
    envelope: { from: sender.address, to: [...recipients] },
    subject: message.title.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '),
    date: new Date(now),
    messageId: `<${notificationId}@${domain}>`,
    // Mail programs show the raise and the end of one alert as one conversation.
    references: `<alert-${message.alert.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text: textBody(message),
    html: htmlBody(message),
  };
}

// Parsed here: left to the mailer, a comma in the name would make two senders of it.
function parseSender(from: string): { name: string; address: string } {
  const [, name = '', address] = /^([^<]*)<([^<>]+)>\s*$/.exec(from) ?? [];
  return { name: name.trim(), address: (address ?? from).trim() };
}

function textBody({ text, customText, fields, link }: Message): string {
  const facts = fields.map(({ label, value }) => `${label}: ${value}`).join('\n');
  return [text, customText, facts, link].filter((part) => part !== '').join('\n\n');
}

const COLOURS: Readonly<Record<Message['severity'], string>> = {
  error: '#ef4444',
  warning: '#f59e0b',
  success: '#22c55e',
  info: '#3b82f6',
};

function htmlBody({ severity, title, text, customText, fields, link }: Message): string {
  const rows = fields.map(
    ({ label, value }) =>
      `<tr><td style="padding:2px 12px 2px 0;color:#6b7280">${escapeHtml(label)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html><html><body style="font-family:sans-serif;color:#111827">',
    `<div style="border-left:4px solid ${COLOURS[severity]};padding-left:12px">`,
    `<h2 style="margin:0 0 8px">${escapeHtml(title)}</h2>`,
    `<p>${escapeHtml(text)}</p>`,
    ...(customText === '' ? [] : [`<p style="white-space:pre-line">${escapeHtml(customText)}</p>`]),
    `<table>${rows.join('')}</table>`,
    ...(/^https?:/.test(link) ? [`<p><a href="${escapeHtml(link)}">Open in Tocsin</a></p>`] : []),
    '</div></body></html>',
  ].join('\n');
}
