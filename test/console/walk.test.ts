/**
 * Every page of the console, in one world: it stands, breaks no rule of WCAG 2.2 AA in light and dark that axe can tell,
 * is no wider than a small phone, and the browser does not complain. With UPDATE_IMAGES=1 each leaves its picture.
 */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { fitsNarrow } from './support/fitsNarrow.ts';
import {
  type ConsolePage,
  arrive,
  axe,
  go,
  openConsole,
  phone,
  screenshot,
  test,
} from './support/openConsole.ts';
import type { Visit, Visits } from './walk/Visit.ts';
import { adminPages } from './walk/adminPages.ts';
import { guestPages, ownPages } from './walk/ownPages.ts';
import { projectPages } from './walk/projectPages.ts';
import { type People, type WalkWorld, makeWorld } from './walk/world.ts';

const walks: { as: string; who: (people: People) => People['ada'] | null; pages: Visits }[] = [
  { as: 'nobody', who: () => null, pages: guestPages },
  { as: 'somebody', who: ({ ada }) => ada, pages: ownPages },
  { as: 'an owner', who: ({ ada }) => ada, pages: projectPages },
  { as: 'an administrator', who: ({ admin }) => admin, pages: adminPages },
];

/** As wide as the pictures. */
const wide = { width: 1200, height: 800 };

test('the walk comes to every page that there is', async () => {
  const source = await readFile('web/src/routes.tsx', 'utf8');
  const paths = [...source.matchAll(/^ +(?:\{ )?path: '([^']+)'/gm)].map(([, path]) => path ?? '');
  expect(paths).toHaveLength([...source.matchAll(/load: \(\) => import\(/g)].length);
  expect(walks.flatMap(({ pages }) => Object.keys(pages)).toSorted()).toEqual(paths.toSorted());
});

let world: WalkWorld;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const listed = (visit: Visit | readonly Visit[]): readonly Visit[] => [visit].flat();

/** The address of a page of the world. */
function addressOf(path: string, { rest, ids }: Visit): string {
  const all = { ...world.ids, ...ids?.(world.ids) };
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const id = all[name];
    if (id === undefined) throw new Error(`The world has no ${name} for ${path}.`);
    return id;
  });
  return filled + (rest?.(all) ?? '');
}

/** Waits until the page has what it shows of the world, and nothing of it is still on its way. */
async function untilItStands(page: Page, { shows, act }: Visit): Promise<void> {
  await act?.(page);
  await page.getByText(shows).or(page.getByLabel(shows)).filter({ visible: true }).first().waitFor();
  await expect.poll(() => page.getByRole('status', { name: /^Loading/ }).count()).toBe(0);
}

/** Where the walk is: what changes there alone keeps its heading. */
let last: string;

/** Goes to a page, and holds it to what all pages are held to. */
async function lookAt({ page, complaints }: ConsolePage, path: string, visit: Visit): Promise<void> {
  const before = complaints.length;
  await go(page, addressOf(path, visit));
  if (path !== last) await arrive(page);
  last = path;
  await untilItStands(page, visit);
  await axe(page);
  if (visit.picture) await screenshot(page, `console-${visit.picture}`);
  await page.setViewportSize(phone);
  await fitsNarrow(page);
  await page.setViewportSize(wide);
  await visit.leave?.(page);
  expect(complaints.slice(before)).toEqual([]);
}

describe.each(walks)('as $as', ({ who, pages }) => {
  let opened: ConsolePage | undefined;
  beforeAll(async () => {
    const person = who(world.people);
    last = person ? '/projects' : '/sign-in';
    opened = await openConsole(world.server, person, last, { viewport: wide });
  });
  afterAll(() => opened?.[Symbol.asyncDispose]());

  const stops = Object.entries(pages).flatMap(([path, visits]) =>
    listed(visits).map((visit) => [path, visit] as const),
  );
  test.for(stops)('%s stands for all', ([path, visit]) => lookAt(opened as ConsolePage, path, visit));
});
