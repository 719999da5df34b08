import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedIn } from '../../router/root-route.js';
import { searchOf, text } from '../../router/search.js';

export const settingsAuditRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/audit',
  // from and to are days: 2026-01-31
  validateSearch: searchOf({ who: text, kind: text, entity: text, from: text, to: text }),
  component: lazyRouteComponent(() => import('./settings-audit.page.js'), 'Audit'),
});
