/** A bucket of an S3-compatible store, as STORAGE_URL names it. */
export interface S3Target {
  bucket: string;
  /** Comes before every key; empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** undefined: that of AWS. */
  endpoint: string | undefined;
  /** Whether the bucket stands in the path of requests and not in the name of the host. */
  isPathStyle: boolean;
}

const known = new Set(['region', 'endpoint', 'pathStyle']);

function readEndpoint(text: string | null): string | undefined {
  if (text === null) return undefined;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    throw new TypeError('its endpoint must be an http(s):// address without credentials');
  return url.href.replace(/\/$/, '');
}

/**
 * Reads `s3://bucket/prefix?region=…&endpoint=…&pathStyle=1`.
 * @throws TypeError that says what is wrong, without the credentials that somebody may have put into it.
 */
export function readStorageUrl(text: string): S3Target {
  const url = URL.parse(text);
  if (url?.protocol !== 's3:') throw new TypeError('must be s3://bucket/prefix?region=…');
  if (url.username !== '' || url.password !== '')
    throw new TypeError('must not hold credentials; give them as S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host))
    throw new TypeError('its bucket has no valid name');
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!/^([\w.-]+(\/[\w.-]+)*)?$/.test(prefix) || prefix.length > 300)
    throw new TypeError('its prefix must be of A–Z a–z 0–9 . _ - and /');
  const odd = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (odd !== undefined) throw new TypeError(`has no parameter ${odd}; there are ${[...known].join(', ')}`);
  const endpoint = readEndpoint(url.searchParams.get('endpoint'));
  const region = url.searchParams.get('region') ?? (endpoint === undefined ? '' : 'us-east-1');
  if (!/^[a-z0-9-]{2,40}$/.test(region)) throw new TypeError('needs region=…, such as region=eu-central-1');
  const style = url.searchParams.get('pathStyle') ?? '0';
  if (style !== '0' && style !== '1') throw new TypeError('has a pathStyle that is neither 0 nor 1');
  return {
    bucket: url.host,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region,
    endpoint,
    isPathStyle: style === '1',
  };
}
