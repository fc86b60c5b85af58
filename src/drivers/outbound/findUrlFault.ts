/**
 * What is wrong with an address that requests are to be sent to, whoever asks and wherever it leads.
 * @returns undefined when nothing is; otherwise what it must or must not.
 */
export function findUrlFault(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.hash !== '') return 'must not hold a fragment (#…)';
  return undefined;
}
