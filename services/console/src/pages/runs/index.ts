import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { RUN_STATES, RUN_TRIGGERS } from '@tocsin/monitoring';
import { SPANS } from '../../parts/date-range.js';
import { signedIn } from '../../router/root-route.js';
import { oneOf, searchOf, text } from '../../router/search.js';

export const runsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs',
  validateSearch: searchOf({
    job: text,
    status: oneOf(RUN_STATES),
    trigger: oneOf(RUN_TRIGGERS),
    span: oneOf(SPANS),
  }),
  component: lazyRouteComponent(() => import('./runs.page.js'), 'Runs'),
});
