import { TRPCClientError } from '@trpc/client';
import type { ErrorCode } from '../../src/errors.ts';

/** Why a call failed, in the server's own terms. */
export interface TesseraFailure {
  /** Of the server's table of errors, such as `FORBIDDEN` or `VERSION_CLASH`. */
  code: ErrorCode;
  /** What happened. */
  message: string;
  /** What to do about it. */
  remedy: string;
  /** For bad input: field path → what is wrong with it. */
  fields: Record<string, string>;
  /** What a program can work with; empty for most codes. `POLICY_STALE`: what changed meanwhile. */
  details: Record<string, unknown>;
}

/**
 * Reads why the server refused a call or ended a subscription; takes what was caught, or given to `onError`.
 * Undefined when the server did not answer (no network, a proxy's error page) or it is no error of a call.
 */
export function readFailure(error: unknown): TesseraFailure | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('code' in data) || !('remedy' in data)) return undefined;
  const { fields, details } = data as Partial<Pick<TesseraFailure, 'fields' | 'details'>>;
  return {
    code: data.code as ErrorCode,
    message: error.message,
    remedy: String(data.remedy),
    fields: fields ?? {},
    details: details ?? {},
  };
}
