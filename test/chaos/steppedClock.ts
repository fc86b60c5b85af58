/** Loaded before a process of the chaos test: each SIGUSR2 sets its clock an hour forward, then back behind, then right. */
const hour = 3_600_000;
const steps = [hour, -hour, 0];
const RealDate = Date;
let step = steps.length - 1;
const now = () => RealDate.now() + (steps[step] ?? 0);

process.on('SIGUSR2', () => {
  step = (step + 1) % steps.length;
});

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, values: [], newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
