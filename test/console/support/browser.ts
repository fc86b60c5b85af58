/** Headless Chromium for tests of the console. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, test as anyTest } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere && !process.env['CI'])
  console.warn(
    `The console is not tested: there is no ${executablePath} (scripts/install-debian-packages has it).`,
  );

/** A test in a browser; skipped where there is none, except in continuous integration: there it fails. */
export const test = anyTest.skipIf(!isThere && !process.env['CI']);

let browser: Browser | undefined;

/** Call it at the top of a file: the browser is there for its tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (!isThere && !process.env['CI']) return;
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  });
  afterAll(async () => {
    await browser?.close();
    browser = undefined;
  });
}

/** @throws Error outside the tests of a file that calls `useBrowser`. */
export function theBrowser(): Browser {
  if (!browser) throw new Error('Call useBrowser() at the top of the file.');
  return browser;
}
