import type { Authorizer } from '../../authz/Authorizer.ts';
import { permissionOf } from './eventTypes.ts';
import type { Claimed } from './sql/claimDeliveries.ts';

/**
 * Those deliveries whose event may now be read by who is responsible for the webhook: asked at sending, for what
 * was allowed when the event happened may have been taken away since.
 */
export async function selectAllowed(
  authorizer: Authorizer,
  deliveries: readonly Claimed[],
): Promise<Set<Claimed>> {
  const allowed = new Set<Claimed>();
  const asked = new Map<string, { permission: string; projectId: string; group: Claimed[] }>();
  for (const delivery of deliveries) {
    const { projectId, eventType } = delivery;
    const permission = permissionOf(eventType);
    if (permission === null) allowed.add(delivery);
    if (!permission) continue;
    const key = `${projectId} ${permission}`;
    const known = asked.get(key) ?? { permission, projectId, group: [] };
    known.group.push(delivery);
    asked.set(key, known);
  }
  for (const { permission, projectId, group } of asked.values()) {
    const people = new Set(group.flatMap(({ responsibleId }) => responsibleId ?? []));
    const readers = new Set(await authorizer.filterAllowed([...people], permission, projectId));
    for (const delivery of group) if (readers.has(delivery.responsibleId ?? '')) allowed.add(delivery);
  }
  return allowed;
}
