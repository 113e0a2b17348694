// getopt_long as glibc has it, messages too: bundled short options, arguments attached or next, abbreviated long
// options, words that are no options between them, `--`. Knows nothing of what the options mean.

/** An option's name. Short ones have one character. `argument` says whether a value follows. */
export interface OptionShape {
  /** The letter, or '' for an option with only a long name. */
  readonly short: string;
  /** Long names; the first one is the option's own. */
  readonly long: readonly string[];
  /**
   * `optional`: the next word, when `accepts` says it is one (Apple's -k and -t); a long name also takes `=value`.
   */
  readonly argument: 'none' | 'required' | 'optional';
  readonly accepts?: ((word: string) => boolean) | undefined;
}

/** A bad command line. The message is glibc's, to go after `pktap: ` and before the usage. */
export class UsageError extends Error {
  /** Usage is shown behind the message. */
  readonly misused = true;
}

/** What the words come apart into. */
export interface SplitWords {
  /** Words that are no options, up to `--`. */
  readonly words: string[];
  /** Words after `--`, null when there was none. */
  readonly rest: string[] | null;
}

/**
 * Hands every option to `take`, in order.
 * @param args the words after the command's name
 * @param options what is known
 * @param take gets the option and its value, null when there is none; what it throws ends the parsing
 * @returns the other words
 * @throws UsageError for an unknown option, a missing or an unwanted argument
 */
export function getopt<Option extends OptionShape>(
  args: readonly string[],
  options: readonly Option[],
  take: (option: Option, value: string | null) => void,
): SplitWords {
  const words: string[] = [];
  const left = new Words(args);
  for (let word = left.next(); word !== null; word = left.next()) {
    if (word === '--') return { words, rest: left.rest() };
    if (word.startsWith('--')) takeLong(word.slice(2), options, left, take);
    else if (word.startsWith('-') && word !== '-') takeShort(word.slice(1), options, left, take);
    else words.push(word);
  }
  return { words, rest: null };
}

/** The words that are left. */
class Words {
  private at = 0;

  constructor(private readonly args: readonly string[]) {}

  /** Takes the next word; null: none is left. */
  next(): string | null {
    return this.args[this.at++] ?? null;
  }

  rest(): string[] {
    return this.args.slice(this.at);
  }

  /** Takes the next word where it is a value that the option accepts. */
  valueFor(option: OptionShape): string | null {
    const word = this.args[this.at];
    if (word === undefined || word.startsWith('-') || option.accepts?.(word) !== true) return null;
    return this.next();
  }

  /** Takes the next word, which an option needs. @param missing what is said without one */
  needed(missing: string): string {
    const word = this.next();
    if (word === null) throw new UsageError(missing);
    return word;
  }
}

/** Takes a long option. @param text what follows `--` */
function takeLong<Option extends OptionShape>(
  text: string,
  options: readonly Option[],
  left: Words,
  take: (option: Option, value: string | null) => void,
): void {
  const equals = text.indexOf('=');
  const attached = equals < 0 ? null : text.slice(equals + 1);
  const [option, name] = findLong(options, equals < 0 ? text : text.slice(0, equals));
  if (option.argument === 'none') {
    if (attached !== null) throw new UsageError(`option '--${name}' doesn't allow an argument`);
    take(option, null);
  } else if (attached !== null) {
    take(option, attached);
  } else if (option.argument === 'optional') {
    take(option, left.valueFor(option));
  } else {
    take(option, left.needed(`option '--${name}' requires an argument`));
  }
}

/** Takes short options. @param text what follows `-`: letters, and the value of the last */
function takeShort<Option extends OptionShape>(
  text: string,
  options: readonly Option[],
  left: Words,
  take: (option: Option, value: string | null) => void,
): void {
  const letters = [...text];
  for (const [i, letter] of letters.entries()) {
    const option = options.find(({ short }) => short === letter);
    if (option === undefined) throw new UsageError(`invalid option -- '${letter}'`);
    const attached = letters.slice(i + 1).join('');
    if (option.argument === 'none') {
      take(option, null);
    } else if (option.argument === 'optional') {
      take(option, attached === '' ? left.valueFor(option) : null);
    } else {
      take(option, attached === '' ? left.needed(`option requires an argument -- '${letter}'`) : attached);
      return;
    }
  }
}

/** The option of a long name or of an abbreviation that only one option has. */
function findLong<Option extends OptionShape>(
  options: readonly Option[],
  name: string,
): [option: Option, longName: string] {
  const candidates: [Option, string][] = [];
  for (const option of options) {
    for (const long of option.long) {
      if (long === name) return [option, long];
      if (long.startsWith(name)) candidates.push([option, long]);
    }
  }
  if (candidates.length === 0) throw new UsageError(`unrecognized option '--${name}'`);
  if (candidates.every(([option]) => option === candidates[0]![0])) return candidates[0]!;
  const possibilities = candidates.map(([, long]) => `'--${long}'`).join(' ');
  throw new UsageError(`option '--${name}' is ambiguous; possibilities: ${possibilities}`);
}
