// The names that a mistyped one may have meant.

/** Changes between two words that are near each other. */
const NEAR = 3;
/** Names that are told. */
const MOST = 3;
/** Longer words are no mistyped names. */
const LONGEST = 64;

/** How many letters have to be put in, left out or changed (Levenshtein distance). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** @returns of the names those nearest to a word, at most three; also those whose last part it is, or that begin with it */
export function nearest(word: string, names: readonly string[]): string[] {
  const wanted = word.toLowerCase();
  if (wanted === '' || wanted.length > LONGEST) return [];
  const score = (name: string): number => {
    const last = name.slice(name.indexOf('.') + 1);
    if (last === wanted || name.startsWith(`${wanted}.`)) return 0;
    return Math.min(distance(wanted, name), wanted.length > 3 ? distance(wanted, last) : NEAR);
  };
  return names
    .map((name, i) => ({ name, i, score: score(name) }))
    .filter((one) => one.score < Math.min(NEAR + 1, Math.max(2, wanted.length)))
    .sort((a, b) => a.score - b.score || a.i - b.i)
    .slice(0, MOST)
    .map(({ name }) => name);
}
