import { Button, Code, Text } from '@mantine/core';
import type { RunDetail } from '@tocsin/http-api';
import { Download, ExternalLink } from 'lucide-react';
import { sizeText } from '../../parts/amounts.js';
import classes from './run.module.css';

type Artifact = RunDetail['artifacts'][number];

const fileOf = (name: string): string => name.split('/').at(-1) ?? name;
const WORDS: Record<Artifact['kind'], string> = {
  report: 'Open report',
  trace: 'Trace',
  screenshot: 'Screenshot',
  video: 'Video',
  console: 'Console',
  other: 'File',
};

const isPicture = ({ kind, contentType }: Artifact): boolean =>
  kind === 'screenshot' && contentType.startsWith('image/');
/** What a browser shows by itself; the rest is saved. */
const opens = ({ kind, contentType }: Artifact): boolean =>
  kind === 'report' || /^(?:video\/webm|text\/plain)\b/.test(contentType);

/** Screenshots to look at, everything else to open or save. */
export function ArtifactList({ artifacts }: { readonly artifacts: readonly Artifact[] }) {
  const pictures = artifacts.filter((artifact) => isPicture(artifact));
  const files = artifacts.filter((artifact) => !isPicture(artifact));
  return (
    <>
      {pictures.length > 0 && (
        <div className={classes.shots}>
          {pictures.map(({ name, url }) => (
            <a key={name} href={url} target="_blank" rel="noopener noreferrer" className={classes.shot}>
              <img src={url} alt="" loading="lazy" decoding="async" />
              <span>{fileOf(name)}</span>
              <span className="visually-hidden"> (screenshot, opens in a new tab)</span>
            </a>
          ))}
        </div>
      )}
      {files.length > 0 && (
        <div className={classes.files}>
          {files.map((artifact) => (
            <File key={artifact.name} artifact={artifact} />
          ))}
        </div>
      )}
      {files.some(({ kind }) => kind === 'trace') && (
        <Text size="sm" c="dimmed" mt="xs">
          A trace shows each step with the page as it was: save it, then{' '}
          <Code>npx playwright show-trace trace.zip</Code>, or drop it on trace.playwright.dev, which reads it
          in your browser.
        </Text>
      )}
    </>
  );
}

function File({ artifact }: { readonly artifact: Artifact }) {
  const { name, kind, size, url } = artifact;
  const isOpened = opens(artifact);
  const Icon = isOpened ? ExternalLink : Download;
  return (
    <Button
      component="a"
      variant="default"
      href={url}
      title={name}
      leftSection={<Icon size={14} aria-hidden />}
      {...(isOpened ? { target: '_blank', rel: 'noopener noreferrer' } : { download: fileOf(name) })}
    >
      {kind === 'other' ? fileOf(name) : WORDS[kind]}
      <Text component="span" size="xs" c="dimmed" ml={6}>
        {sizeText(size)}
      </Text>
      {isOpened && <span className="visually-hidden"> (opens in a new tab)</span>}
    </Button>
  );
}
