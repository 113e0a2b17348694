// Differences of messaging, clocks, slow protocols and the rarer applications.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 says how long a SOME/IP message is that is too short',
    find: /(?<=SOMEIP) \[length \d+ < 16\](?= \(invalid\)$)/,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 names PTP before it reads it',
    find: /(?<=^|: |\] ) \[\|ptp\]$/,
    replace: 'PTP [|ptp]',
  },
  {
    reason: '5.0 names PTP before it looks at its length',
    find: / (\[length \d+ < 34\] \(invalid\))$/,
    replace: 'PTP $1',
  },
  {
    reason: '5.0 knows that PTP’s version has two parts',
    find: /PTPv(?!2, )\d.*$/,
    replace: 'PTPv',
    both: true,
  },
  {
    reason: '5.0 has no spaces in front of PTP’s colons',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*) :(?=[ \d])/g,
    replace: ':',
  },
  {
    reason: '5.0 shows all of PTP’s majorSdoId, 4.99 its last bit',
    about: 'PTPv2',
    find: /(?<=PTPv2, )(?:v1 compat: (?:yes|no)|majorSdoId: 0x[0-9a-f])/,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 spells signaling as the standard of PTP does',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*msg type: )signalling/,
    replace: 'signaling',
  },
  {
    reason: '5.0 writes a PTP time stamp as one number',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*TimeStamp: \d+)\.0*(\d+) seconds/,
    replace: ' seconds, $1 nanoseconds',
    ours: true,
  },
  {
    reason: '4.99 has no comma in the time stamp of a PTP announcement, and shows cut ones in part',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*TimeStamp: \d+) seconds,?(?= \d+ nanoseconds)/,
    replace: ' seconds,',
  },
  {
    reason: '4.99 has no comma in the time stamp of a PTP announcement, and shows cut ones in part',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*TimeStamp: \d+) seconds,?(?= \[\|ptp\]$)/,
    replace: '',
  },
  {
    reason: '5.0 shows the fields of PTP’s management, 4.99 the first byte of the port for each',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*management msg.*, port id: \d+), (?:, )?start boundary hops.*$/,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 shows the fields of PTP’s management, 4.99 the first byte of the port for each',
    about: 'PTPv2',
    find: /(?<=PTPv2, .*management msg.*, port identity: \w+, port id: \d+) \[\|ptp\]$/,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 names VTP before it reads it',
    find: /(?<=^|: ) \[\|vtp\]$/,
    replace: 'VTP [|vtp]',
  },
  {
    reason: '5.0 says how long a VTP message is that is too short',
    find: /VTP \[length \d+ < 36\](?= \(invalid\))/,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 names DTP before it reads it',
    find: /(?<=^|: ) \[\|dtp\]$/,
    replace: 'DTP [|dtp]',
  },
  {
    reason: '5.0 says once that a TLV of DTP is invalid',
    about: 'DTPv1',
    find: /(?<=DTPv1, .*)\[invalid (TLV length \d+\] \(invalid\))/s,
    replace: '[$1',
  },
  {
    reason: '5.0 says once that the length of a VTP domain is invalid',
    about: 'VTPv',
    find: /(?<=VTPv.*\n\tDomain name: {2})\[invalid (MgmtD Len \d+\] \(invalid\))/,
    replace: '[$1',
  },
  {
    reason: '5.0 marks the wrong length of a TLV of VTP as it does others',
    about: 'VTPv',
    find: /(?<=VTPv.* TLV )\(invalid (TLV length \d+ != 1)\)(?= \(invalid\))/s,
    replace: '[$1]',
  },
  {
    reason: '5.0 names DTP before it looks at its length',
    find: /(?<!DTP)\[zero packet length\]/,
    replace: 'DTP[zero packet length]',
  },
  {
    reason: '5.0 names an AODV message before it reads it, and says how long one is that is too short',
    find: / aodv(?: r\w+)?(?: \[message length \d+ < \d+\] \(invalid\)| \[\|aodv\])$/,
    replace: ' [|aodv]',
    both: true,
  },
  {
    reason: '5.0 says what is left of an AODV message',
    about: ' aodv ',
    find: /(?<= aodv r.*) (?:\[(?:remaining|ext data) length \d+ < \d+\] \(invalid\)|\[\|hbh\])$/s,
    replace: ' [|aodv]',
    ours: true,
  },
  {
    reason: '5.0 does not say that AODV is over IPv6',
    about: ' aodv ',
    find: /(?<= aodv )v6 (?=r)/,
    replace: '',
  },
  {
    reason: '5.0 says that an AODV message is invalid whose extension is',
    find: /(\n\text HELLO - bad length \d+)$/,
    replace: '$1 (invalid)',
  },
  {
    reason: '5.0 writes the time of ZEP as NTP’s, 4.99 in single precision and local time',
    about: 'ZEPv2',
    find: /(?<=ZEPv2 .*, )\d+\.\d{9}(?: \([^)]*\))?(?=, seq# = | \[\|zep\]$)/,
    replace: 'TIME',
    both: true,
  },
  {
    reason: '5.0 wants all of a name of AppleTalk that is too long, 4.99 none of it',
    about: ' nbp-',
    find: /(?<= nbp-.*\[len=\d+\]).*$/s,
    replace: '',
    both: true,
  },
  {
    reason:
      '5.0 prints cut AppleTalk up to the cut, 4.99 goes on behind it, and takes what is too short for cut',
    find: /(?:AT |(?<=^|: |kip |et1 ))(?:[\d.]+ > [\d.]+: ?(?: ?(?:nbp|atp)-.*)?)? ?(?:\[\|(?:atalk|ddp|sddp|llap|atp|nbp)(?: \d+)?\]|\[(?:(?:LLAP |SDDP |DDP |ATP )?length|undersized-nbp) \d+ < \d+\] \(invalid\)|truncated-nbp \d+).*$/s,
    replace: ' [|atalk]',
    both: true,
  },
  {
    reason: '5.0 says how long an AARP packet is that is too short',
    find: /(?<=aarp ) \[length \d+ < 28\] \(invalid\)$/,
    replace: ' [|aarp]',
    ours: true,
  },
  {
    reason: '5.0 shows of an unknown kind of NBP the kind alone, and its number where others have it',
    find: /nbp-0x(\w)\w {2}(\d+) \((\d+)\)/,
    replace: 'nbp-0x$10 $2  ($3)',
  },
];
