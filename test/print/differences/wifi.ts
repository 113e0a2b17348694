// Differences of 802.11 and its capture headers.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 wants the transmitter of an 802.11 block acknowledgement, 4.99 the receiver alone',
    about: 'BA RA:',
    find: /BA RA:[0-9a-f:]{17} $/,
    replace: ' [|802.11]',
  },
  {
    reason: '5.0 wants the transmitter of an 802.11 block acknowledgement, and shows it with -e',
    about: 'us RA:',
    find: /(?:(?:More Data|More Fragments|Pwr Mgmt|Retry|\+HTC|Protected) )*\d+us RA:[0-9a-f:]{17} (?:TA:[0-9a-f:]{17} )?BA$/,
    replace: ' [|802.11]',
    both: true,
  },
  {
    reason: '5.0 shows the name of a mesh in 802.11 beacons and answers to probes',
    about: ' (MESHID: ',
    find: / \(MESHID: [ -~]*\)(?=(?: \[\|802\.11\])?$)/,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 spells the 802.11 actions that go over several hops right',
    find: /MultiohopAction/,
    replace: 'MultihopAction',
  },
];
