/** What people typed, as part of a pattern of LIKE: its own wildcards stand for themselves. */
export const escapeLike = (part: string): string => part.replaceAll(/[\\%_]/g, String.raw`\$&`);
