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
  {
    reason: '5.0 says which length of an OpenFlow structure is wrong',
    find: /(?<=: OpenFlow[\s\S]*)(?:\n\t *(?:action)?)? \[(?:alen|len|entry_len|actions_len|(?:remaining|bitmap|property|prop\. desc\.|\n\t {2}port def\.) ?(?:length)?) \d+ (?:<|>|!=) \d+\](?= \(invalid\))/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 shows the length of the actions of an OpenFlow message',
    find: /(?<=type PACKET_OUT,.*\n\t buffer_id \w+, in_port \w+), actions_len \d+/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 indents what OpenFlow 1.0 changes of a port as 1.3 does',
    find: /(?<=version 1\.0, type PORT_MOD,.*\n\t port_no .*(?:\n\t +(?:config|mask) .*)*\n\t) {2}(?=(?:config|mask|advertise) )/g,
    replace: ' ',
    ours: true,
  },
  {
    reason: '5.0 begins the line of an OpenFlow structure before it reads it',
    find: /(?<=: OpenFlow[\s\S]*)\n\t *(?:action)?(?= \[\|openflow\]$)/,
    replace: '',
    ours: true,
  },
];
