import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { MONITOR_KINDS, STATUSES } from '@tocsin/monitoring';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, someOf, text, texts } from '../../router/search.js';

export const monitorsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/monitors',
  validateSearch: searchOf({
    q: text,
    status: someOf(STATUSES),
    type: someOf(MONITOR_KINDS),
    tag: texts,
    sort: oneOf(['name', 'status', 'lastCheckAt', 'createdAt']),
    order: oneOf(['asc', 'desc']),
  }),
  component: lazyRouteComponent(() => import('./monitors.page.js'), 'Monitors'),
});
