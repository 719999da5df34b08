import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react';
import { createLive, type LiveConnection, type LiveState } from './connection.js';
import { keepFresh } from './keep-fresh.js';
import type { LiveEvent } from './live-event.js';

const Connection = createContext<LiveConnection | undefined>(undefined);

/** Opens the live stream for as long as it is on the screen: somebody is signed in. */
export function Live({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient();
  const [connection] = useState(() =>
    createLive({ onGap: () => void queries.invalidateQueries(), onEvents: keepFresh(queries) }),
  );
  useEffect(() => connection.open(), [connection]);
  return <Connection value={connection}>{children}</Connection>;
}

const nothing = () => () => undefined;

export function useLiveState(): LiveState {
  const connection = use(Connection);
  return useSyncExternalStore(connection?.onState ?? nothing, () => connection?.state() ?? 'connecting');
}

/** The live events of each frame, for a page that wants more than the query cache already does by itself. */
export function useLive(listener: (events: readonly LiveEvent[]) => void): void {
  const connection = use(Connection);
  const hear = useEffectEvent(listener);
  useEffect(() => connection?.onEvents((events) => hear(events)), [connection]);
}
