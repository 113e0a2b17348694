// Differences of BGP and of what sets up labelled paths.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 shows the subtype and the filter of a route refresh',
    find: /(Route Refresh Message \(5\), length: \d+\s+AFI [^\n]*?, SAFI [^\n]*? \(\d+\)), Subtype [^\n]*? \([012]?\d?\d\)(?:\s+ORF refresh \w+ \(\d+\), ORF type [^\n]*? \(\d+\), ORF length \d+)?/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 shows subcodes of BGP’s errors that have no words for them',
    find: /(, (?:Hold Timer Expired \(4\)|Unknown Error \(\d+\))), subcode \d+/g,
    replace: '$1',
    ours: true,
  },
  {
    reason: '5.0 knows more reasons why BGP ceases',
    find: /(?<=Cease \(6\), subcode )Unknown(?= \(8\))/g,
    replace: 'Out of Resources',
  },
  {
    reason: '5.0 knows more reasons why BGP ceases',
    find: /(?<=Cease \(6\), subcode )Unknown(?= \(10\))/g,
    replace: 'BFD Down',
  },
];
