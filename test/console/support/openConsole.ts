/** A server with the console, and pages of it. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Person, type ServerOptions, type TestServer, startServer } from '../../support/server.ts';
import { theBrowser } from './browser.ts';
import { buildConsole } from './buildConsole.ts';

export { axe } from './axe.ts';
export { test, useBrowser } from './browser.ts';
export { screenshot } from './screenshot.ts';

/** Starts a server that serves the console as it is built from the present source. */
export const startConsole = async (options: ServerOptions = {}): Promise<TestServer> =>
  startServer({ ...options, settings: { ...options.settings, CONSOLE_DIR: await buildConsole() } });

export interface ConsolePage extends AsyncDisposable {
  page: Page;
  /** What the browser complained of: errors of scripts, and what the content policy refused. */
  complaints: readonly string[];
}

/** Complaints of the browser about calls that a test means to fail. */
const isExpected = (text: string) =>
  /Failed to load resource|WebSocket connection|ERR_INTERNET_DISCONNECTED/.test(text);

/**
 * Opens a page of the console in a browser context of its own, in which `person` (null: nobody) is signed in, and waits
 * for its heading. Use it with `await using`: closing fails the test when the browser complained.
 */
export async function openConsole(
  server: Pick<TestServer, 'url'>,
  person: Pick<Person, 'token'> | null,
  path = '/projects',
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const context = await theBrowser().newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
  context.setDefaultTimeout(15_000);
  if (person)
    await context.addCookies([
      { name: 'tessera_session', value: person.token, url: server.url, httpOnly: true, sameSite: 'Lax' },
    ]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) complaints.push(message.text());
  });
  await page.goto(`${server.url}${path}`);
  await page
    .getByRole('heading', { level: 1 })
    .waitFor()
    .catch((error: unknown) => {
      throw new Error(`${path} shows no heading. ${complaints.join('\n')}`, { cause: error });
    });
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(complaints).toEqual([]);
    },
  };
}
