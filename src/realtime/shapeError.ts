import {
  type AnyTRPCRouter,
  type TRPCProcedureType,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
} from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';

/** The call that failed, as far as it is known. */
export interface FailedCall {
  type: TRPCProcedureType | 'unknown';
  path?: string;
  input?: unknown;
  ctx?: object | undefined;
}

/** Says nothing of the error, which is what the router's formatter would have hidden. */
const fallback = {
  code: TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
  message: 'Internal server error',
  data: { code: 'INTERNAL', httpStatus: 500 },
};

/** What the client is told of an error: the router's own shape, the same as over HTTP. Never throws. */
export function shapeError(
  router: AnyTRPCRouter,
  error: unknown,
  { type, path, input, ctx }: FailedCall,
): unknown {
  try {
    const config = router._def._config;
    return getTRPCErrorShape({ config, error: getTRPCErrorFromUnknown(error), type, path, input, ctx });
  } catch {
    return fallback;
  }
}
