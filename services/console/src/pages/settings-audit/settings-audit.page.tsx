import { Button, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, History } from 'lucide-react';
import { addressOf } from '../../api/address.js';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { AuditFilters } from './audit-filters.js';
import { auditQueryOf } from './audit-query.js';
import { Entry } from './entry.js';
import classes from './settings-audit.module.css';

const route = getRouteApi('/in/settings/audit');

/** Who changed what, when and from where. */
export function Audit() {
  const isAdmin = useMay('admin');
  const search = route.useSearch();
  const trail = useInfiniteQuery({
    ...pagesOf('listAudit', { query: { ...auditQueryOf(search), limit: 50 } }),
    enabled: isAdmin,
    placeholderData: (before) => before,
  });
  const entries = trail.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(search).length > 0;

  return (
    <>
      <PageHeader
        title="Audit trail"
        about="Who changed what, when, and from where. Secrets are never in it."
        actions={
          isAdmin && (
            <Button
              component="a"
              variant="default"
              leftSection={<Download size={16} aria-hidden />}
              href={addressOf('/audit/export', {}, auditQueryOf(search))}
              download="audit.jsonl"
            >
              Export
            </Button>
          )
        }
      />
      {!isAdmin && <Text c="dimmed">The audit trail is for administrators to read.</Text>}
      {isAdmin && <AuditFilters />}
      {isAdmin && trail.isPending && <Waiting rows={8} height={40} />}
      {trail.isError && <Problem error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isSuccess && entries.length === 0 && (
        <Empty
          icon={History}
          title={isFiltered ? 'No change is like this' : 'Nothing was changed yet'}
          action={isFiltered && <TextLink to="/settings/audit">Show all changes</TextLink>}
        >
          {isFiltered
            ? 'Fewer filters, or a longer time, may find some.'
            : 'Every change of a monitor, job, test, provider, variable, user or token is kept here.'}
        </Empty>
      )}
      {entries.length > 0 && (
        <ul className={classes.entries}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      <MoreButton pages={trail} />
    </>
  );
}
