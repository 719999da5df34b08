import { Activity, SearchX } from 'lucide-react';
import { Empty } from '../../parts/empty.js';
import { ButtonLink } from '../../parts/links.js';

interface NoMonitorsProps {
  readonly isFiltered: boolean;
  readonly mayEdit: boolean;
}

export function NoMonitors({ isFiltered, mayEdit }: NoMonitorsProps) {
  if (isFiltered)
    return (
      <Empty
        icon={SearchX}
        title="No monitor is like that"
        action={
          <ButtonLink to="/monitors" variant="default">
            Show all monitors
          </ButtonLink>
        }
      >
        Nothing matches what you search for together with these filters.
      </Empty>
    );
  return (
    <Empty
      icon={Activity}
      title="Nothing is watched yet"
      action={mayEdit && <ButtonLink to="/monitors/new">Make the first monitor</ButtonLink>}
    >
      A monitor looks at something of yours on a schedule: an address, a host, a port, a name. When it fails,
      Tocsin raises an alert and tells the people you choose.
    </Empty>
  );
}
