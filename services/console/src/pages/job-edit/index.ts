import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const jobEditRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/jobs/$id/edit',
  component: lazyRouteComponent(() => import('./job-edit.page.js'), 'JobEdit'),
});
