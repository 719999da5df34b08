import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { alertRoute } from '../pages/alert/index.js';
import { alertsRoute } from '../pages/alerts/index.js';
import { deadLettersRoute } from '../pages/dead-letters/index.js';
import { jobRoute } from '../pages/job/index.js';
import { jobEditRoute } from '../pages/job-edit/index.js';
import { jobNewRoute } from '../pages/job-new/index.js';
import { jobsRoute } from '../pages/jobs/index.js';
import { monitorRoute } from '../pages/monitor/index.js';
import { monitorEditRoute } from '../pages/monitor-edit/index.js';
import { monitorNewRoute } from '../pages/monitor-new/index.js';
import { monitorsRoute } from '../pages/monitors/index.js';
import { newPasswordRoute } from '../pages/new-password/index.js';
import { overviewRoute } from '../pages/overview/index.js';
import { providerRoute } from '../pages/provider/index.js';
import { providerNewRoute } from '../pages/provider-new/index.js';
import { providersRoute } from '../pages/providers/index.js';
import { runRoute } from '../pages/run/index.js';
import { runsRoute } from '../pages/runs/index.js';
import { settingsAccountRoute } from '../pages/settings-account/index.js';
import { settingsAuditRoute } from '../pages/settings-audit/index.js';
import { settingsSubscriptionsRoute } from '../pages/settings-subscriptions/index.js';
import { settingsTokensRoute } from '../pages/settings-tokens/index.js';
import { settingsUsersRoute } from '../pages/settings-users/index.js';
import { settingsVariablesRoute } from '../pages/settings-variables/index.js';
import { signInRoute } from '../pages/sign-in/index.js';
import { testRoute } from '../pages/test/index.js';
import { testNewRoute } from '../pages/test-new/index.js';
import { testsRoute } from '../pages/tests/index.js';
import { welcomeRoute } from '../pages/welcome/index.js';
import { NotFound } from '../shell/not-found.js';
import { PageProblem } from '../shell/page-problem.js';
import { PageWaiting } from '../shell/page-waiting.js';
import { rootRoute, signedIn } from './root-route.js';

const tree = rootRoute.addChildren([
  newPasswordRoute,
  welcomeRoute,
  signInRoute,
  signedIn.addChildren([
    overviewRoute,
    monitorsRoute,
    monitorNewRoute,
    monitorRoute,
    monitorEditRoute,
    jobsRoute,
    jobNewRoute,
    jobRoute,
    jobEditRoute,
    testsRoute,
    testNewRoute,
    testRoute,
    runsRoute,
    runRoute,
    alertsRoute,
    alertRoute,
    providersRoute,
    providerNewRoute,
    providerRoute,
    deadLettersRoute,
    settingsAccountRoute,
    settingsSubscriptionsRoute,
    settingsTokensRoute,
    settingsUsersRoute,
    settingsVariablesRoute,
    settingsAuditRoute,
  ]),
]);

export const createConsoleRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    // The query cache knows what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
    defaultPendingMinMs: 0,
    defaultPendingComponent: PageWaiting,
    defaultErrorComponent: PageProblem,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
