import type { AuditEntry } from '@tocsin/http-api';
import { words } from '../../parts/amounts.js';
import { Diff } from '../../parts/diff/diff.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import classes from './settings-audit.module.css';

const ACTORS = { user: '', token: 'token', key: 'key', system: 'Tocsin itself' } as const;

/** One change, and what it was when it is opened. */
export function Entry({ entry }: { readonly entry: AuditEntry }) {
  const { at, actor, network, kind, action, entityId, entityName, before, after } = entry;
  return (
    <li className={classes.entry}>
      <details>
        <summary className={classes.summary}>
          <span className={classes.when}>
            <Instant at={at} />
          </span>
          <span className={classes.what}>
            <strong>{actor.name || ACTORS[actor.kind]}</strong>
            {actor.kind === 'token' || actor.kind === 'key' ? ` (${ACTORS[actor.kind]})` : ''} {words(action)}{' '}
            {words(kind)} <strong>{entityName ?? entityId}</strong>
          </span>
          {actor.cause !== undefined && <span className={classes.network}>{actor.cause}</span>}
          {network !== null && <span className={classes.network}>from {network}</span>}
        </summary>
        <div className={classes.body}>
          <Diff before={before ?? undefined} after={after ?? undefined} />
          <p className={classes.more}>
            <TextLink to="/settings/audit" search={{ entity: entityId }} size="sm">
              All changes of it
            </TextLink>
            <TextLink to="/settings/audit" search={{ who: actor.name || actor.id }} size="sm">
              All changes by {actor.name || actor.id}
            </TextLink>
            <EntityLink entry={entry} />
          </p>
        </div>
      </details>
    </li>
  );
}

const PAGES = {
  monitor: '/monitors/$id',
  job: '/jobs/$id',
  test: '/tests/$id',
  provider: '/providers/$id',
  run: '/runs/$id',
} as const;

function EntityLink({ entry: { kind, action, entityId } }: { readonly entry: AuditEntry }) {
  if (action === 'deleted' || !Object.hasOwn(PAGES, kind)) return null;
  return (
    <TextLink to={PAGES[kind as keyof typeof PAGES]} params={{ id: entityId }} size="sm">
      Open the {kind}
    </TextLink>
  );
}
