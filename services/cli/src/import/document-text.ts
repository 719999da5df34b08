import { stringify } from 'yaml';
import type { Imported } from './assemble.js';
import { countsOf, summaryOf } from './report.js';

/** The document as a file, which says at its top where it comes from and what it needs. */
export function documentText(imported: Imported, title: string): string {
  const { document, entries, environment } = imported;
  const asked = environment.map((name) => `  ${name}`);
  const head = [
    `Taken over from ${title}: ${summaryOf(document)}.`,
    `Of its fields: ${countsOf(entries)}.`,
    ...(asked.length === 0 ? [] : ['Asked of the environment:', ...asked]),
    'See what it would do: tocsin plan -f FILE',
  ];
  const comment = head.map((line) => `# ${line}\n`).join('');
  return `${comment}${stringify(document, { lineWidth: 0 })}`;
}
