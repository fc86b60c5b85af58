import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyReply } from 'fastify';
import { TesseraError } from '../errors.ts';

function toFailure(error: unknown, requestId: string): TesseraError {
  if (error instanceof TesseraError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new TesseraError('PAYLOAD_TOO_LARGE');
  return new TesseraError('INTERNAL', { requestId }, { cause: error });
}

/** Answers a request outside tRPC with an error of the table. @returns that error. */
export async function answerFailure(
  reply: FastifyReply,
  error: unknown,
  requestId: string,
): Promise<TesseraError> {
  const failure = toFailure(error, requestId);
  const { errorCode: code, message, remedy } = failure;
  await reply.code(getHTTPStatusCodeFromError(failure)).send({ code, message, remedy });
  return failure;
}
