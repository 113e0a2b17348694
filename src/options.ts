// Options of the library's functions: a wrong name or value is refused with the option's name, rather than passed over.

/** Says what a value should be, or null when it is that. */
export type Check = (value: unknown) => string | null;

/** A check that says `wanted` of what does not fit. */
function check(wanted: string, fits: (value: unknown) => boolean): Check {
  return (value) => (fits(value) ? null : wanted);
}

export const aBoolean = check('true or false', (value) => typeof value === 'boolean');
export const aText = check('a string', (value) => typeof value === 'string');
export const aFunction = check('a function', (value) => typeof value === 'function');
export const anObject = check('an object', (value) => typeof value === 'object' && value !== null);

/** A whole number. */
export function aNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
  return check(
    `a whole number, ${range}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

export function oneOf(...words: readonly string[]): Check {
  const quoted = words.map((word) => `'${word}'`).join(', ');
  return check(`one of ${quoted}`, (value) => words.includes(value as string));
}

export function listOf(of: Check): Check {
  return (value) =>
    Array.isArray(value) && value.every((one) => of(one) === null) ? null : `a list, each ${of(undefined)}`;
}

/** What either of two takes. */
export function either(one: Check, other: Check): Check {
  return (value) =>
    one(value) === null || other(value) === null ? null : `${one(undefined)} or ${other(undefined)}`;
}

export function orNull(of: Check): Check {
  return (value) => {
    const wanted = value === null ? null : of(value);
    return wanted === null ? null : `${wanted}, or null`;
  };
}

/** An object with options of its own. */
export function objectOf(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'an object';
    for (const [name, one] of Object.entries(value)) {
      const known = Object.hasOwn(checks, name) ? checks[name]! : null;
      if (known === null) return `an object without "${name}"`;
      const wanted = one === undefined ? null : known(one);
      if (wanted !== null) return `an object whose ${name} is ${wanted}`;
    }
    return null;
  };
}

/**
 * @param of the function, for the message
 * @param options what it was given; undefined values count as not given
 * @param checks of every option there is
 * @param needed names of those that must be given
 * @throws TypeError that names the option
 */
export function checkOptions(
  of: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  needed: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${of}: the options must be an object, not ${shown(options)}`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name)) throw new TypeError(`${of}: there is no option "${name}"`);
    const wanted = value === undefined ? null : checks[name]!(value);
    if (wanted !== null) throw new TypeError(`${of}: ${name} must be ${wanted}, not ${shown(value)}`);
  }
  for (const name of needed) {
    if ((options as Record<string, unknown>)[name] === undefined)
      throw new TypeError(`${of}: ${name} must be given`);
  }
}

/** Options without those that are not given, so that they leave defaults alone. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
