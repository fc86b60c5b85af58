import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: 'An API key that does not reach everything makes and redirects only webhooks for events that it may read.',
    procedures: ['webhooks.create', 'webhooks.update'],
  },
  {
    says: 'What was sent to a webhook is shown only to who may read the event that it tells of.',
    procedures: ['webhooks.delivery'],
  },
];

/**
 * Whether the caller may see the body of a message.
 * @param permission that its event needs; null: none; undefined: there is no such event (any more).
 */
export function mayReadMessage(access: Pick<Access, 'can'>, permission: string | null | undefined): boolean {
  return permission === null || (permission !== undefined && access.can(permission));
}

/**
 * What the credential lacks to have others told of events: a webhook is sent with all rights of the person, which
 * a key may hold only a part of. What the person may not read is not sent anyway.
 * @param permissions that the events need. @returns the first one missing; undefined: none is.
 */
export function findUnreachable(
  access: Pick<Access, 'can' | 'isUnlimited'>,
  permissions: readonly string[],
): string | undefined {
  return access.isUnlimited ? undefined : permissions.find((permission) => !access.can(permission));
}
