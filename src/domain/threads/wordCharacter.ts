const scripts = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar'];
const spaceless = String.raw`[${scripts.map((script) => String.raw`\p{Script=${script}}`).join('')}]`;

/** Source of a regular expression with the flag `u`: a letter or digit, except of scripts that are written without spaces. */
export const wordCharacter = String.raw`(?!${spaceless})[\p{L}\p{M}\p{N}]`;
