import type { LogEvent } from '../../events/watch.ts';
import { pingType, versionOf } from './eventTypes.ts';

/** The body of a message about an event: JSON, written once; these bytes are signed and sent at every attempt. */
export function composeMessage(projectId: string, event: LogEvent): string {
  const { type, createdAt, seq, subject, actorId, payload } = event;
  const version = versionOf(type);
  return JSON.stringify({
    type,
    version,
    timestamp: createdAt,
    projectId,
    seq,
    subject,
    actorId,
    data: payload,
  });
}

/** The body of a message by which a person sees whether the receiver works. */
export function composePing(webhook: { id: string; projectId: string }, actorId: string, at: Date): string {
  return JSON.stringify({
    type: pingType,
    version: versionOf(pingType),
    timestamp: at,
    projectId: webhook.projectId,
    seq: null,
    subject: `webhook:${webhook.id}`,
    actorId,
    data: { webhookId: webhook.id },
  });
}
