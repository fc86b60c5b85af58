import { type AnyTRPCRouter, type TRPCProcedureType, callTRPCProcedure } from '@trpc/server';
import type { Gateway, SocketOrigin } from './Gateway.ts';
import type { CallMessage } from './protocol.ts';

/** A call of a client, and the context that it runs in. */
export interface SocketCall {
  type: TRPCProcedureType;
  path: string;
  input: unknown;
  ctx: object;
  requestId: string;
  /** Place in the frame's array. */
  batchIndex: number;
}

/** tRPC's rule: the cursor of a resuming subscription becomes a field of its input. */
function mergeCursor(input: unknown, lastEventId: string | null | undefined): unknown {
  if (typeof lastEventId !== 'string') return input;
  if (typeof input === 'object' && input !== null) return { ...input, lastEventId };
  return input ?? { lastEventId };
}

/** Reads a message's input. @throws what the router's transformer throws for an input that it refuses. */
export function readCall(
  { router, createContext }: Pick<Gateway, 'router' | 'createContext'>,
  message: CallMessage,
  origin: SocketOrigin,
  batchIndex: number,
): SocketCall {
  const { path, input: sent, lastEventId } = message.params;
  const { requestId } = origin;
  const input = mergeCursor(router._def._config.transformer.input.deserialize(sent), lastEventId);
  return { type: message.method, path, input, ctx: createContext(origin), requestId, batchIndex };
}

/** Runs a procedure with its parsers and middleware. @throws what they throw, and NOT_FOUND for an unknown path. */
export async function callProcedure(
  router: AnyTRPCRouter,
  call: SocketCall,
  signal: AbortSignal,
): Promise<unknown> {
  const { type, path, input, ctx, batchIndex } = call;
  return callTRPCProcedure({ router, path, getRawInput: async () => input, ctx, type, signal, batchIndex });
}
