import type { BackgroundWork } from '../views/health.ts';
import { makeFollowers } from './followers/makeFollowers.ts';
import { digestTimes } from './notifications.digest.ts';
import { recurring } from './recurring.ts';

/** What workers do without being asked, by name: for those who watch over it. */
export const backgroundWork: BackgroundWork = {
  recurring: [...recurring.map(({ name, schedule }) => ({ name, schedule })), digestTimes],
  followers: makeFollowers(() => {}).map(({ name, streams }) => ({ name, streams })),
};
