import { type Difference, type Judgement, type Verified, type VerifiedFile, whereIs } from '@tocsin/audit';
import { printable } from '../output/printable.js';

const SHOWN_DIFFERENCES = 20;
const SHOWN_CHARACTERS = 200;

/** A difference in a few lines. */
function differenceText(difference: Difference): string {
  const { kind, field, expected, found, sentence } = difference;
  const lines = [`${kind.toUpperCase()}  ${whereIs(difference)}`, `  ${sentence}`];
  if (field !== undefined && field !== '') lines.push(`  field     ${field}`);
  if (expected !== undefined) lines.push(`  expected  ${short(expected)}`);
  if (found !== undefined) lines.push(`  found     ${short(found)}`);
  return lines.map(printable).join('\n');
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function differencesText(differences: readonly Difference[]): string {
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map(differenceText);
  const more = differences.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more; --json has them all`] : [])].join('\n\n');
}

function judgementLine(judgement: Judgement): string {
  const { reDecided, byEvidence, notJudged, undecided, reasons } = judgement;
  const why = Object.entries(reasons).map(([reason, count]) => `${reason.replaceAll('_', ' ')}: ${count}`);
  return [
    `decisions   ${reDecided} alert events decided again, ${byEvidence} judged by their evidence`,
    notJudged === 0 ? '' : `, ${notJudged} not judged (${why.join(', ')})`,
    undecided === 0 ? '' : `; ${undecided} results not decided yet`,
  ].join('');
}

export function verifiedText({ streams, results, judgement, notes, differences }: Verified): string {
  const lines = streams.map(({ stream, rows, messages, waiting, repeated }) =>
    [
      `${stream.padEnd(11)} ${rows} events in the table`,
      messages === undefined ? '' : `, ${messages} in the stream`,
      waiting === 0 ? '' : `, ${waiting} not published yet`,
      repeated === undefined || repeated === 0 ? '' : `, ${repeated} repeated`,
    ].join(''),
  );
  lines.push(`RESULTS     ${results} events`, judgementLine(judgement));
  return [...lines, ...notes.map((note) => `note        ${note}`), verdict(differences)].join('\n');
}

export function verifiedFileText(file: VerifiedFile, differences: readonly Difference[]): string {
  return [
    `export      of ${printable(file.madeAt)}: ${file.events} events of ${file.streams.join(', ')}`,
    judgementLine(file.judgement),
    verdict(differences),
  ].join('\n');
}

const verdict = (differences: readonly Difference[]): string =>
  differences.length === 0
    ? 'everything is as it was written'
    : `\n${differencesText(differences)}\n\nthe first difference: ${differences[0]?.sentence ?? ''}`;
