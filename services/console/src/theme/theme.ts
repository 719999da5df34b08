import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from '@mantine/core';

const signal: MantineColorsTuple = [
  '#edf2ff',
  '#dbe4fd',
  '#b7c7f8',
  '#90a8f2',
  '#6f8eec',
  '#4f74e3',
  '#2f5bd8',
  '#274db9',
  '#203f98',
  '#193277',
];

const dark: MantineColorsTuple = [
  '#dde0e5',
  '#c3c8d0',
  '#a0a7b2',
  '#7d8591',
  '#3a4049',
  '#31363e',
  '#24282f',
  '#1a1d22',
  '#14161a',
  '#0f1114',
];

/** Calm and dense: system fonts, small steps, one colour besides those that mean something. */
export const theme = createTheme({
  colors: { signal, dark },
  primaryColor: 'signal',
  primaryShade: { light: 6, dark: 5 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } },
  },
});

const ours = {
  '--mantine-color-dimmed': 'var(--quiet)',
  '--mantine-color-placeholder': 'var(--quiet)',
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-default-border': 'var(--edge)',
};

/** Mantine's greys are too pale for text on our page. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });

/** The name is also in public/first-paint.js. */
export const colours = localStorageColorSchemeManager({ key: 'tocsin-colours' });
