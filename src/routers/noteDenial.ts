import type { Access } from '../authz/Authorizer.ts';
import type { Denial } from '../authz/DenialLog.ts';
import type { Reason } from '../authz/decide.ts';
import { furtherRulesOf } from '../authz/furtherRules.ts';
import { describeRule } from '../authz/PolicyRule.ts';
import { Hidden } from '../authz/refuse.ts';
import { type ErrorCode, TesseraError } from '../errors.ts';
import type { Context } from './context.ts';

/** Why a call was refused after its roles had allowed it. */
type LaterReason = 'exceedsOwn' | 'notVisible' | 'furtherRule';
export type DenialReason = Reason | LaterReason;

/** Errors by which a procedure refuses a caller whose roles allow the call. */
const refusals: Partial<Record<ErrorCode, LaterReason>> = {
  GRANT_EXCEEDS_OWN: 'exceedsOwn',
  KEY_TOO_NARROW: 'exceedsOwn',
  FORBIDDEN: 'furtherRule',
  NOT_AUTHOR: 'furtherRule',
  NOT_AUTHOR_OR_MODERATOR: 'furtherRule',
};

function reasonOf(error: unknown): LaterReason | undefined {
  if (!(error instanceof TesseraError)) return undefined;
  if (error instanceof Hidden) return error.thing === 'project' ? 'notVisible' : 'furtherRule';
  return refusals[error.errorCode];
}

function note(
  { denials, origin }: Context,
  access: Access,
  denial: Pick<Denial, 'permission' | 'projectId' | 'findRule'> & { reason: DenialReason },
): void {
  const { caller, roles } = access;
  // Who is not signed in is nobody to tell of: such calls are counted among the metrics alone.
  if (!caller) return;
  denials.note({
    ...denial,
    actorId: caller.id,
    roles,
    via: caller.apiKeyId ? 'api_key' : 'session',
    requestId: origin.requestId,
    ipAddress: origin.ipAddress,
    userAgent: origin.userAgent,
  });
}

/** Records that the roles of a caller, or something before them, did not allow a call. */
export function noteDenial(ctx: Context, access: Access, permission: string): void {
  const verdict = access.judge(permission);
  note(ctx, access, {
    permission,
    projectId: verdict.reason === 'noSuchProject' ? null : access.projectId,
    reason: verdict.reason,
    findRule: () => verdict.rule && describeRule(verdict.rule),
  });
}

/** Records that a procedure itself refused its caller; every other error is none of a denial. */
export function noteRefusal(ctx: Context, access: Access, permission: string, error: unknown): void {
  const reason = reasonOf(error);
  if (!reason) return;
  note(ctx, access, {
    permission,
    projectId: error instanceof Hidden ? (error.projectId ?? access.projectId) : access.projectId,
    reason,
    findRule: () => furtherRulesOf(permission).join(' ') || null,
  });
}
