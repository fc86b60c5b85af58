import { z } from 'zod';
import { moment, uuid } from './columns.ts';

/** An actor as others see it beside what it did. */
export const actorRef = z.object({
  id: uuid,
  username: z.string(),
  name: z.string(),
  actorType: z.enum(['person', 'organization']),
});
export type ActorRef = z.infer<typeof actorRef>;

/** Picks an actor's public face out of an entity or a row that holds more. */
export function viewActorRef(actor: ActorRef): ActorRef {
  return { id: actor.id, username: actor.username, name: actor.name, actorType: actor.actorType };
}

/** An actor's public profile. */
export const actorView = actorRef.extend({ orcid: z.string().nullable(), createdAt: moment });
export type ActorView = z.infer<typeof actorView>;

/** What only the person itself and administrators see. */
export const accountView = actorView.extend({
  email: z.string().nullable(),
  isVerified: z.boolean(),
  systemRoles: z.array(z.string()),
  suspendedAt: moment.nullable(),
  updatedAt: moment,
});
export type AccountView = z.infer<typeof accountView>;
