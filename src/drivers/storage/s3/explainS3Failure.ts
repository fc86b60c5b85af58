import { S3ServiceException } from '@aws-sdk/client-s3';
import { TesseraError, fail } from '../../../errors.ts';

/** What went wrong, in S3's own word or the network's; neither names of buckets nor credentials, which its messages hold. */
function nameFailure(error: unknown): string | null {
  if (error instanceof S3ServiceException) return `${error.name} (${error.$metadata.httpStatusCode ?? '–'})`;
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string' && /^(E[A-Z_]+|CERT_\w+)$/.test(error.code))
    return error.code;
  return ['TimeoutError', 'CredentialsProviderError'].includes(error.name) ? error.name : null;
}

export function isNoSuchKey(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** Raises what callers of a storage know: NOT_FOUND, UNAVAILABLE; passes on what is not of the store. */
export function explainS3Failure(error: unknown): never {
  if (error instanceof TesseraError) throw error;
  if (isNoSuchKey(error)) return fail('NOT_FOUND', { thing: 'stored file' });
  const name = nameFailure(error);
  if (name === null) throw error;
  const cause = new Error(`the object store says ${name}`);
  return fail('UNAVAILABLE', { reason: 'the store of files does not answer as it should' }, { cause });
}

const reasons: readonly [RegExp, string][] = [
  [/^NoSuchBucket|^NotFound/, 'there is no such bucket'],
  [/^InvalidAccessKeyId|^SignatureDoesNotMatch|^InvalidToken|^ExpiredToken/, 'its credentials are wrong'],
  [/^CredentialsProviderError/, 'no credentials for it were found'],
  [/^AccessDenied|^Forbidden/, 'the account may not'],
  [/^PermanentRedirect|^AuthorizationHeaderMalformed|^IllegalLocation/, 'it is in another region'],
  [/^RequestTimeTooSkewed/, 'the clock of this machine is wrong'],
  [/^E[A-Z]|^CERT|^TimeoutError/, 'it cannot be reached'],
];

/** Why a bucket cannot be used, for whoever set it up. */
export function explainRefusal(error: unknown): string {
  const name = nameFailure(error);
  if (name === null) return error instanceof Error ? error.message : String(error);
  const reason = reasons.find(([pattern]) => pattern.test(name))?.[1] ?? 'it refuses';
  return `${reason} (${name})`;
}
