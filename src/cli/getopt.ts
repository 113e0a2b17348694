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
  readonly accepts?: (word: string) => boolean;
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
  let at = 0;
  const next = (): string | undefined => args[at];

  const optional = (option: Option): string | null => {
    const word = next();
    if (word === undefined || word.startsWith('-') || option.accepts?.(word) !== true) return null;
    at++;
    return word;
  };

  while (at < args.length) {
    const word = args[at++]!;
    if (word === '--') return { words, rest: args.slice(at) };
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const attached = equals < 0 ? null : word.slice(equals + 1);
      const [option, longName] = findLong(options, name);
      if (option.argument === 'none') {
        if (attached !== null) throw new UsageError(`option '--${longName}' doesn't allow an argument`);
        take(option, null);
      } else if (attached !== null) {
        take(option, attached);
      } else if (option.argument === 'optional') {
        take(option, optional(option));
      } else {
        if (next() === undefined) throw new UsageError(`option '--${longName}' requires an argument`);
        take(option, args[at++]!);
      }
    } else if (word.startsWith('-') && word !== '-') {
      const letters = [...word.slice(1)];
      for (let i = 0; i < letters.length; i++) {
        const letter = letters[i]!;
        const option = options.find((o) => o.short === letter);
        if (option === undefined) throw new UsageError(`invalid option -- '${letter}'`);
        const attached = letters.slice(i + 1).join('');
        if (option.argument === 'none') {
          take(option, null);
        } else if (option.argument === 'optional') {
          take(option, attached === '' ? optional(option) : null);
        } else {
          if (attached === '' && next() === undefined) {
            throw new UsageError(`option requires an argument -- '${letter}'`);
          }
          take(option, attached === '' ? args[at++]! : attached);
          break;
        }
      }
    } else {
      words.push(word);
    }
  }
  return { words, rest: null };
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
