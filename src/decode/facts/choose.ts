// Fields by their names, as --fields, --summary and -Q give them; the list of all for people.

import { DEFAULT_FIELDS, FIELDS, type Field, fieldByName } from './fields.js';
import { nearest } from './nearest.js';

/** A field that there is not. The message is one line, with the nearest names. */
export class UnknownFieldError extends Error {
  override readonly name = 'UnknownFieldError';

  /** @param field the name that was given */
  constructor(readonly field: string) {
    super(unknownField(field));
  }
}

/** What is said of a name that no field has. */
export function unknownField(name: string): string {
  const near = nearest(
    name,
    FIELDS.map((field) => field.name),
  );
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name).slice(1, -1);
  const hint = near.length === 0 ? '--fields help lists them' : `did you mean ${near.join(', ')}?`;
  return `there is no field '${shown}'; ${hint}`;
}

/**
 * @param names separated by commas; `all` stands for all but `info`; each field is taken once
 * @throws UnknownFieldError
 */
export function chooseFields(names: string): Field[] {
  const chosen = new Set<Field>();
  for (const name of names.split(',').map((one) => one.trim())) {
    if (name === 'all') for (const field of DEFAULT_FIELDS) chosen.add(field);
    else {
      const field = fieldByName(name);
      if (field === null) throw new UnknownFieldError(name);
      chosen.add(field);
    }
  }
  return [...chosen];
}

/** Types of fields, for people. */
export const TYPE_WORDS: Readonly<Record<Field['type'], string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  strings: 'list of texts',
  time: 'time',
  epoch: 'number',
  bytes: 'bytes',
};

/** What --fields help prints. */
export function fieldsHelp(): string {
  const width = Math.max(...FIELDS.map(({ name }) => name.length));
  const line = ({ name, type, unit, help }: Field): string => {
    const word = TYPE_WORDS[type];
    return `${name.padEnd(width)}  ${(unit === null ? word : `${word}, ${unit}`).padEnd(19)}  ${help}\n`;
  };
  return FIELDS.map(line).join('');
}
