import type { TRPCDefaultErrorShape, TRPCError } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { z } from 'zod';
import { type ErrorCode, TesseraError, errorTable } from '../errors.ts';
import { translateDatabaseError } from '../database/translateError.ts';
import type { Context } from './context.ts';
import { describeFault } from './describeFault.ts';

export interface ErrorShape extends Omit<TRPCDefaultErrorShape, 'data'> {
  data: {
    /** Of the table in errors.ts. */
    code: ErrorCode;
    httpStatus: number;
    path?: string;
    remedy: string;
    /** For bad input: field path → what is wrong with it. */
    fields?: Record<string, string>;
    /** What a program can work with, of the errors that say so: see docs/errors.md. */
    details?: Record<string, unknown>;
  };
}

/** tRPC's own codes that are no row of the table by the same name. */
const ownCodes: Partial<Record<TRPCError['code'], ErrorCode>> = {
  BAD_REQUEST: 'MALFORMED_REQUEST',
  PARSE_ERROR: 'MALFORMED_REQUEST',
  UNSUPPORTED_MEDIA_TYPE: 'MALFORMED_REQUEST',
  NOT_FOUND: 'UNKNOWN_PROCEDURE',
  METHOD_NOT_SUPPORTED: 'METHOD_NOT_SUPPORTED',
  PAYLOAD_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
};

function fieldsOf(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[issue.path.join('.') || '(input)'] ??= describeFault(issue);
  return fields;
}

/** Any error as one of the table: what is not ours, and so may tell too much, becomes INTERNAL. */
export function toTesseraError(error: TRPCError, requestId: string): TesseraError {
  if (error instanceof TesseraError) return error;
  if (error.cause instanceof TesseraError) return error.cause;
  if (error.cause instanceof z.ZodError)
    return new TesseraError('BAD_INPUT', {}, { fields: fieldsOf(error.cause) });
  const translated = translateDatabaseError(error.cause);
  if (translated) return translated;
  const code = ownCodes[error.code];
  if (code) return new TesseraError(code, { reason: error.message.slice(0, 200) });
  return new TesseraError('INTERNAL', { requestId }, { cause: error });
}

/** The shape that clients get: message, and in `data` our code, the remedy and the fields at fault. Never a stack. */
export function formatError(options: {
  shape: TRPCDefaultErrorShape;
  error: TRPCError;
  ctx?: Context | undefined;
}): ErrorShape {
  const { shape, error, ctx } = options;
  const ours = toTesseraError(error, ctx?.origin.requestId ?? 'unknown');
  return {
    ...shape,
    code: TRPC_ERROR_CODES_BY_KEY[errorTable[ours.errorCode].trpc],
    message: ours.message,
    data: {
      code: ours.errorCode,
      httpStatus: httpStatus[errorTable[ours.errorCode].trpc] ?? 500,
      ...(shape.data.path === undefined ? {} : { path: shape.data.path }),
      remedy: ours.remedy,
      ...(ours.fields ? { fields: ours.fields } : {}),
      ...(ours.details ? { details: ours.details } : {}),
    },
  };
}

const httpStatus: Partial<Record<TRPCError['code'], number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  CLIENT_CLOSED_REQUEST: 499,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
};
