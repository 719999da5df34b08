import { Button, Group } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';

type Pages = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;

/** Under a list that has more. */
export function MoreButton({ pages }: { readonly pages: Pages }) {
  if (!pages.hasNextPage) return null;
  return (
    <Group justify="center" mt="sm">
      <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        Show more
      </Button>
    </Group>
  );
}
