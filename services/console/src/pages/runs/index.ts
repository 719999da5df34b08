import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const runsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs',
  validateSearch: searchOf({ job: text, status: text, trigger: text }),
  component: lazyRouteComponent(() => import('./runs.page.js'), 'Runs'),
});
