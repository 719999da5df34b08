import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const providerNewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/providers/new',
  validateSearch: searchOf({ type: text }),
  component: lazyRouteComponent(() => import('./provider-new.page.js'), 'ProviderNew'),
});
