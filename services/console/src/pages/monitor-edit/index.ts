import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const monitorEditRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/monitors/$id/edit',
  component: lazyRouteComponent(() => import('./monitor-edit.page.js'), 'MonitorEdit'),
});
