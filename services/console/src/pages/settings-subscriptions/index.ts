import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';

export const settingsSubscriptionsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/subscriptions',
  component: lazyRouteComponent(() => import('./settings-subscriptions.page.js'), 'Subscriptions'),
});
