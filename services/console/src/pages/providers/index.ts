import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const providersRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/providers',
  validateSearch: searchOf({ type: text }),
  component: lazyRouteComponent(() => import('./providers.page.js'), 'Providers'),
});
