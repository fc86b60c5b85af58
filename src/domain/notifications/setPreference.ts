import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { PreferenceView } from '../../views/notifications.ts';
import { putPreference } from './sql/putPreference.ts';

/** Says whether the actor wants notifications of a type; without a word they come. */
export async function setPreference(
  em: EntityManager,
  actor: ActorRef,
  preference: PreferenceView,
): Promise<PreferenceView> {
  if (await putPreference(em, { ...preference, actorId: actor.id })) {
    audit(em, {
      action: 'update',
      entityType: 'notification_preferences',
      entityId: `${actor.id} ${preference.type}`,
      changes: { isEnabled: { new: preference.isEnabled } },
    });
  }
  return preference;
}
