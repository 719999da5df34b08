import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import { colours, look } from './look.js';

export interface CodeProblem {
  /** counted in characters of the text */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export interface CodeMirrorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** of the editor for good: another one wants another `key` */
  readonly language: 'typescript' | 'json';
  readonly readOnly?: boolean;
  /** underlined where they are */
  readonly problems?: readonly CodeProblem[];
  readonly labelledBy: string;
}

const NONE: readonly CodeProblem[] = [];

export function CodeMirror({
  value,
  onChange,
  language,
  readOnly = false,
  problems = NONE,
  labelledBy,
}: CodeMirrorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const locked = useRef(new Compartment());
  const told = useEffectEvent((text: string) => onChange(text));
  const start = useEffectEvent(
    (): Extension => [
      extensions(language),
      locked.current.of(lock(readOnly)),
      EditorView.contentAttributes.of({ 'aria-labelledby': labelledBy }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) told(state.doc.toString());
      }),
    ],
  );
  const startText = useEffectEvent(() => value);

  useEffect(() => {
    if (place.current === null) return undefined;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: startText(), extensions: start() }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = undefined;
    };
  }, []);

  useEffect(() => {
    const current = view.current;
    // Only what came from elsewhere: what is typed is there already.
    if (current === undefined || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(lock(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const current = view.current;
    if (current === undefined) return;
    const end = current.state.doc.length;
    const diagnostics = problems.map(
      ({ from, to, message }): Diagnostic => ({
        from: Math.min(from, end),
        to: Math.min(to, end),
        severity: 'error',
        message,
      }),
    );
    current.dispatch(setDiagnostics(current.state, diagnostics));
  }, [problems]);

  return <div ref={place} />;
}

const lock = (readOnly: boolean): Extension => [EditorState.readOnly.of(readOnly)];

const extensions = (language: CodeMirrorProps['language']): Extension => [
  lineNumbers(),
  foldGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightSelectionMatches(),
  search({ top: true }),
  lintGutter(),
  syntaxHighlighting(colours),
  look,
  EditorView.lineWrapping,
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
  language === 'json' ? json() : javascript({ typescript: true }),
];
