import { Compass } from 'lucide-react';
import { Empty } from '../parts/empty.js';
import { ButtonLink } from '../parts/links.js';
import { usePageTitle } from '../parts/page-title.js';

export function NotFound() {
  usePageTitle('Not found');
  return (
    <Empty
      icon={Compass}
      title="There is nothing at this address"
      action={
        <ButtonLink to="/" variant="default">
          To the overview
        </ButtonLink>
      }
    >
      It may have been deleted, or the address has a mistake in it.
    </Empty>
  );
}
