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

/** The same with the institution that they belong to. */
export const profileView = actorView.extend({ institutionId: uuid.nullable() });
export type ProfileView = z.infer<typeof profileView>;

/** What only the person itself and administrators see. */
export const accountView = profileView.extend({
  email: z.string().nullable(),
  isVerified: z.boolean(),
  systemRoles: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  suspendedAt: moment.nullable(),
  updatedAt: moment,
});
export type AccountView = z.infer<typeof accountView>;

/** An account in the list of administrators. */
export interface PersonView extends AccountView {
  /** When a session or an API key of theirs was last used; null: of none that is still kept. */
  lastSeenAt: Date | null;
}

/** An actor's row, from an entity or from SQL; an entity's optional columns may be undefined. */
type AccountSource = Omit<
  AccountView,
  'institutionId' | 'orcid' | 'email' | 'suspendedAt' | 'systemRoles'
> & {
  institutionId?: string | null | undefined;
  orcid?: string | null | undefined;
  email?: string | null | undefined;
  suspendedAt?: Date | null | undefined;
};

/** @param systemRole the name of the role that the actor's `role_id` points to; every person is a user besides. */
export function viewAccount(actor: AccountSource, systemRole: string | null): AccountView {
  return {
    ...viewActorRef(actor),
    orcid: actor.orcid ?? null,
    institutionId: actor.institutionId ?? null,
    createdAt: actor.createdAt,
    email: actor.email ?? null,
    isVerified: actor.isVerified,
    systemRoles: actor.actorType === 'organization' ? [] : [...new Set(['user', systemRole ?? 'user'])],
    metadata: actor.metadata,
    suspendedAt: actor.suspendedAt ?? null,
    updatedAt: actor.updatedAt,
  };
}

/** A signed-in device of the caller's. */
export const sessionView = z.object({
  id: uuid,
  userAgent: z.string().nullable(),
  ipAddress: z.string().nullable(),
  /** Whether it is the one that asks. */
  isCurrent: z.boolean(),
  createdAt: moment,
  lastSeenAt: moment,
  expiresAt: moment,
});
export type SessionView = z.infer<typeof sessionView>;

/** An API key without the key: that is shown once, when it is made. */
export const apiKeyView = z.object({
  id: uuid,
  name: z.string(),
  /** How the key begins, so that one can tell one's keys apart. */
  prefix: z.string(),
  scopes: z.array(z.string()),
  /** null: every project that the owner may act in. */
  projectIds: z.array(uuid).nullable(),
  expiresAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
  createdAt: moment,
});
export type ApiKeyView = z.infer<typeof apiKeyView>;

type Nullish<T> = { [K in keyof T]: null extends T[K] ? T[K] | undefined : T[K] };

/** Picks what may be seen out of an entity, which also holds the key's hash. */
export function viewApiKey(apiKey: Partial<ApiKeyView> & Nullish<ApiKeyView>): ApiKeyView {
  return {
    id: apiKey.id,
    name: apiKey.name,
    prefix: apiKey.prefix,
    scopes: apiKey.scopes,
    projectIds: apiKey.projectIds ?? null,
    expiresAt: apiKey.expiresAt ?? null,
    lastUsedAt: apiKey.lastUsedAt ?? null,
    revokedAt: apiKey.revokedAt ?? null,
    createdAt: apiKey.createdAt,
  };
}

export const organizationRole = z.enum(['owner', 'member']);
export type OrganizationRole = z.infer<typeof organizationRole>;

/** An organization's public profile, and what the caller is in it. */
export const organizationView = actorView.extend({
  /** The caller's own role; null: no member. */
  role: organizationRole.nullable(),
  metadata: z.record(z.string(), z.unknown()),
  updatedAt: moment,
  deletedAt: moment.nullable(),
});
export type OrganizationView = z.infer<typeof organizationView>;

type OrganizationSource = Omit<OrganizationView, 'orcid' | 'deletedAt' | 'role'> & {
  orcid?: string | null | undefined;
  deletedAt?: Date | null | undefined;
};

export function viewOrganization(
  organization: OrganizationSource,
  role: OrganizationRole | null,
): OrganizationView {
  return {
    ...viewActorRef(organization),
    orcid: organization.orcid ?? null,
    createdAt: organization.createdAt,
    role,
    metadata: organization.metadata,
    updatedAt: organization.updatedAt,
    deletedAt: organization.deletedAt ?? null,
  };
}

export const organizationMemberView = z.object({
  organizationId: uuid,
  actor: actorRef,
  role: organizationRole,
  addedAt: moment,
});
export type OrganizationMemberView = z.infer<typeof organizationMemberView>;
