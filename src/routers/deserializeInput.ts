import { fail } from '../errors.ts';

/** Deeper input is refused, so that nothing that walks it runs out of stack. */
const deepest = 100;
/** Digits of a bigint; reading one takes more than linear time. */
const longestBigint = 400;

function refuse(reason: string): never {
  return fail('MALFORMED_REQUEST', { reason });
}

/** Refuses keys that reach a prototype, which superjson could not write out again either. */
function checkKeys(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > deepest) refuse(`the input is nested more than ${deepest} deep`);
  if (Array.isArray(value)) {
    for (const element of value) checkKeys(element, depth + 1);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      refuse(`the input has a property named ${key}`);
    }
    checkKeys(inner, depth + 1);
  }
}

/** The keys of a path; `.` parts them, `\` escapes (`\\` only since superjson's `v` 1). */
function parsePath(path: string, legacy: boolean): string[] {
  if (!path.includes('\\')) return path.split('.');
  const pieces = path.match(legacy ? /\\\.|[^]/g : /\\[\\.]|[^]/g) ?? [];
  const keys = [''];
  for (const piece of pieces) {
    if (piece === '.') keys.push('');
    else keys[keys.length - 1] += piece.length === 2 ? piece[1]! : piece;
  }
  return keys;
}

/** A value and the place that it stands in, so that it can be replaced. */
interface Slot {
  holder: Record<string, unknown>;
  key: string;
}

/** Follows own properties only: a path elsewhere would reach prototypes, or make arrays of any length. */
function findSlot(slot: Slot, path: string, legacy: boolean): Slot {
  let found = slot;
  for (const key of parsePath(path, legacy)) {
    const holder = found.holder[found.key];
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) {
      refuse('its meta names a value that is not there');
    }
    if (Array.isArray(holder) && key === 'length') refuse('its meta names a value that is not there');
    found = { holder: holder as Record<string, unknown>, key };
  }
  return found;
}

const numbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** What a type of superjson makes of its JSON; undefined when it cannot be that type. */
const readers: Readonly<Record<string, (json: unknown) => { value: unknown } | undefined>> = {
  undefined: () => ({ value: undefined }),
  Date: (json) => (typeof json === 'string' ? { value: new Date(json) } : undefined),
  number: (json) =>
    typeof json === 'string' && Object.hasOwn(numbers, json) ? { value: numbers[json] } : undefined,
  bigint: (json) =>
    typeof json === 'string' && json.length <= longestBigint && /^-?\d+$/.test(json)
      ? { value: BigInt(json) }
      : undefined,
  URL: (json) => (typeof json === 'string' && URL.canParse(json) ? { value: new URL(json) } : undefined),
  set: (json) => (Array.isArray(json) ? { value: new Set(json) } : undefined),
  map: (json) =>
    Array.isArray(json) && json.every((entry) => Array.isArray(entry) && entry.length === 2)
      ? { value: new Map(json as [unknown, unknown][]) }
      : undefined,
};

function readSlot({ holder, key }: Slot, type: unknown): void {
  if (typeof type !== 'string' || !Object.hasOwn(readers, type))
    refuse('its meta has a type that is not taken');
  const read = readers[type]!(holder[key]);
  if (!read) refuse(`its meta calls something a ${type} that is none`);
  holder[key] = read.value;
}

/** Applies superjson's tree of notes: `{path: notes}`, `[type]` or `[type, {path: notes}]`. */
function applyNotes(notes: unknown, slot: Slot, depth: number, legacy: boolean): void {
  if (typeof notes !== 'object' || notes === null) refuse('its meta is not in the superjson format');
  if (depth > deepest) refuse(`its meta is nested more than ${deepest} deep`);
  // What lies inside a set or map is read while it is still an array.
  const inner: unknown = Array.isArray(notes) ? notes[1] : notes;
  if (inner !== undefined) {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
      refuse('its meta is not in the superjson format');
    }
    for (const [path, further] of Object.entries(inner)) {
      applyNotes(further, findSlot(slot, path, legacy), depth + 1, legacy);
    }
  }
  if (Array.isArray(notes)) readSlot(slot, notes[0]);
}

/**
 * Reads an input in the superjson format: `{json, meta?}`, as JSON.parse gave it. The object is taken over
 * and changed in place; without `meta` its `json` is the result. Nothing sent gives undefined.
 *
 * superjson's own reader is not used, for it trusts its input: a path may set an index of a thousand million
 * in an array, or lie so deep or in so large a set that few bytes cost seconds, and `referentialEqualities`
 * can tie a small input into one that is endless to walk. They are left out: both values are in the JSON.
 * Types that no procedure takes (Error, RegExp, symbols, typed arrays, classes) are refused.
 * @throws MALFORMED_REQUEST
 */
export function deserializeInput(payload: unknown): unknown {
  if (payload === undefined) return undefined;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    refuse('the input is not an object {json, meta}');
  }
  const { json, meta } = payload as { json?: unknown; meta?: unknown };
  checkKeys(json, 0);
  if (meta === undefined || meta === null) return json;
  if (typeof meta !== 'object') refuse('its meta is not an object');
  const { values, v } = meta as { values?: unknown; v?: unknown };
  if (values === undefined || values === null) return json;
  const root = { json };
  applyNotes(values, { holder: root, key: 'json' }, 0, !(typeof v === 'number' && v >= 1));
  return root.json;
}
