import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const testsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/tests',
  validateSearch: searchOf({ q: text, kind: oneOf(['browser', 'api']), tag: text }),
  component: lazyRouteComponent(() => import('./tests.page.js'), 'Tests'),
});
