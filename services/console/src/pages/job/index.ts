import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const jobRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/$id',
  validateSearch: searchOf({ tab: oneOf(['runs', 'tests', 'keys', 'alerts']), status: text }),
  component: lazyRouteComponent(() => import('./job.page.js'), 'Job'),
});
