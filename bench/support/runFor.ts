/** Does the work over and over, so many at once, for some seconds. @returns how often per second. */
export async function runFor(
  seconds: number,
  atOnce: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  const began = performance.now();
  let count = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1000) {
      count += 1;
      await work(count);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return (count * 1000) / (performance.now() - began);
}
