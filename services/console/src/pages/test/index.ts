import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf } from '../../router/search.js';

export const testRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/tests/$id',
  validateSearch: searchOf({ tab: oneOf(['definition', 'versions', 'usage']) }),
  component: lazyRouteComponent(() => import('./test.page.js'), 'Test'),
});
