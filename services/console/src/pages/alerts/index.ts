import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ALERT_TYPES } from '@tocsin/alerting';
import { SPANS } from '../../parts/date-range.js';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const alertsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/alerts',
  validateSearch: searchOf({
    state: oneOf(['open', 'resolved']),
    type: oneOf(ALERT_TYPES),
    kind: oneOf(['monitor', 'job']),
    target: text,
    span: oneOf(SPANS),
  }),
  component: lazyRouteComponent(() => import('./alerts.page.js'), 'Alerts'),
});
