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
  {
    reason: '5.0 prints a cut GRE header up to the cut, 4.99 up to the last group of fields that is whole',
    find: /GRE(v\d.*)? \[\|gre\]$/s,
    replace: ' [|gre]',
    both: true,
  },
  {
    reason: '5.0 prints a cut VXLAN-GPE header up to the cut, 4.99 nothing of it',
    find: /VXLAN-GPE, .* \[\|vxlan_gpe\]$/s,
    replace: 'VXLAN-GPE,  [|vxlan_gpe]',
    both: true,
  },
  {
    reason: '5.0 prints cut Geneve options up to the cut, 4.99 none of them',
    find: /Geneve(, Flags .*)? \[\|geneve\]$/s,
    replace: 'Geneve [|geneve]',
    both: true,
  },
  {
    reason:
      '5.0 prints a cut ESP header up to the cut, 4.99 nothing of it, nor of one without a byte behind it',
    find: /ESP(\(spi=\w+(,seq=\w+\), length \d+)?)?( \[\|esp\])?$/,
    replace: ' [|esp]',
    both: true,
  },
  {
    reason: '5.0 has the right name of an IKEv2 notification',
    find: /\(no_protocol_chosen\)/g,
    replace: '(no_proposal_chosen)',
  },
  {
    reason: '5.0 shows no indexes of a Delete payload whose indexes have no size',
    find: /(spilen=0 nspi=\d+) spi=,*/g,
    replace: '$1',
  },
];

/** @param ours whether the text is our own */
export function normalise(text: string, ours: boolean): string {
  for (const { find, replace, both } of differences) {
    if (!ours || both === true) text = text.replace(find, replace);
  }
  return text;
}
