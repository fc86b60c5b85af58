import {
  type Told,
  commitTo,
  isErased,
  nobody,
  personOfCall,
  personOfChanges,
  personalKeys,
} from './personalValues.ts';

/** The part of a row of the audit log that may be personal. */
export interface ConcealableRow extends Told {
  id: string;
  ip_address: string | null;
  user_agent: string | null;
}

/** A personal value of a row: where it stands and whose it is. */
export interface PersonalValue {
  place: 'ip_address' | 'user_agent' | `changes.${string}.${'old' | 'new'}`;
  person: string;
  value: unknown;
}

/** The personal values of a row, always in the same order; erased ones too. */
export function personalValuesOf(row: ConcealableRow): PersonalValue[] {
  const caller = personOfCall(row);
  const found: PersonalValue[] = [
    { place: 'ip_address', person: caller, value: row.ip_address },
    { place: 'user_agent', person: caller, value: row.user_agent },
  ];
  const person = personOfChanges(row) ?? nobody;
  for (const key of personalKeys[row.entity_type] ?? []) {
    const change = row.changes[key];
    for (const side of ['old', 'new'] as const)
      if (change && side in change)
        found.push({ place: `changes.${key}.${side}`, person, value: change[side] });
  }
  return found;
}

/** Whether there is something to keep to oneself: that a value is missing is not. */
export const isPlain = (value: unknown): boolean => value !== null && !isErased(value);

/** A value as a seal takes it in. @param salt of its person; without one it is as good as changed. */
export function conceal(
  row: ConcealableRow,
  { place, value }: PersonalValue,
  salt: Buffer | undefined,
): unknown {
  if (!isPlain(value)) return value;
  return salt ? commitTo(value, `${row.id} ${place}`, salt) : null;
}
