import type { WireEvent } from '../events/watch.ts';
import type { ActorRef } from './identity.ts';

/** An event of the project's stream as its activity feed shows it: with who caused it. */
export type ActivityItem = WireEvent & { actor: ActorRef | null };
