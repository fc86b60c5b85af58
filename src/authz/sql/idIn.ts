/** The SQL for ids in the text of rules. */
interface IdIn {
  /** Whether there is one; to be asked before, in the same WHERE. */
  isThere: string;
  /** The id as a uuid. */
  id: string;
}

/**
 * The id in `user:<id>` or `project:<id>`. A rule may hold any text there, put in by other hands: one that is
 * no id, in lower case, names nobody. One regular expression says the same and takes six times as long.
 */
export function idIn(column: string, prefix: 'user' | 'project'): IdIn {
  const start = prefix.length + 2;
  const text = `substring(${column} from ${start})`;
  return {
    isThere: `${column} like '${prefix}:________-____-____-____-____________' and length(replace(${text}, '-', '')) = 32 and ${text} !~ '[^0-9a-f-]'`,
    id: `${text}::uuid`,
  };
}
