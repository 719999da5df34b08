import type { Message } from '@tocsin/notifying';
import { escapeSlack, slackLink } from './mrkdwn.js';

const COLOURS = { error: '#ef4444', warning: '#f59e0b', success: '#22c55e', info: '#3b82f6' } as const;
/** of a section block */
const MAX_FIELDS = 10;
const MAX_TEXT = 3000;

/**
 * A message in Block Kit. Names, causes and addresses are plain text, so that `_` and `*` in them stay what they
 * are; the user's own words may use mrkdwn, but can call nobody.
 */
export function slackPayload(message: Message, channel: string): object {
  const title = plain(message.title, 150);
  const custom = escapeSlack(message.customText, MAX_TEXT);
  const link = slackLink(message.link, 'Open the alert');
  const fields = message.fields
    .slice(0, MAX_FIELDS)
    .map(({ label, value }) => plain(`${label}\n${value}`, 2000));
  return {
    ...(channel === '' ? {} : { channel }),
    // The notification on a phone, and what screen readers say; the blocks replace it on the page.
    text: title.text,
    // Or Slack fetches the watched address to preview it.
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: 'header', text: title }],
    attachments: [
      {
        color: COLOURS[message.severity],
        blocks: [
          { type: 'section', text: plain(message.text, MAX_TEXT) },
          ...(custom === '' ? [] : [{ type: 'section', text: mrkdwn(custom) }]),
          ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
          ...(link === '' ? [] : [{ type: 'context', elements: [mrkdwn(link)] }]),
        ],
      },
    ],
  };
}

/** Slack refuses the whole message for one blank text. */
const plain = (text: string, max: number) => ({
  type: 'plain_text',
  text: escapeSlack(text, max) || '–',
  emoji: false,
});

/** `verbatim`: names of channels and people in the text are not turned into mentions. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
