/** What Playwright is told; all paths are relative to the folder of the test. */
export interface PlaywrightConfigInput {
  readonly chromium: string;
  /** Chromium's own sandbox, which needs user namespaces */
  readonly chromiumSandbox: boolean;
  readonly video: boolean;
  /** of one test and, but for the start, of all in the script */
  readonly timeoutMs: number;
}

export const SCRIPT_FILE = 'test.spec.ts';
export const CONFIG_FILE = 'playwright.config.mjs';
/** there once Playwright has read its configuration */
export const BEGAN_FILE = 'began';
export const RESULT_FILE = 'result.json';
export const REPORT_FOLDER = 'report';
export const RESULTS_FOLDER = 'results';

/** Starting is not the script's time; and that of a test ends first, because it can say what it waited for. */
const START_MS = 5_000;
/** A click on what is not there fails after this long and says so, instead of waiting until the test times out. */
const ACTION_TIMEOUT_MS = 30_000;

export function playwrightConfig({
  chromium,
  chromiumSandbox,
  video,
  timeoutMs,
}: PlaywrightConfigInput): string {
  const config = {
    testDir: '.',
    testMatch: SCRIPT_FILE,
    outputDir: RESULTS_FOLDER,
    workers: 1,
    retries: 0,
    forbidOnly: false,
    timeout: timeoutMs,
    globalTimeout: timeoutMs + START_MS,
    reporter: [
      ['line'],
      ['json', { outputFile: RESULT_FILE }],
      ['html', { open: 'never', outputFolder: REPORT_FOLDER, noCopyPrompt: true }],
    ],
    use: {
      headless: true,
      screenshot: 'only-on-failure',
      trace: 'retain-on-failure',
      video: video ? 'retain-on-failure' : 'off',
      actionTimeout: Math.min(ACTION_TIMEOUT_MS, timeoutMs),
      navigationTimeout: Math.min(ACTION_TIMEOUT_MS, timeoutMs),
      launchOptions: { executablePath: chromium, chromiumSandbox },
    },
  };
  return [
    `import { writeFileSync } from 'node:fs';`,
    `writeFileSync('${BEGAN_FILE}', '');`,
    `export default ${JSON.stringify(config, null, 2)};\n`,
  ].join('\n');
}
