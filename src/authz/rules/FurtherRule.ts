/** A rule that Casbin cannot say, in words: a predicate of this folder that procedures ask after the roles. */
export interface FurtherRule {
  /** A sentence for administrators. */
  says: string;
  /** Names of the procedures that ask it. */
  procedures: readonly string[];
}
