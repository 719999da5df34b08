import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const providerRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/providers/$id',
  component: lazyRouteComponent(() => import('./provider.page.js'), 'Provider'),
});
