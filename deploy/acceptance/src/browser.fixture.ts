import { existsSync } from 'node:fs';

/** A browser of this machine; undefined when there is none. */
export const chromiumPath = (): string | undefined =>
  [process.env.TOCSIN_CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(
    (path) => path !== undefined && existsSync(path),
  );

/** Without a browser the tests that need one are skipped, and counted so. */
export const canRunBrowsers = (): boolean => chromiumPath() !== undefined;
