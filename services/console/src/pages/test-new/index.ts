import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf } from '../../router/search.js';

export const testNewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/tests/new',
  validateSearch: searchOf({ kind: oneOf(['browser', 'api']) }),
  component: lazyRouteComponent(() => import('./test-new.page.js'), 'TestNew'),
});
