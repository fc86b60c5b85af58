import type { Follower } from './Follower.ts';
import { notificationsFollower } from './notifications.ts';
import { webhooksFollower } from './webhooks.ts';

/** All followers of the log: what none of them needs any more may be dropped from it. @param wake told of deliveries to be made. */
export const makeFollowers = (wake: () => void): readonly Follower[] => [
  notificationsFollower,
  webhooksFollower(wake),
];
