// Differences of the interior gateway protocols.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 says what it can of a cut RIP header',
    find: /(?:\n\t)?RIP(?:v[12], [^,]*, length: \d+)? \[\|rip\]$/,
    replace: ' [|rip]',
    ours: true,
  },
  {
    reason: '5.0 dumps what is behind the RIP header and its routes, 4.99 the whole packet',
    about: 'RIPv',
    find: /(?<=RIPv[12], .*)\n\t(?:0x0000:|Dissector error).*$/s,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 says where a list of routes is cut or too short',
    about: 'RIPv',
    find: /(?<=RIPv[12], .*, routes: .*?)(?:\n\t {2}Auth header:(?![^\n]*MBZ \d+, MBZ \d+)[^\n]*(?= \[\|rip\]$))?(?: \[remaining (?:data|entries) length \d+ < \d+\] \(invalid\))?(?: \[\|rip\])?$/s,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 says which length of IPX’s routes and services is too small',
    about: 'ipx-',
    find: /(?<=: ipx-(?:sap|rip)-.*) \[length \d+ < \d+\](?= \(invalid\)$)/,
    replace: '',
    ours: true,
  },
];
