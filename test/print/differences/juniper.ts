// Differences of Frame Relay and of Juniper's links.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason:
      '5.0 says that a time stamp of FRF.16 is too long, and dumps it with -vv only; 4.99 shows 16 bytes as a time',
    about: 'IE Timestamp',
    find: /(?<=\n\tIE Timestamp \(5\), length (?:1[7-9]|[2-9]\d|\d{3}): )(?:\[Timestamp IE length \d+ > 14\] \(invalid\))?(?:\n\t {2}0x[0-9a-f]{4}: (?: [0-9a-f]{2,4})+)*/g,
    replace: '',
    both: true,
  },
];
