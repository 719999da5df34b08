import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const deadLettersRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/providers/dead-letters',
  validateSearch: searchOf({ provider: text }),
  component: lazyRouteComponent(() => import('./dead-letters.page.js'), 'DeadLetters'),
});
