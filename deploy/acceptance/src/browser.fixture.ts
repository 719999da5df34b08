import { existsSync } from 'node:fs';

/** Whether there is a browser here: without one the tests that need it are skipped, and counted so. */
export const canRunBrowsers = (): boolean =>
  [process.env.TOCSIN_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].some(
    (path) => path !== undefined && existsSync(path),
  );
