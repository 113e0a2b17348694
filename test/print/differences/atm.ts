// Differences of pf's log, of ATM and of other link types.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '4.99 has the reason 3 of pf’s log under 4, and none for 4',
    about: 'rule ',
    find: /(?<=^rule \d+(?:\.[^\n]*)?\/)(?:3\(short\)|4\(normalize\)|unkn\(3\))(?=: )/,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 has a word for pf’s noscrub',
    about: 'rule ',
    find: /(?<=^rule \d+(?:\.[^\n]*)?\/[^\n]*: )unkn\(3\)(?= (?:in\/out|in|out|unkn\(\d+\)) on )/,
    replace: 'noscrub',
  },
  {
    reason: '4.99 shows every other byte of where an OAM cell was looped or failed, with its successor',
    about: '\n\tcell-type Fault Management (1), func-type ',
    find: /(?<=\n\t(?:Location-ID |Source-ID {3}))(?:(?:[0-9a-f]{4} )+|(?:[0-9a-f]{8})+)(?=\n| \[\|oam\]$)/g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 says how long a value of a netfilter log message is',
    find: /(?<=^|^version 0, .*: ) \[(?:length|size) \d+ < \d+\] \(invalid\)$/,
    replace: ' [|nflog]',
    ours: true,
  },
];
