import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The colours of the console, which follow its light and dark by themselves. */
export const look = EditorView.theme({
  '&': { fontSize: '0.8125rem', color: 'inherit', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.6',
    minHeight: '240px',
    maxHeight: '62vh',
  },
  '.cm-content': { caretColor: 'currentColor' },
  '.cm-cursor': { borderLeftColor: 'currentColor' },
  '.cm-gutters': {
    color: 'var(--quiet)',
    backgroundColor: 'var(--page)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--info-tint) 50%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--info-tint)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--info-fill) 30%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--warn-tint)' },
  '.cm-tooltip, .cm-panels': {
    color: 'inherit',
    backgroundColor: 'var(--surface)',
    borderColor: 'var(--line)',
  },
  '.cm-foldPlaceholder': { color: 'var(--quiet)', backgroundColor: 'var(--calm-tint)', border: 'none' },
});

export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--info)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--warn)' },
  { tag: [tags.comment, tags.meta], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--info)' },
  { tag: [tags.typeName, tags.className], color: 'var(--warn)' },
  { tag: tags.propertyName, color: 'light-dark(#6b3fa0, #c9a6f5)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);
