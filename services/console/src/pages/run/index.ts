import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const runRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs/$id',
  validateSearch: searchOf({ tab: oneOf(['tests', 'output', 'artifacts']), test: text }),
  component: lazyRouteComponent(() => import('./run.page.js'), 'Run'),
});
