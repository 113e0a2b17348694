// What tcpdump 5.0 prints otherwise than the 4.99 that is installed. Each line rewrites 4.99's text to 5.0's, or, where
// the one cannot be told from the other, both texts to a third; nothing else may differ.

export interface Difference {
  readonly reason: string;
  readonly find: RegExp;
  readonly replace: string;
  /** Our text is rewritten too. */
  readonly both?: boolean;
}

export const differences: readonly Difference[] = [
  {
    reason: '5.0 says "payload length" of an IPv6 header and no colon after its names',
    find: /next-header (\S.*?) \((\d+)\) payload length: (\d+)\)/g,
    replace: 'next-header $1 ($2), payload length $3)',
  },
  {
    reason: '5.0 calls a SLARP message that is too short invalid, not truncated',
    find: /SLARP \(length: (\d|1[0-3])\), +\[\|chdlc_slarp\]/g,
    replace: 'SLARP [length $1 < 14] (invalid)',
  },
];

/** @param ours whether the text is our own */
export function normalise(text: string, ours: boolean): string {
  for (const { find, replace, both } of differences) {
    if (!ours || both === true) text = text.replace(find, replace);
  }
  return text;
}
