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
    find: /(?:\n\t *(?:action)?)? \[(?:alen|len|entry_len|actions_len|(?:remaining|bitmap|property|prop\. desc\.|\n\t {2}port def\.) ?(?:length)?) \d+ (?:<|>|!=) \d+\](?= \(invalid\))(?<=: OpenFlow[\s\S]*)/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 shows the length of the actions of an OpenFlow message',
    about: 'type PACKET_OUT,',
    find: /(?<=type PACKET_OUT,.*\n\t buffer_id \w+, in_port \w+), actions_len \d+/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 indents what OpenFlow 1.0 changes of a port as 1.3 does',
    about: 'type PORT_MOD,',
    find: /(?<=version 1\.0, type PORT_MOD,.*\n\t port_no .*(?:\n\t +(?:config|mask) .*)*\n\t) {2}(?=(?:config|mask|advertise) )/g,
    replace: ' ',
    ours: true,
  },
  {
    reason: '5.0 begins the line of an OpenFlow structure before it reads it',
    find: /\n\t *(?:action)?(?= \[\|openflow\]$)(?<=: OpenFlow[\s\S]*)/,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 says which part of a ForCES message is wrong',
    find: / \[(?:rc|pdata_print\([^[\]]*\)|ops->print\([^[\]]*\)) 4294967295 (?:==|<) \d+\](?<=ForCES[\s\S]*)/g,
    replace: '',
    ours: true,
  },
  {
    reason: '5.0 says how long a path of ForCES is that is too short',
    find: / \[len \d < 4\](?<=ForCES[\s\S]*)/g,
    replace: ' [|forces]',
    ours: true,
  },
  {
    reason: '5.0 calls a wrong ForCES message invalid, 4.99 dumps it',
    find: /(?:\n\t\[0x[0-9a-f]{4}: [ 0-9a-f]+)+\n\t\](?<=ForCES[\s\S]*)/g,
    replace: ' (invalid)',
  },
  {
    reason: '5.0 says that a ForCES message is wrong behind the empty lines that are not compared',
    find: /\n(?=\n|$| \(invalid\)| \[\|forces\])(?<=ForCES[\s\S]*)/g,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 ends an operation of ForCES at a path with wrong content, 4.99 goes on behind it',
    find: /(?:pathlength \d|Illegal to have both|truncated IDs|key content |(?:xLV too \w+|Invalid total length|data padding missing) Outstanding bytes|Invalid path data content|illegal RESULT-TLV|illegal reserved result|Error: | \[\|forces\])[\s\S]*$(?<=ForCES[\s\S]*)/,
    replace: '',
    both: true,
  },
  {
    reason: '5.0 calls a selector of ForCES that is too short undersized',
    find: /truncated(?= lfb selector)/g,
    replace: 'undersized',
  },
  {
    reason: '5.0 shows the number of a reason that ForCES has no name for',
    find: /unknown \(\d+\)(?=\()/g,
    replace: 'Unknown Teardown reason',
    ours: true,
  },
];
