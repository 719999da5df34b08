import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { MONITOR_KINDS } from '@tocsin/monitoring';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const monitorNewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/monitors/new',
  validateSearch: searchOf({ type: oneOf(MONITOR_KINDS), copyOf: text }),
  component: lazyRouteComponent(() => import('./monitor-new.page.js'), 'MonitorNew'),
});
