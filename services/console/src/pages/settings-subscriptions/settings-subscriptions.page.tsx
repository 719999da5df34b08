import { Anchor, Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { SubscriptionView } from '@tocsin/http-api';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { NewSubscription } from './new-subscription.js';
import { SubscriptionDialog } from './subscription-dialog.js';
import { SubscriptionMark } from './subscription-mark.js';
import { behindText, standingText } from './subscription-words.js';

/** How they stand changes by itself. */
const READ_AGAIN_MS = 10_000;

export function Subscriptions() {
  const mayEdit = useMay('editor');
  const [isMaking, making] = useDisclosure(false);
  const [shownId, setShownId] = useState<string>();
  const subscriptions = useInfiniteQuery({
    ...pagesOf('listSubscriptions', { query: { limit: 100 } }),
    refetchInterval: READ_AGAIN_MS,
  });
  const items = subscriptions.data?.pages.flatMap((page) => page.items) ?? [];
  const make = mayEdit && (
    <Button leftSection={<Plus size={14} aria-hidden />} onClick={making.open}>
      New subscription
    </Button>
  );

  return (
    <>
      <PageHeader
        title="Subscriptions"
        about="Other systems that are sent alerts and changes of status as signed webhooks: each event until they have it, in order"
        actions={make}
      />
      {subscriptions.isPending && <Waiting />}
      {subscriptions.isError && (
        <Problem error={subscriptions.error} retry={() => void subscriptions.refetch()} />
      )}
      {subscriptions.isSuccess && items.length === 0 && (
        <Empty icon={Webhook} title="No subscriptions yet" action={make}>
          Providers tell people; subscriptions tell programs: an incident desk, a chat bot, an archive.
        </Empty>
      )}
      {items.length > 0 && <Rows subscriptions={items} onShow={setShownId} />}
      <MoreButton pages={subscriptions} />
      <NewSubscription isOpen={isMaking} onClose={making.close} />
      <SubscriptionDialog
        subscription={items.find(({ id }) => id === shownId)}
        mayEdit={mayEdit}
        onClose={() => setShownId(undefined)}
      />
    </>
  );
}

interface RowsProps {
  readonly subscriptions: readonly SubscriptionView[];
  readonly onShow: (id: string) => void;
}

function Rows({ subscriptions, onShow }: RowsProps) {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Waiting</Table.Th>
          <Table.Th visibleFrom="sm">Last delivered</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {subscriptions.map((subscription) => (
          <Table.Tr key={subscription.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Anchor component="button" type="button" fw={500} onClick={() => onShow(subscription.id)}>
                {subscription.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <SubscriptionMark {...subscription} />
              <Text size="xs" c="dimmed">
                {standingText(subscription)}
              </Text>
            </Table.Td>
            <Table.Td>{behindText(subscription.delivery.behind)}</Table.Td>
            <Table.Td visibleFrom="sm">
              <Instant at={subscription.delivery.lastDeliveredAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
