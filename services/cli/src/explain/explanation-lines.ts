import type { AlertExplanation, ExplanationStep, NotTold, TargetExplanation } from '@tocsin/http-api';
import { printable } from '../output/printable.js';

/** A line for each link of the chain, with the event that says so below it. */
export const alertLines = ({ sentence, steps, notTold }: AlertExplanation): string =>
  [printable(sentence), '', ...steps.flatMap(stepLines), ...notToldLines(notTold)].join('\n');

export const targetLines = (told: TargetExplanation): string =>
  [
    `${printable(told.targetName)} at ${told.at}: ${told.status}`,
    printable(told.sentence),
    ...(told.exact
      ? []
      : ['Results of that time are no longer all kept: what counters stood at is not certain.']),
    '',
    ...told.steps.flatMap(stepLines),
    ...told.openAlerts.map((id) => `open alert ${id} (tocsin explain alert ${id})`),
    ...notToldLines(told.notTold),
  ].join('\n');

function stepLines({ at, what, code, sentence, eventId, stream, subject }: ExplanationStep): string[] {
  const lines = [`${at}  ${what.padEnd(8)}  ${printable(sentence)}  [${printable(code)}]`];
  if (eventId !== null)
    lines.push(`${' '.repeat(36)}${stream ?? ''} ${eventId}  ${printable(subject ?? '')}`);
  return lines;
}

const notToldLines = (notTold: readonly NotTold[]): string[] =>
  notTold.length === 0
    ? []
    : [
        '',
        'Not told:',
        ...notTold.map(
          ({ alertEvent, sentence, code }) => `  ${alertEvent}  ${printable(sentence)}  [${printable(code)}]`,
        ),
      ];
