/** A server with the console, and pages of it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Person, type ServerOptions, type TestServer, startServer } from '../../support/server.ts';
import { giveBack, leave, takePage } from './browser.ts';
import { buildConsole } from './buildConsole.ts';

export { axe } from './axe.ts';
export { test } from './browser.ts';
export { screenshot } from './screenshot.ts';
export { isTold } from './told.ts';

/** Where the servers of this worker listen, one after the other: the browser keeps scripts by their addresses. */
let usualPort: string | undefined;
/** Servers from which no page can go on. */
const stopped = new WeakSet<Pick<TestServer, 'url'>>();

async function startAtUsualPort(options: ServerOptions): Promise<TestServer> {
  if (options.beside) return startServer(options);
  const startAt = (PORT: string) => startServer({ ...options, settings: { ...options.settings, PORT } });
  // Somebody else may have taken the port meanwhile.
  const server = await startAt(usualPort ?? '0').catch(() => startAt('0'));
  usualPort ??= new URL(server.url).port;
  return server;
}

/** Starts a server that serves the console as it is built from the present source. */
export async function startConsole(options: ServerOptions = {}): Promise<TestServer> {
  const settings = { ...options.settings, CONSOLE_DIR: await buildConsole() };
  const server = await startAtUsualPort({ ...options, settings });
  const close = async () => {
    stopped.add(served);
    await leave(server.url);
    await server.close();
  };
  const served: TestServer = { ...server, close, [Symbol.asyncDispose]: close };
  return served;
}

export interface ConsolePage extends AsyncDisposable {
  page: Page;
  /** What the browser complained of: errors of scripts, and what the content policy refused. */
  complaints: readonly string[];
}

interface ConsoleOptions {
  viewport?: { width: number; height: number };
  permissions?: string[];
}

/** As wide as a small phone. */
export const phone = { width: 360, height: 740 };

/** Complaints of the browser about calls that a test means to fail. */
const isExpected = (text: string) =>
  /Failed to load resource|WebSocket connection|ERR_INTERNET_DISCONNECTED/.test(text);

/** The page’s title, unless it is still that of the page before. */
const title = 'h1:not([data-before])';

/** Goes on to another page of the console as its links do, without loading it anew. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(`document.querySelector('h1')?.setAttribute('data-before', '');
    history.pushState({}, '', ${JSON.stringify(path)})`);
}

/** A page on which nothing happens. */
const quiet = '/projects/new';

/** Waits until `go` has led to another page: the heading of the one before is no sign of it. */
export const arrive = (page: Page): Promise<void> => page.locator(title).waitFor();

/** Brings a page to rest where nothing happens; false: it is not to be used as it is. */
async function park(page: Page): Promise<boolean> {
  if ((await page.locator('nav[aria-label=Main]').count()) === 0) return false;
  await page.keyboard.press('Escape');
  await page.evaluate(`localStorage.clear();
    for (const button of document.querySelectorAll('.toasts button[aria-label=Dismiss]')) button.click();
    told.length = 0`);
  await go(page, quiet);
  return (await page.locator(title).innerText()) === 'New project';
}

/**
 * Opens a page of the console in a browser context of its own, in which `person` (null: nobody) is signed in, and waits
 * for its heading. Use it with `await using`: closing fails the test when the browser complained.
 */
export async function openConsole(
  server: Pick<TestServer, 'url'>,
  person: Pick<Person, 'token'> | null,
  path = '/projects',
  { viewport, permissions }: ConsoleOptions = {},
): Promise<ConsolePage> {
  const who = person ? `${server.url} ${person.token}` : undefined;
  const { page, isKnown } = await takePage(who);
  if (person)
    await page
      .context()
      .addCookies([
        { name: 'tessera_session', value: person.token, url: server.url, httpOnly: true, sameSite: 'Lax' },
      ]);
  if (viewport) await page.setViewportSize(viewport);
  if (permissions) await page.context().grantPermissions(permissions);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) complaints.push(message.text());
  });
  if (isKnown && path !== quiet) await go(page, path);
  else await page.goto(`${server.url}${path}`);
  await page
    .locator(title)
    .waitFor()
    .catch((error: unknown) => {
      throw new Error(`${path} shows no heading. ${complaints.join('\n')}`, { cause: error });
    });
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      const isRestful = who !== undefined && !stopped.has(server);
      await giveBack(page, isRestful ? { who, park: () => park(page) } : undefined);
      expect(complaints).toEqual([]);
    },
  };
}
