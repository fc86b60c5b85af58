let moment: number | undefined;

function forget(): void {
  moment = undefined;
}

/**
 * `performance.now()` as it was when it was first asked for in this turn of the event loop: thousands of
 * subscribers are served in one, and each would ask.
 */
export function turnTime(): number {
  if (moment === undefined) {
    moment = performance.now();
    setImmediate(forget);
  }
  return moment;
}
