/**
 * Milliseconds of a clock that does not step, since the process began: whole ones, for a number with a fraction takes
 * memory of its own wherever one is kept, and every connection keeps several.
 */
export const wholeNow = (): number => Math.round(performance.now());
