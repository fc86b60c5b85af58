/**
 * SQL conditions for what a filter asks, their values numbered from `first`. Each combination is a statement
 * of its own: `$2 is null or status = $2` would keep the generic plan from using an index.
 * @param conditions for each key of the filter, its condition with `$` where the value goes.
 * @returns `key` names the combination, for the names of prepared statements.
 */
export function composeConditions<F extends object>(
  filter: F,
  conditions: Record<keyof F, string>,
  first: number,
): { key: string; sql: string; values: unknown[] } {
  const asked = (Object.keys(conditions) as (keyof F & string)[]).filter(
    (name) => filter[name] !== undefined,
  );
  return {
    key: asked.join(' '),
    sql: asked.map((name, index) => ` and ${conditions[name].replace('$', `$${first + index}`)}`).join(''),
    values: asked.map((name) => filter[name]),
  };
}
