import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const settingsVariablesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/variables',
  component: lazyRouteComponent(() => import('./settings-variables.page.js'), 'Variables'),
});
