// Differences of Sun RPC and NFS, NetBIOS and SMB, Rx, OpenFlow, BEEP and ForCES.

import type { Difference } from '../differences.js';

export const differences: readonly Difference[] = [
  {
    reason: '5.0 says which length of an NFS call’s authentication is too large',
    find: / \[(credentials|verifier) length \d+ > \d+\] \(invalid\)(?= \[\|nfs\])/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 shows the verifier of NFS writes and commits',
    find: /( reply ok \d+ (?:write .* <\S+>|commit .*)) (?:verf [0-9a-f]{1,16}|\[\|nfs\])$/s,
    replace: '$1',
    both: true,
  },
];
