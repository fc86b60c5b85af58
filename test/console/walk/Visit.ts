import type { Page } from 'playwright-core';
import type { Ids } from './world.ts';

/** A page of the console in a state that is looked at. */
export interface Visit {
  /** Its picture is docs/images/console-<picture>.png; none where the page leads on to another one. */
  picture?: string;
  /** Something of the world that is there when the page stands. */
  shows: string | RegExp;
  /** What follows the path: a query or a fragment. */
  rest?: (ids: Ids) => string;
  /** In place of what the world says of the path's parameters. */
  ids?: (ids: Ids) => Ids;
  /** Brings the page into the state that is looked at. */
  act?: (page: Page) => Promise<void>;
  /** Takes away what would stand in the way of the next page. */
  leave?: (page: Page) => Promise<void>;
}

/** By the path of the route. */
export type Visits = Record<string, Visit | readonly Visit[]>;
