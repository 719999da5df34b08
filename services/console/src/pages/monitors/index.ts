import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { MONITOR_KINDS, STATUSES } from '@tocsin/monitoring';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const monitorsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/monitors',
  validateSearch: searchOf({ q: text, status: oneOf(STATUSES), type: oneOf(MONITOR_KINDS), tag: text }),
  component: lazyRouteComponent(() => import('./monitors.page.js'), 'Monitors'),
});
