import { Resolver } from 'node:dns/promises';

/**
 * Looks names up without the system's `getaddrinfo`, which works on the few threads that files and hashes need
 * too: names whose servers do not answer would hold up the whole process. The file of hosts is not read, and
 * nobody is asked of names in `.invalid` (RFC 6761, 6.4).
 * @returns what finds all addresses of a name; it raises what `Resolver` does (`ENOTFOUND`, `ETIMEOUT`).
 */
export function openResolver(): (name: string) => Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return async (name) => {
    if (/(?:^|\.)invalid\.?$/.test(name))
      throw Object.assign(new Error(`${name} cannot exist`), { code: 'ENOTFOUND' });
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [first] = answers;
    if (found.length === 0 && first.status === 'rejected') throw first.reason;
    return [...new Set(found)];
  };
}
