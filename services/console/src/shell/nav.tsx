import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queryOf } from '../api/queries.js';
import { mayAs, useUser } from '../session/session.js';
import classes from './nav.module.css';
import { NAV, type NavEntry, SETTINGS } from './nav-entries.js';

const MOST_COUNTED = 200;
export const openAlertsQuery = queryOf('listAlerts', { query: { state: 'open', limit: MOST_COUNTED } });

function Entries({ entries, onGo }: { readonly entries: readonly NavEntry[]; readonly onGo: () => void }) {
  const role = useUser()?.role;
  const { data } = useQuery(openAlertsQuery);
  const open = data?.items.length ?? 0;
  return (
    <ul className={classes.list}>
      {entries
        .filter((entry) => entry.role === undefined || mayAs(role, entry.role))
        .map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className={classes.link}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              onClick={onGo}
            >
              <Icon size={16} aria-hidden />
              {label}
              {to === '/alerts' && open > 0 && (
                <span className={classes.count}>
                  {open === MOST_COUNTED ? `${open}+` : open}
                  <span className="visually-hidden"> open</span>
                </span>
              )}
            </Link>
          </li>
        ))}
    </ul>
  );
}

export function Nav({ onGo }: { readonly onGo: () => void }) {
  return (
    <>
      <Entries entries={NAV} onGo={onGo} />
      <p className={classes.heading}>Settings</p>
      <Entries entries={SETTINGS} onGo={onGo} />
    </>
  );
}
