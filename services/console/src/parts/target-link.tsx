import type { AlertItem } from '@tocsin/http-api';
import { TextLink } from './links.js';

type TargetLinkProps = Pick<AlertItem, 'targetId' | 'targetKind' | 'targetName'>;

/** To the monitor or job something is about. */
export function TargetLink({ targetId: id, targetKind, targetName }: TargetLinkProps) {
  const to = targetKind === 'job' ? '/jobs/$id' : '/monitors/$id';
  return (
    <TextLink to={to} params={{ id }}>
      {targetName}
    </TextLink>
  );
}
