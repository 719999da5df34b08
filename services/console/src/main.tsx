import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.js';
import { createConsoleRouter } from './router/router.js';
import { sessionQuery } from './session/session.js';
import { colours, cssVariables, theme } from './theme/theme.js';

const queries = createQueryClient(() => {
  // Whoever was not in cannot be signed out: that is for the guard alone, which asks first.
  if (queries.getQueryData(sessionQuery.queryKey) === undefined) return;
  queries.removeQueries({ queryKey: sessionQuery.queryKey });
  // The guard of the page leads to signing in, and back to here.
  void router.invalidate();
});
const router = createConsoleRouter(queries);

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no #console');
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colours}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
