import { normalizeText } from './normalizeKey.ts';

/** What a row may refer to, within the project that it comes from. */
interface Referable {
  project: string;
  identifier: string | null;
  name: string;
  /** Stands for the pattern: its import key, or `id:` and its id. */
  token: string;
}

/**
 * Finds what rows refer to: in the project that they come from, by identifier and then by name; else among
 * what people made where it is imported, by identifier. (What was imported from elsewhere is left out: it would
 * be there the second time, and not the first.) What one text means may not depend on the order of rows, so a
 * text that means two things means none.
 */
export class ReferenceIndex {
  readonly #byIdentifier = new Map<string, Set<string>>();
  readonly #byName = new Map<string, Set<string>>();
  readonly #made: ReadonlyMap<string, string>;

  /** @param made identifier → token of what people made in the project that is imported into */
  constructor(made: ReadonlyMap<string, string>) {
    this.#made = made;
  }

  add({ project, identifier, name, token }: Referable): void {
    if (identifier) put(this.#byIdentifier, keyOf(project, identifier), token);
    put(this.#byName, keyOf(project, name), token);
  }

  /** @returns the token, or what is wrong with the reference. */
  find(project: string, reference: string): { token: string } | { fault: string } {
    const key = keyOf(project, reference);
    for (const index of [this.#byIdentifier, this.#byName]) {
      const [token, ...others] = index.get(key) ?? [];
      if (token === undefined) continue;
      return others.length === 0 ? { token } : { fault: `${reference} names more than one` };
    }
    const token = this.#made.get(reference);
    return token === undefined ? { fault: `${reference} is not known` } : { token };
  }
}

const keyOf = (project: string, text: string) => `${normalizeText(project)}\n${normalizeText(text)}`;

function put(index: Map<string, Set<string>>, key: string, token: string): void {
  const known = index.get(key);
  if (known) known.add(token);
  else index.set(key, new Set([token]));
}
