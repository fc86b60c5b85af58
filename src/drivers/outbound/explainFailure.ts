/** What went wrong between here and a receiver, in words that tell nothing about this network. */
const sentences: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of its host was not found',
  ENODATA: 'the name of its host has no address',
  ESERVFAIL: 'the name of its host could not be looked up',
  ETIMEOUT: 'the name of its host could not be looked up in time',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  EHOSTUNREACH: 'its host could not be reached',
  ENETUNREACH: 'its host could not be reached',
  ETIMEDOUT: 'it could not be connected to in time',
  UND_ERR_CONNECT_TIMEOUT: 'it could not be connected to in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'the head of its answer was too large',
  UND_ERR_SOCKET: 'the connection was broken off',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate could not be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

function* causesOf(error: unknown): Generator<{ name: string; code: string }> {
  for (let at = error; at instanceof Error; at = at.cause) {
    yield { name: at.name, code: 'code' in at ? String(at.code) : '' };
    if (at instanceof AggregateError) for (const inner of at.errors) yield* causesOf(inner);
  }
}

/** Says in words why a request failed. */
export function explainFailure(error: unknown): string {
  for (const { name, code } of causesOf(error)) {
    if (name === 'TimeoutError') return 'it did not answer in time';
    const known = sentences[code];
    if (known) return known;
    if (code.startsWith('HPE_')) return 'its answer was not HTTP';
    if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'no secure connection could be made';
  }
  return 'the request failed';
}
