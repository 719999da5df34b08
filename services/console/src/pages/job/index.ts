import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { RUN_STATES } from '@tocsin/monitoring';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf } from '../../router/search.js';

export const jobRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/$id',
  validateSearch: searchOf({
    tab: oneOf(['runs', 'missed', 'tests', 'keys', 'alerts', 'history']),
    status: oneOf(RUN_STATES),
  }),
  component: lazyRouteComponent(() => import('./job.page.js'), 'Job'),
});
