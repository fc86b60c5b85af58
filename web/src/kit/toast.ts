export interface Toast {
  id: number;
  message: string;
  kind: 'done' | 'failed';
  /** What can be done about it, as a button. */
  action: ToastAction | undefined;
}

export interface ToastAction {
  /** What the button says. */
  label: string;
  onAct: () => void;
}

/** Milliseconds for which one is shown; a failure stays longer. */
const shownMs = { done: 5_000, failed: 12_000 };
/** With a button it stays long enough to be reached. */
const actionMs = 20_000;

let toasts: readonly Toast[] = [];
let made = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export const dismissToast = (id: number) => change(toasts.filter((shown) => shown.id !== id));

/** Tells in passing what was done, or what went wrong; read out politely, gone by itself. */
export function toast(message: string, kind: Toast['kind'] = 'done', action?: ToastAction): void {
  made += 1;
  const id = made;
  change([...toasts.slice(-3), { id, message, kind, action }]);
  setTimeout(() => dismissToast(id), action ? actionMs : shownMs[kind]);
}

export const readToasts = () => toasts;
export function watchToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
