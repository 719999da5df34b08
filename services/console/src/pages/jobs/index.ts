import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { STATUSES } from '@tocsin/monitoring';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const jobsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs',
  validateSearch: searchOf({ q: text, status: oneOf(STATUSES), tag: text }),
  component: lazyRouteComponent(() => import('./jobs.page.js'), 'Jobs'),
});
