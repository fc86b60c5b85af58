/** The columns of the files that an import understands, by the names under which Airtable bases have them. */

/** In the order of preference: the first that a file has is taken, others stay as they are in the raw row. */
const aliases = {
  name: ['name', 'fieldname', 'modelname', 'collectionname', 'label', 'title'],
  identifier: ['identifier', 'id', 'fieldid', 'modelid', 'collectionid', 'code'],
  description: ['description', 'definition', 'scopenote'],
  uri: ['uri', 'iri', 'url'],
  rdfType: ['rdftype', 'rdfclass', 'type', 'class'],
  ontologyPath: ['ontologypath', 'semanticpath', 'path'],
  category: ['category'],
  project: ['project', 'originalproject', 'base', 'source'],
  fields: ['fields'],
  cardinalities: ['cardinalities', 'fieldcardinalities', 'cardinality'],
  collections: ['collections'],
} as const;
export type ColumnName = keyof typeof aliases;

/** `RDF Type`, `rdf_type` and `rdfType` are one. */
function simplify(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Where each column stands that the import understands. */
export function findColumns(headers: readonly string[]): Partial<Record<ColumnName, number>> {
  const simple = headers.map(simplify);
  const found: Partial<Record<ColumnName, number>> = {};
  for (const name of Object.keys(aliases) as ColumnName[]) {
    for (const alias of aliases[name]) {
      const at = simple.indexOf(alias);
      if (at === -1) continue;
      found[name] = at;
      break;
    }
  }
  return found;
}

/** Keys that reach a prototype, which no answer could hold. */
const unusable = new Set(['', '__proto__', 'constructor', 'prototype']);

/** Headers that tell the cells of a row apart: `Column 3` for one that says nothing, `Notes (2)` for a second `Notes`. */
export function nameHeaders(headers: readonly string[]): string[] {
  const taken = new Set<string>();
  return headers.map((header, index) => {
    const trimmed = header.trim();
    const base = unusable.has(trimmed) ? `Column ${index + 1}` : trimmed;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base} (${number})`;
    taken.add(name);
    return name;
  });
}
