import type { JsonValue } from '@tocsin/kernel';
import { plural } from '../amounts.js';
import classes from './diff.module.css';
import { type Difference, differences, valueText } from './differences.js';
import { type DiffLine, hunks, lineDiff } from './line-diff.js';

interface DiffProps {
  /** undefined or null: there was nothing before */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** Two documents, and only what is not the same in them. */
export function Diff({ before, after }: DiffProps) {
  const all = differences(before ?? {}, after ?? {});
  if (all.length === 0) return <p className={classes.none}>Nothing that is shown here changed.</p>;
  return (
    <dl className={classes.diff}>
      {all.map((difference) => (
        <div key={difference.path} className={classes.entry}>
          <dt className={classes.path}>{difference.path}</dt>
          <dd className={classes.values}>
            <Values difference={difference} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Values({ difference: { before, after } }: { readonly difference: Difference }) {
  const isText = typeof before === 'string' && typeof after === 'string' && (before + after).includes('\n');
  if (isText) return <Lines lines={lineDiff(before, after)} />;
  return (
    <>
      {before !== undefined && <Line sign="-" text={valueText(before)} />}
      {after !== undefined && <Line sign="+" text={valueText(after)} />}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly DiffLine[] }) {
  return hunks(lines).map((hunk) =>
    'skipped' in hunk ? (
      <span key={hunk.at} className={classes.skipped}>
        {plural(hunk.skipped, 'unchanged line')}
      </span>
    ) : (
      hunk.map(({ sign, text, at }) => <Line key={at} sign={sign} text={text} />)
    ),
  );
}

const SIGNS = { '-': ['removed', classes.gone], '+': ['added', classes.come], ' ': ['', ''] } as const;

function Line({ sign, text }: DiffLine) {
  const [word, look] = SIGNS[sign];
  return (
    <span className={`${classes.line} ${look}`}>
      <span aria-hidden>{sign === '-' ? '−' : sign}</span>
      <span>
        {word !== '' && <span className="visually-hidden">{word}: </span>}
        {text === '' ? ' ' : text}
      </span>
    </span>
  );
}
