/**
 * Headless Chromium for tests of the console: one for each worker, which ends with it. What costs is not Chromium but a
 * page of it, which compiles every script anew; so pages are lent to tests, and taken back as empty as they were.
 */
import { existsSync } from 'node:fs';
import { type Browser, type Page, chromium } from 'playwright-core';
import { test as anyTest } from 'vitest';
import { keepTold } from './told.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere && !process.env['CI'])
  console.warn(
    `The console is not tested: there is no ${executablePath} (scripts/install-debian-packages has it).`,
  );

/** A test in a browser; skipped where there is none, except in continuous integration: there it fails. */
export const test = anyTest.skipIf(!isThere && !process.env['CI']);

const args = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--in-process-gpu',
  // A page that comes again finds the scripts compiled.
  '--process-per-site',
];
const viewport = { width: 1280, height: 720 };

let launched: Promise<Browser> | undefined;
/** Pages that nobody uses: empty, or signed in as `who` on a server that still runs; the one used last is last. */
const free: { page: Page; who: string | undefined }[] = [];

async function newPage(): Promise<Page> {
  launched ??= chromium.launch({ executablePath, args });
  const browser = await launched;
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', viewport });
  // A loaded machine is slow, not wrong.
  context.setDefaultTimeout(60_000);
  await context.addInitScript(keepTold);
  return context.newPage();
}

/** Takes away what the last one was signed in with, and ends all that the page does. */
async function empty(page: Page): Promise<void> {
  if (page.url().startsWith('http')) await page.evaluate('localStorage.clear(); sessionStorage.clear()');
  await page.goto('about:blank');
  await page.context().clearCookies();
}

/**
 * A page in a browser context of its own. Give it back when nothing of it is needed any more.
 * @param who whose page it shall be, if there is one, as it was given back
 * @returns the page, and whether it is that one; else it is empty.
 */
export async function takePage(who?: string): Promise<{ page: Page; isKnown: boolean }> {
  const known = who === undefined ? -1 : free.findIndex((kept) => kept.who === who);
  const [kept] = free.splice(known === -1 ? 0 : known, 1);
  if (!kept) return { page: await newPage(), isKnown: false };
  if (known !== -1) return { page: kept.page, isKnown: true };
  if (kept.who !== undefined) await empty(kept.page);
  return { page: kept.page, isKnown: false };
}

const listened = ['console', 'dialog', 'download', 'pageerror', 'request', 'response', 'websocket'] as const;

/**
 * Takes away all that a test has left in the page and its browser context, but not the scripts that it has loaded.
 * @param rest who is signed in, and how to bring the page where it does nothing; left out, the page is emptied
 */
export async function giveBack(
  page: Page,
  rest?: { who: string; park: () => Promise<boolean> },
): Promise<void> {
  const context = page.context();
  try {
    for (const event of listened) page.removeAllListeners(event);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
    await context.clearPermissions();
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(viewport);
    const isParked = rest !== undefined && (await rest.park());
    if (!isParked) await empty(page);
    free.push({ page, who: isParked ? rest.who : undefined });
  } catch {
    // Whatever state it is in, nobody is to meet it.
    await context.close();
  }
}

/** Empties the pages of a server that is about to stop. */
export async function leave(url: string): Promise<void> {
  for (const kept of free)
    if (kept.page.url().startsWith(url)) {
      await empty(kept.page);
      kept.who = undefined;
    }
}
