import type { Message } from '@tocsin/notifying';
import { escapeDiscord } from './discord-markdown.js';

const COLOURS = { error: 0xef4444, warning: 0xf59e0b, success: 0x22c55e, info: 0x3b82f6 } as const;
const MAX_FIELDS = 25;
/** UTF-16 units over title, description and fields of all embeds */
const MAX_TOTAL = 6000;

/** A message as one embed that can call nobody. */
export function discordPayload(message: Message): object {
  const title = escapeDiscord(message.title, 256) || 'Alert';
  const description = [escapeDiscord(message.text, 1500), escapeDiscord(message.customText, 2000)]
    .filter((part) => part !== '')
    .join('\n\n');
  return {
    embeds: [
      {
        title,
        color: COLOURS[message.severity],
        timestamp: message.alert.resolvedAt ?? message.alert.raisedAt,
        ...(/^https?:/.test(message.link) && URL.canParse(message.link)
          ? { url: new URL(message.link).href }
          : {}),
        ...(description === '' ? {} : { description }),
        fields: fieldsWithin(MAX_TOTAL - title.length - description.length, message.fields),
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

function fieldsWithin(budget: number, fields: Message['fields']): object[] {
  const kept: object[] = [];
  let left = budget;
  for (const { label, value } of fields.slice(0, MAX_FIELDS)) {
    // Discord refuses the whole message for one blank text.
    const field = { name: escapeDiscord(label, 100) || '–', value: escapeDiscord(value, 500) || '–' };
    left -= field.name.length + field.value.length;
    if (left < 0) break;
    kept.push({ ...field, inline: field.value.length <= 40 });
  }
  return kept;
}
