/** What the statements of this folder return of an account: bigint would come as text. */
export const accountColumns = (table: string) => `
  ${table}.id, ${table}.credits::float8 as credits, ${table}.credits_held::float8 as "creditsHeld",
  ${table}.credit_debt::float8 as "creditDebt"`;
