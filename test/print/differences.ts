// What tcpdump 5.0 prints otherwise than the 4.99 that is installed. Each line of differences/ rewrites 4.99's text to
// 5.0's, or, where the one cannot be told from the other, both texts to a third; nothing else may differ.

import { readdirSync } from 'node:fs';

export interface Difference {
  readonly reason: string;
  /** What a text must have in it to be rewritten: looking for that first is much faster than `find`'s looking back. */
  readonly about?: string;
  readonly find: RegExp;
  readonly replace: string;
  /** Our text is rewritten too. */
  readonly both?: boolean;
  /** Our text alone is rewritten: it says more than 4.99's. */
  readonly ours?: boolean;
}

/** Those of every file in differences/, in the order of the files' names. */
async function everyDifference(): Promise<Difference[]> {
  const folder = new URL('./differences/', import.meta.url);
  const found: Difference[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.js')) continue;
    const module = (await import(new URL(file, folder).href)) as { differences: readonly Difference[] };
    found.push(...module.differences);
  }
  return found;
}

const differences = await everyDifference();

/** @param ours whether the text is our own */
export function normalise(text: string, ours: boolean): string {
  for (const difference of differences) {
    if (difference.about !== undefined && !text.includes(difference.about)) continue;
    if (difference.both === true || (difference.ours === true) === ours) {
      text = text.replace(difference.find, difference.replace);
    }
  }
  return text;
}
