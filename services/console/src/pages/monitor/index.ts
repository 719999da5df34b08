import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const monitorRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/monitors/$id',
  validateSearch: searchOf({
    tab: oneOf(['overview', 'results', 'alerts', 'history']),
    /** of the chart and the locations; the last checks unless said otherwise */
    period: oneOf(['24h', '7d', '30d', '90d']),
    chart: oneOf(['percentiles', 'phases']),
    outcome: oneOf(['up', 'degraded', 'down', 'error']),
    location: text,
    from: text,
    to: text,
  }),
  component: lazyRouteComponent(() => import('./monitor.page.js'), 'Monitor'),
});
