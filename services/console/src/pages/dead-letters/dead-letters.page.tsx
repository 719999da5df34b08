import { Group, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { pagesOf, queryOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { DeadLetter } from './dead-letter.js';
import classes from './dead-letters.module.css';

const route = getRouteApi('/in/providers/dead-letters');

/** What nobody was told, and how to tell it after all. */
export function DeadLetters() {
  const { provider } = route.useSearch();
  const navigate = route.useNavigate();
  const letters = useInfiniteQuery(
    pagesOf('listDeadLetters', { query: { providerId: provider, limit: 50 } }),
  );
  const providers = useQuery(queryOf('listNotificationProviders', { query: { limit: 200 } }));
  const items = letters.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <PageHeader
        title="Dead letters"
        above={<TextLink to="/providers">Providers</TextLink>}
        about="Messages that no attempt could deliver. Mend the provider first, then deliver them again: whoever reads them sees when it happened."
      />
      <Group mb="sm">
        <Select
          aria-label="Provider"
          placeholder="All providers"
          clearable
          searchable
          w={240}
          data={(providers.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={provider ?? null}
          onChange={(value) => void navigate({ search: { provider: value ?? undefined }, replace: true })}
        />
      </Group>
      {letters.isPending && <Waiting />}
      {letters.isError && <Problem error={letters.error} retry={() => void letters.refetch()} />}
      {letters.isSuccess && items.length === 0 && (
        <Empty icon={MailCheck} title="Everything was delivered">
          When a provider refuses a message, or does not answer for hours, the message waits here instead of
          being lost.
        </Empty>
      )}
      {items.length > 0 && (
        <ul className={classes.letters}>
          {items.map((letter) => (
            <DeadLetter key={letter.id} letter={letter} />
          ))}
        </ul>
      )}
      <MoreButton pages={letters} />
    </>
  );
}
