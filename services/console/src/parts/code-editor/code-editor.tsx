import { Input, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import classes from './code-editor.module.css';
import type { CodeMirrorProps } from './code-mirror.js';

/** The editor is some hundred kilobytes: only who edits loads it. */
const CodeMirror = lazy(() => import('./code-mirror.js').then((module) => ({ default: module.CodeMirror })));

interface CodeEditorProps extends Omit<CodeMirrorProps, 'labelledBy'> {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
}

/** A field for code. Escape, then Tab, leaves it by the keyboard. */
export function CodeEditor({ label, help, error, ...props }: CodeEditorProps) {
  const id = useId();
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} description={help} error={error}>
      <div className={classes.frame} data-invalid={error !== undefined || undefined}>
        <Suspense fallback={<Skeleton height={360} animate={false} />}>
          <CodeMirror key={props.language} {...props} labelledBy={id} />
        </Suspense>
      </div>
    </Input.Wrapper>
  );
}
