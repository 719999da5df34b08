import type { Message } from '@tocsin/notifying';

const STYLES = { error: 'attention', warning: 'warning', success: 'good', info: 'accent' } as const;
/** Together with the lengths below a card stays under Teams' 28 KB, in any script. */
const MAX_FIELDS = 15;
const MAX_LINES = 20;

/**
 * A message as an Adaptive Card 1.4 in the envelope that Workflows take. All text stands in `TextRun`s: Teams reads
 * Markdown in a `TextBlock` and in a `FactSet`, and has no escape for it that every client understands.
 */
export function teamsCard(message: Message): object {
  const lines = [...linesOf(message.text, 1000), ...linesOf(message.customText, 1500)];
  const facts = message.fields.slice(0, MAX_FIELDS).map(({ label, value }) => ({
    type: 'RichTextBlock',
    spacing: 'None',
    inlines: [
      run(`${literal(label, 60)}: `, { weight: 'Bolder' }),
      run(literal(value, 200) || '–', { isSubtle: true }),
    ],
  }));
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'Container',
              style: STYLES[message.severity],
              bleed: true,
              items: [paragraph(literal(message.title, 200) || 'Alert', { size: 'Large', weight: 'Bolder' })],
            },
            ...lines.map((line) => paragraph(line)),
            ...(facts.length === 0 ? [] : [{ type: 'Container', separator: true, items: facts }]),
          ],
          actions: openUrl(message.link),
        },
      },
    ],
  };
}

const run = (text: string, look: object = {}) => ({ type: 'TextRun', text, ...look });

const paragraph = (text: string, look: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [run(text, look)],
});

const openUrl = (link: string) =>
  /^https?:/.test(link) && URL.canParse(link)
    ? [{ type: 'Action.OpenUrl', title: 'Open the alert', url: new URL(link).href }]
    : [];

/** A run shows no line breaks: every line is a paragraph of its own. */
const linesOf = (text: string, max: number): string[] =>
  cut(text, max)
    .split(/[\r\n]+/)
    .map(clean)
    .filter((line) => line !== '')
    .slice(0, MAX_LINES);

const literal = (text: string, max: number): string => cut(clean(text), max);

const clean = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

/** @param max UTF-16 units; a cut falls between characters */
function cut(text: string, max: number): string {
  const whole = text.toWellFormed();
  return whole.length <= max ? whole : `${whole.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
