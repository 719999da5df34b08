import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { requireSession } from '../session/guard.js';
import { Shell } from '../shell/shell.js';

export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()();

/** Every page inside the shell; its address has no part of this. */
export const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: 'in',
  beforeLoad: requireSession,
  component: Shell,
});
