// The words of the command lines that boot kernels.

export interface Words {
  /** What is not an option: series, page sizes. */
  readonly asked: readonly string[];
  readonly verbose: boolean;
  /** What the names of cases must match. */
  readonly only: string;
  /** How much the ground truth sends; null: as much as it does by itself. */
  readonly scale: number | null;
  /** When the clock ends it all, in its milliseconds. */
  readonly until: number;
}

/** Reads `[NAME…] [--only WORDS] [--minutes NUMBER] [--scale NUMBER] [--verbose]`. @throws Error that says what is wrong */
export function wordsOf(args: readonly string[]): Words {
  const asked: string[] = [];
  const values = new Map<string, string>();
  let verbose = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--verbose') verbose = true;
    else if (['--only', '--minutes', '--scale'].includes(word)) {
      const value = args[++i];
      if (value === undefined) throw new Error(`${word} needs a value`);
      values.set(word, value);
    } else if (word.startsWith('-')) throw new Error(`no option ${word}`);
    else asked.push(word);
  }
  const number = (name: string): number | null => {
    const value = values.get(name);
    if (value === undefined) return null;
    if (!(Number(value) > 0)) throw new Error(`${name}: not a number above 0: ${value}`);
    return Number(value);
  };
  const minutes = number('--minutes') ?? Number.POSITIVE_INFINITY;
  return {
    ...{ asked, verbose, only: values.get('--only') ?? '', scale: number('--scale') },
    until: performance.now() + minutes * 60_000,
  };
}
