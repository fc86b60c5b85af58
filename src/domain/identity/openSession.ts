import type { EntityManager } from '@mikro-orm/postgresql';
import { Session } from '../../entities/identity/Session.ts';
import { hashToken, makeSessionToken } from './secrets.ts';

/** The device that signs in, and for how many days at most. */
export interface Device {
  userAgent: string | null;
  ipAddress: string | null;
  maxDays: number;
}

/** A session's secret, shown once, and when it ends in any case. */
export interface OpenedSession {
  token: string;
  expiresAt: Date;
}

const day = 86_400_000;

/** Signs an actor in on a device. */
export function openSession(em: EntityManager, actorId: string, device: Device): OpenedSession {
  const token = makeSessionToken();
  const expiresAt = new Date(Date.now() + device.maxDays * day);
  em.create(Session, {
    userId: actorId,
    tokenHash: hashToken(token),
    userAgent: device.userAgent?.slice(0, 500) ?? null,
    ipAddress: device.ipAddress?.slice(0, 45) ?? null,
    expiresAt,
  });
  return { token, expiresAt };
}
