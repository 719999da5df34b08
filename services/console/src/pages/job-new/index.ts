import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const jobNewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/new',
  /** the test it begins with */
  validateSearch: searchOf({ test: text }),
  component: lazyRouteComponent(() => import('./job-new.page.js'), 'JobNew'),
});
