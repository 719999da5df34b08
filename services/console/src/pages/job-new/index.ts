import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const jobNewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/new',
  component: lazyRouteComponent(() => import('./job-new.page.js'), 'JobNew'),
});
